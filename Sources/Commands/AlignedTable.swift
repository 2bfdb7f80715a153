/// Columns of text; a column of numbers is aligned to the right.
struct AlignedTable {
  private let header: [String]
  private var rows: [[String]] = []

  init(header: [String]) { self.header = header }

  /// Adds a row with a cell per column.
  mutating func append(_ row: [String]) { rows.append(row) }

  var lines: [String] {
    let columns = header.indices.map { column -> (width: Int, isNumeric: Bool) in
      let cells = rows.map { $0[column] }
      return (
        max(header[column].count, cells.map(\.count).max() ?? 0),
        cells.allSatisfy { $0.isEmpty || Double($0) != nil }
      )
    }
    return ([header] + rows).map { row in
      var line = zip(row, columns).map { cell, column in
        let padding = String(repeating: " ", count: column.width - cell.count)
        return column.isNumeric ? padding + cell : cell + padding
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
