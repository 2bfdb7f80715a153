/// One number for each end of each line of an array: a resistance, a potential or a current.
///
/// Word line i runs along row i; its first end is beside column 0. Bit line j runs along column j;
/// its first end is beside row 0. Arrays hold one element per line.
package struct LineEnds: Equatable, Sendable {
  /// At the word lines' ends beside column 0.
  package var wordFirst: [Double]
  /// At the word lines' ends beside the last column.
  package var wordLast: [Double]
  /// At the bit lines' ends beside row 0.
  package var bitFirst: [Double]
  /// At the bit lines' ends beside the last row.
  package var bitLast: [Double]

  /// Numbers for every end: one per row for word lines, one per column for bit lines.
  package init(wordFirst: [Double], wordLast: [Double], bitFirst: [Double], bitLast: [Double]) {
    self.wordFirst = wordFirst
    self.wordLast = wordLast
    self.bitFirst = bitFirst
    self.bitLast = bitLast
  }

  /// The same number at all ends of the word lines, and another at those of the bit lines.
  package init(rows: Int, columns: Int, word: Double = 0, bit: Double = 0) {
    wordFirst = [Double](repeating: word, count: rows)
    wordLast = wordFirst
    bitFirst = [Double](repeating: bit, count: columns)
    bitLast = bitFirst
  }

  /// Potentials that both ends of a line share.
  package init(word: [Double], bit: [Double]) {
    self.init(wordFirst: word, wordLast: word, bitFirst: bit, bitLast: bit)
  }

  /// The sum of both ends of every word line.
  package var wordTotals: [Double] { zip(wordFirst, wordLast).map { $0 + $1 } }

  /// The sum of both ends of every bit line: for currents, what the sense amplifiers see.
  package var bitTotals: [Double] { zip(bitFirst, bitLast).map { $0 + $1 } }

  /// Largest finite magnitude at any end.
  package var largestMagnitude: Double {
    func largest(_ values: [Double]) -> Double {
      var result = 0.0
      for value in values where value.isFinite { result = max(result, abs(value)) }
      return result
    }
    return max(
      max(largest(wordFirst), largest(wordLast)), max(largest(bitFirst), largest(bitLast)))
  }

  /// The four groups with their place in the array, in a fixed order.
  var groups: [(end: LineEnd, values: [Double])] {
    [
      (.wordFirst, wordFirst), (.wordLast, wordLast), (.bitFirst, bitFirst), (.bitLast, bitLast),
    ]
  }

  subscript(end: LineEnd) -> [Double] {
    get {
      switch end {
      case .wordFirst: wordFirst
      case .wordLast: wordLast
      case .bitFirst: bitFirst
      case .bitLast: bitLast
      }
    }
    set {
      switch end {
      case .wordFirst: wordFirst = newValue
      case .wordLast: wordLast = newValue
      case .bitFirst: bitFirst = newValue
      case .bitLast: bitLast = newValue
      }
    }
  }
}

/// Which end of which kind of line.
enum LineEnd: CaseIterable {
  case wordFirst
  case wordLast
  case bitFirst
  case bitLast

  var name: String {
    switch self {
    case .wordFirst: "first end of word line"
    case .wordLast: "last end of word line"
    case .bitFirst: "first end of bit line"
    case .bitLast: "last end of bit line"
    }
  }

  var isWord: Bool { self == .wordFirst || self == .wordLast }
}
