/// Which weights of an array are to be raised (+1), lowered (−1) or left alone (0).
package struct SignMatrix: Equatable, Sendable {
  /// Word lines of the array.
  package let rows: Int
  /// Weights per word line.
  package let columns: Int
  /// Row-major signs.
  package var elements: [Int8]

  /// A matrix that leaves every weight alone.
  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    elements = [Int8](repeating: 0, count: rows * columns)
  }

  /// Sign of the weight at (row, column), both from 0; only the flat index is checked.
  package subscript(row: Int, column: Int) -> Int8 {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }
}

/// Which devices of a pair get a SET and which a RESET pulse when its weight shall move.
struct PulseAssignment: Equatable, Sendable {
  var setsPlus = false
  var setsMinus = false
  var resetsPlus = false
  var resetsMinus = false

  /// The pulses of a pairing for a wanted change of a weight.
  ///
  /// - Parameter raises: whether the weight (for a single device its magnitude) shall grow.
  init(_ pairing: Pairing, raises: Bool) {
    switch pairing {
    case .twoSided, .referencedPair:
      (setsPlus, resetsMinus) = (raises, raises)
      (setsMinus, resetsPlus) = (!raises, !raises)
    case .setOnly:
      (setsPlus, setsMinus) = (raises, !raises)
    case .oneFixed, .singleWithSign:
      (setsPlus, resetsPlus) = (raises, !raises)
    }
  }
}
