/// Numbering of the free nodes of an array and the sparse pattern of its nodal equations.
///
/// Nodes of an ideal line share one unknown; a node at an ideal end has none. The matrix is the
/// Laplacian of the wires plus that of the devices' slopes, symmetric and positive definite; the
/// wires' part is computed once, the devices' is added to it in every Newton step.
struct NodalEquations {
  /// Unknown of each node, −1 when its potential is given.
  let unknowns: [Int32]
  let count: Int
  /// Lower triangle in compressed columns, each beginning with its diagonal.
  let columnPointers: [Int32]
  let rowIndices: [Int32]
  private let wireValues: [Double]
  /// Position of each device's off-diagonal element, −1 when one of its nodes is given.
  private let deviceSlots: [Int32]

  init(_ array: WiredArray) {
    let numbering = Self.number(array)
    unknowns = numbering.unknowns
    count = numbering.count
    let cells = array.devices.count
    let segments = Self.segments(array)
    // Edges between two unknowns; each belongs to the column of the smaller one.
    var pointers = [Int32](repeating: 1, count: count + 1)
    pointers[0] = 0
    func edge(_ a: Int, _ b: Int) -> (low: Int, high: Int32)? {
      let (x, y) = (numbering.unknowns[a], numbering.unknowns[b])
      return x < 0 || y < 0 ? nil : (Int(min(x, y)), max(x, y))
    }
    for cell in 0..<cells {
      if let edge = edge(cell, cells + cell) { pointers[edge.low + 1] += 1 }
    }
    for segment in segments {
      if let edge = edge(segment.from, segment.to) { pointers[edge.low + 1] += 1 }
    }
    for column in 0..<count { pointers[column + 1] += pointers[column] }
    var rows = [Int32](repeating: 0, count: Int(pointers[count]))
    var values = [Double](repeating: 0, count: rows.count)
    var next = [Int32](repeating: 0, count: count)
    for column in 0..<count {
      rows[Int(pointers[column])] = Int32(column)
      next[column] = pointers[column] + 1
    }
    func place(_ edge: (low: Int, high: Int32)) -> Int32 {
      let slot = next[edge.low]
      next[edge.low] += 1
      rows[Int(slot)] = edge.high
      return slot
    }
    var slots = [Int32](repeating: -1, count: cells)
    for cell in 0..<cells {
      if let edge = edge(cell, cells + cell) { slots[cell] = place(edge) }
    }
    func addDiagonal(_ node: Int, _ conductance: Double) {
      let unknown = Int(numbering.unknowns[node])
      if unknown >= 0 { values[Int(pointers[unknown])] += conductance }
    }
    for segment in segments {
      addDiagonal(segment.from, segment.conductance)
      addDiagonal(segment.to, segment.conductance)
      if let edge = edge(segment.from, segment.to) {
        values[Int(place(edge))] -= segment.conductance
      }
    }
    for (end, resistances) in array.wires.ends.groups {
      for line in resistances.indices where resistances[line] > 0 {
        addDiagonal(array.node(at: end, line: line), 1 / resistances[line])
      }
    }
    columnPointers = pointers
    rowIndices = rows
    wireValues = values
    deviceSlots = slots
  }

  /// The matrix's values for given slopes of the devices.
  func values(slopes: [Double]) -> [Double] {
    var values = wireValues
    let cells = slopes.count
    for cell in 0..<cells {
      let (word, bit) = (Int(unknowns[cell]), Int(unknowns[cells + cell]))
      if word >= 0 { values[Int(columnPointers[word])] += slopes[cell] }
      if bit >= 0 { values[Int(columnPointers[bit])] += slopes[cell] }
      if deviceSlots[cell] >= 0 { values[Int(deviceSlots[cell])] -= slopes[cell] }
    }
    return values
  }

  private static func number(_ array: WiredArray) -> (unknowns: [Int32], count: Int) {
    let cells = array.devices.count
    var unknowns = [Int32](repeating: 0, count: 2 * cells)
    for (end, resistances) in array.wires.ends.groups {
      for line in resistances.indices where resistances[line] == 0 {
        unknowns[array.node(at: end, line: line)] = -1
      }
    }
    let merged = (word: array.isMerged(word: true), bit: array.isMerged(word: false))
    var count: Int32 = 0
    var line = [Int32](repeating: 0, count: max(array.rows, array.columns))
    func numberLine(_ index: Int, _ nodes: StrideTo<Int>) {
      let isGiven = nodes.contains { unknowns[$0] < 0 }
      line[index] = isGiven ? -1 : count
      if !isGiven { count += 1 }
      for node in nodes { unknowns[node] = line[index] }
    }
    if merged.word {
      for row in 0..<array.rows {
        numberLine(row, stride(from: row * array.columns, to: (row + 1) * array.columns, by: 1))
      }
    }
    if merged.bit {
      for column in 0..<array.columns {
        numberLine(column, stride(from: cells + column, to: 2 * cells, by: array.columns))
      }
    }
    for node in 0..<2 * cells
    where unknowns[node] == 0 && !(node < cells ? merged.word : merged.bit) {
      unknowns[node] = count
      count += 1
    }
    return (unknowns, Int(count))
  }

  private static func segments(
    _ array: WiredArray
  ) -> [(from: Int, to: Int, conductance: Double)] {
    var segments: [(from: Int, to: Int, conductance: Double)] = []
    let (cells, columns) = (array.devices.count, array.columns)
    let word = array.segmentConductance(word: true)
    let bit = array.segmentConductance(word: false)
    segments.reserveCapacity(2 * cells)
    for cell in 0..<cells {
      if word > 0, cell % columns > 0 { segments.append((cell - 1, cell, word)) }
      if bit > 0, cell >= columns { segments.append((cells + cell - columns, cells + cell, bit)) }
    }
    return segments
  }
}
