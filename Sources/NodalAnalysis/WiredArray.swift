package import Failures
import Foundation

/// A passive crossbar: devices at the crossings of word and bit lines, with their wires.
///
/// Two nodes per crossing, one on each line (A. Chen, IEEE Trans. Electron Devices 60, 1318, 2013).
/// Kirchhoff's law at the word-line node of crossing (i, j), with segment conductance g_w:
/// I(Vw − Vb) + g_w (2 Vw(i,j) − Vw(i,j−1) − Vw(i,j+1)) = 0, at the bit-line node the same along
/// the column with −I; at line ends a neighbour is replaced by the terminal or is absent.
package struct WiredArray: Equatable, Sendable {
  /// What sits at the crossings.
  package let devices: DeviceGrid
  /// Segments and line ends.
  package let wires: ArrayWires

  /// Number of word lines.
  package var rows: Int { devices.rows }
  /// Number of bit lines.
  package var columns: Int { devices.columns }

  /// - Throws: ``Failure`` of kind `badData` for a negative or undefined resistance, counts that do
  ///   not match, or a part of the array that nothing connects to a terminal (its potentials are
  ///   undetermined).
  package init(devices: DeviceGrid, wires: ArrayWires) throws(Failure) {
    self.devices = devices
    self.wires = wires
    try wires.validate(rows: devices.rows, columns: devices.columns)
    try checkConnected()
  }

  /// Word lines driven and bit lines sensed; see ``ArrayWires/driven(rows:columns:wordSegment:bitSegment:source:sense:drive:)``.
  package init(
    devices: DeviceGrid, wordSegment: Double, bitSegment: Double, source: Double, sense: Double,
    drive: ArrayWires.Drive = .single
  ) throws(Failure) {
    try self.init(
      devices: devices,
      wires: .driven(
        rows: devices.rows, columns: devices.columns, wordSegment: wordSegment,
        bitSegment: bitSegment, source: source, sense: sense, drive: drive))
  }

  /// Refuses potentials of the wrong count, undefined ones, and different ones that ideal wires
  /// connect.
  func validate(_ potentials: LineEnds) throws(Failure) {
    for (end, values) in potentials.groups {
      let resistances = wires.ends[end]
      guard values.count == resistances.count else {
        throw Failure(
          .badData, at: "\(end.name)s",
          "\(values.count) potentials for \(resistances.count) lines")
      }
      for line in values.indices where resistances[line].isFinite && !values[line].isFinite {
        throw Failure(.badData, at: "\(end.name) \(line)", "potential is \(values[line])")
      }
    }
    try checkShort(potentials.wordFirst, potentials.wordLast, isWord: true)
    try checkShort(potentials.bitFirst, potentials.bitLast, isWord: false)
  }

  private func checkShort(_ first: [Double], _ last: [Double], isWord: Bool) throws(Failure) {
    guard isMerged(word: isWord) else { return }
    let firstEnds = isWord ? wires.ends.wordFirst : wires.ends.bitFirst
    let lastEnds = isWord ? wires.ends.wordLast : wires.ends.bitLast
    for line in first.indices
    where firstEnds[line] == 0 && lastEnds[line] == 0 && first[line] != last[line] {
      throw Failure(
        .badData, at: "\(isWord ? "word" : "bit") line \(line)",
        "an ideal wire shorts sources of \(first[line]) V and \(last[line]) V")
    }
  }

  /// Whether all crosspoints of a line are one node: an ideal segment, or a single crosspoint.
  func isMerged(word: Bool) -> Bool {
    word ? wires.wordSegment == 0 || columns == 1 : wires.bitSegment == 0 || rows == 1
  }
}

extension WiredArray {
  /// Follows every conducting path and refuses nodes that reach no terminal.
  private func checkConnected() throws(Failure) {
    var sets = DisjointSets(count: 2 * devices.count + 1)
    let terminal = 2 * devices.count
    for (end, resistances) in wires.ends.groups {
      for line in resistances.indices where resistances[line] < .infinity {
        sets.join(terminal, representative(node(at: end, line: line)))
      }
    }
    guard firstNode(apartFrom: terminal, in: &sets) != nil else { return }
    for (cell, slope) in devices.slopesAtZero.enumerated()
    where devices.conducts(cell, slope: slope) {
      sets.join(representative(cell), representative(devices.count + cell))
    }
    guard let node = firstNode(apartFrom: terminal, in: &sets) else { return }
    throw Failure(
      .badData,
      at: "\(node < devices.count ? "word" : "bit") line at \(devices.place(node % devices.count))",
      "is connected to no terminal: its potential is undetermined",
      remedy: "give the line an end that does not float, or a device that conducts")
  }

  private func firstNode(apartFrom terminal: Int, in sets: inout DisjointSets) -> Int? {
    for node in 0..<2 * devices.count where representative(node) == node {
      if sets.root(node) != sets.root(terminal) { return node }
    }
    return nil
  }

  /// The first node of the line when its segments conduct, else the node itself.
  private func representative(_ node: Int) -> Int {
    let isWord = node < devices.count
    if isWord { return wires.wordSegment < .infinity ? node - node % columns : node }
    guard wires.bitSegment < .infinity else { return node }
    return devices.count + (node - devices.count) % columns
  }

  /// The node beside a line end: word-line nodes come first, then bit-line nodes, row by row.
  func node(at end: LineEnd, line: Int) -> Int {
    switch end {
    case .wordFirst: line * columns
    case .wordLast: line * columns + columns - 1
    case .bitFirst: rows * columns + line
    case .bitLast: rows * columns + (rows - 1) * columns + line
    }
  }
}

/// Union–find with path halving.
private struct DisjointSets {
  private var parent: [Int32]

  init(count: Int) { parent = (0..<count).map { Int32($0) } }

  mutating func root(_ node: Int) -> Int {
    var node = node
    while Int(parent[node]) != node {
      parent[node] = parent[Int(parent[node])]
      node = Int(parent[node])
    }
    return node
  }

  mutating func join(_ a: Int, _ b: Int) { parent[root(b)] = Int32(root(a)) }
}
