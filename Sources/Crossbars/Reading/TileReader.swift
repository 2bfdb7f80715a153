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
    var coefficients: [[Double]] = []
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count * basis.count) { values in
      guard let values = values.baseAddress else { return }
      for (place, bank) in banks.enumerated() {
        fill(bank, nonIdealities[place]?.gain, rows, outputs, into: values, at: place, count)
      }
      for term in basis.indices {
        coefficients.append(
          Array(UnsafeBufferPointer(start: values + term * count, count: count)))
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

extension TileReader {
  /// The coefficients of a bank's devices in a tile, basis function by basis function.
  private func fill(
    _ bank: DeviceBank, _ gain: Storage<Float>?, _ rows: Range<Int>, _ outputs: Range<Int>,
    into values: UnsafeMutablePointer<Double>, at place: Int, _ count: Int
  ) {
    let (terms, banks) = (technology.basis.count, banks.count)
    let table = technology.coefficients
    withUnsafeTemporaryAllocation(of: Float.self, capacity: terms) { own in
      guard let own = own.baseAddress else { return }
      var element = place
      for row in rows {
        for column in outputs {
          let device = row &* layout.outputs &+ column
          table.coefficients(
            at: bank.conductance[device], z: bank.readDeviation[device], into: own)
          // A broken device still has to be one to the solver.
          let gain = max(1e-6, gain?[device] ?? 1)
          for term in 0..<terms { values[term &* count &+ element] = Double(gain * own[term]) }
          element &+= banks
        }
      }
    }
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
