/// An elimination order that keeps the Cholesky factor of an array small.
///
/// Nested dissection on the array's own geometry (George, SIAM J. Numer. Anal. 10, 345, 1973): a cut
/// between two columns severs word lines only, so the word-line nodes beside it separate the halves;
/// a cut between rows needs bit-line nodes only. Separators are half as long as for a plane grid of
/// as many nodes, and no graph partitioner has to find them. Lines that are one node go last.
struct NestedDissection {
  private let equations: NodalEquations
  private let columns: Int
  private let cells: Int
  private var isTaken: [Bool]
  private var order: [Int32] = []

  /// Crosspoints below which a block is eliminated node by node.
  private static let leafSize = 4

  static func order(_ array: WiredArray, equations: NodalEquations) -> [Int32] {
    var dissection = NestedDissection(array, equations)
    dissection.run(array)
    return dissection.order
  }

  private init(_ array: WiredArray, _ equations: NodalEquations) {
    self.equations = equations
    columns = array.columns
    cells = array.devices.count
    isTaken = [Bool](repeating: false, count: equations.count)
    order.reserveCapacity(equations.count)
  }

  private mutating func run(_ array: WiredArray) {
    var last: [Int32] = []
    if array.isMerged(word: true) {
      last += (0..<array.rows).compactMap { reserved(node: $0 * columns) }
    }
    if array.isMerged(word: false) {
      last += (0..<columns).compactMap { reserved(node: cells + $0) }
    }
    divide(rows: 0..<array.rows, columns: 0..<columns)
    order += last
  }

  /// Takes a node out of its block; nil when it has no unknown or is taken already.
  private mutating func reserved(node: Int) -> Int32? {
    let unknown = equations.unknowns[node]
    guard unknown >= 0, !isTaken[Int(unknown)] else { return nil }
    isTaken[Int(unknown)] = true
    return unknown
  }

  private mutating func divide(rows: Range<Int>, columns range: Range<Int>) {
    guard rows.count * range.count > Self.leafSize else {
      for row in rows {
        for column in range {
          let cell = row * columns + column
          for node in [cell, cells + cell] {
            if let unknown = reserved(node: node) { order.append(unknown) }
          }
        }
      }
      return
    }
    let separator: [Int32]
    if range.count >= rows.count {
      let middle = (range.lowerBound + range.upperBound) / 2
      separator = rows.compactMap { reserved(node: $0 * columns + middle) }
      divide(rows: rows, columns: range.lowerBound..<middle)
      divide(rows: rows, columns: middle..<range.upperBound)
    } else {
      let middle = (rows.lowerBound + rows.upperBound) / 2
      separator = range.compactMap { reserved(node: cells + middle * columns + $0) }
      divide(rows: rows.lowerBound..<middle, columns: range)
      divide(rows: middle..<rows.upperBound, columns: range)
    }
    order += separator
  }
}
