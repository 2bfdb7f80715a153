import Foundation

/// Cells of a header in a table whose columns are parted by blanks.
enum HeaderCells {
  /// Joins a unit in brackets to the name before it: `Voltage (V)` is one cell.
  static func joinedUnits(_ cells: [String]) -> [String] {
    var joined: [String] = []
    for cell in cells {
      if let last = joined.last, cell.hasPrefix("(") || cell.hasPrefix("["),
        !last.hasSuffix(")"), !last.hasSuffix("]")
      {
        joined[joined.count - 1] += " " + cell
      } else {
        joined.append(cell)
      }
    }
    return joined
  }
}
