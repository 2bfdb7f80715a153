import ArrayOperations
import Devices
import Failures
import Mathematics
import NodalAnalysis

/// Turns the devices of a tile into a wired array.
struct TileReader: Sendable {
  private let layout: TileLayout
  private let technology: ArrayTechnology
  private let banks: [DeviceBank]
  private let nonIdealities: [DeviceNonIdealities?]

  /// - Parameter banks: the devices that share a tile, in the order of their bit lines.
  init(_ crossbar: Crossbar, _ banks: [DeviceBank]) {
    layout = crossbar.layout
    technology = crossbar.technology
    self.banks = banks
    nonIdealities = banks.map(crossbar.nonIdealities(of:))
  }

  /// Solves one tile.
  func solve(tile: Int) throws(Failure) -> TileSolution {
    try TileSolution(
      array(tile: tile), readVoltage: technology.conditions.read.voltage,
      writeVoltage: technology.conditions.setPulse.voltage,
      scheme: technology.conditions.scheme)
  }

  /// The tile's devices, plus and minus lines of a pair side by side, behind its wires.
  func array(tile: Int) throws(Failure) -> WiredArray {
    let rows = layout.rows(of: tile / layout.columnsOfTiles)
    let outputs = layout.outputs(of: tile % layout.columnsOfTiles)
    let basis = technology.basis
    let count = rows.count * outputs.count * banks.count
    var coefficients = [[Double]](
      repeating: [Double](repeating: 0, count: count), count: basis.count)
    var values = [Float](repeating: 0, count: basis.count)
    var element = 0
    for row in rows {
      for column in outputs {
        for (bank, nonIdealities) in zip(banks, nonIdealities) {
          let device = row * layout.outputs + column
          values.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            technology.coefficients.coefficients(
              at: bank.conductance[device], z: bank.readDeviation[device], into: target)
          }
          // A broken device still has to be one to the solver.
          let gain = max(1e-6, nonIdealities?.gain[device] ?? 1)
          for term in basis.indices {
            coefficients[term][element] = Double(gain * values[term])
          }
          element += 1
        }
      }
    }
    let columns = outputs.count * banks.count
    let wires =
      technology.conditions.wires
      ?? TileWires(name: "", segment: 0, lineEnd: 0, size: columns)
    return try WiredArray(
      devices: DeviceGrid(
        rows: rows.count, columns: columns, basis: basis, coefficients: coefficients),
      wires: wires.driven(rows: rows.count, columns: columns))
  }
}

extension TileWires {
  /// The wires of a tile, driven at the word lines' first ends and sensed at the bit lines' last.
  func driven(rows: Int, columns: Int) -> ArrayWires {
    .driven(
      rows: rows, columns: columns, wordSegment: segment, bitSegment: segment,
      source: lineEnd + source, sense: lineEnd + sense)
  }
}
