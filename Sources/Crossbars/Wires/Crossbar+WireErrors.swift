import ArrayOperations
import Devices
package import Failures
import Mathematics
import NodalAnalysis

/// How far the wires that training sees are from solved ones, on a sample of tiles.
package struct WireErrors: Equatable, Sendable {
  /// Errors of sensed currents, relative to full scale: the largest current of their tile with
  /// every word line at V_read.
  package var read: [Double] = []
  /// Errors of the share of a write's amplitude that reaches a selected device.
  package var write: [Double] = []
  /// Share of the first basis function's current that a read loses, per device of the sampled
  /// tiles: 1 − gain.
  package var readLoss: [Double] = []
  /// Share of a write's amplitude that is lost on the way, per device of the sampled tiles:
  /// 1 − gain.
  package var writeLoss: [Double] = []

  /// No samples.
  package init() {}

  /// Appends the samples of another array.
  package static func += (left: inout WireErrors, right: WireErrors) {
    left.read += right.read
    left.write += right.write
    left.readLoss += right.readLoss
    left.writeLoss += right.writeLoss
  }
}

extension Crossbar {
  /// Devices per sampled tile whose write is solved exactly, about: 36 in the default tile, fewer
  /// in larger ones, where every exact solve takes seconds.
  private static func writeSamples(devices: Int) -> Int { max(4, min(36, 36 * 2048 / devices)) }

  /// Compares the gains in use with exact solves of some tiles as they are now, references' apart.
  ///
  /// Reads are compared for one vector of voltages within ±V_read, writes for up to 36 devices spread
  /// over the tile.
  ///
  /// - Parameters:
  ///   - count: tiles at most, spread evenly over the array.
  ///   - draw: decides the voltages.
  /// - Throws: ``Failure`` when a tile cannot be solved.
  package func wireErrors(sampling count: Int, draw: UInt64) throws(Failure) -> WireErrors {
    var errors = WireErrors()
    guard technology.conditions.wires != nil else { return errors }
    let all = tiles.losses.count
    let trained = banksOfTiles[0]
    let reader = TileReader(self, trained)
    for index in 0..<min(count, all) {
      let tile = index * all / min(count, all)
      let array = try reader.array(tile: tile)
      let gains = gains(ofTile: tile, trained)
      try compareRead(array, gains, draw: draw + UInt64(tile), in: &errors)
      errors.readLoss += gains.read[0].map { 1 - $0 }
      errors.writeLoss += gains.write.map { 1 - $0 }
      // An odd distance, so that the samples do not stay on one bit line.
      let devices = gains.write.count
      let distance = max(1, devices / Self.writeSamples(devices: devices) | 1)
      for device in stride(from: 0, to: devices, by: distance) {
        let voltage = technology.conditions.setPulse.voltage
        let exact = try array.select(
          row: device / array.columns, column: device % array.columns,
          scheme: technology.conditions.scheme.bias, voltage: voltage)
        errors.write.append(abs(gains.write[device] - exact.selectedVoltage / voltage))
      }
    }
    return errors
  }

  /// The gains in use for a tile, in the order of its physical devices.
  private func gains(
    ofTile tile: Int, _ banks: [DeviceBank]
  ) -> (read: [[Double]], write: [Double]) {
    var read = [[Double]](repeating: [], count: basis.count)
    var write: [Double] = []
    let polarities = banks.map { gains(of: $0) }
    for row in layout.rows(of: tile / layout.columnsOfTiles) {
      for column in layout.outputs(of: tile % layout.columnsOfTiles) {
        for case let gains? in polarities {
          let device = row * outputs + column
          for term in basis.indices {
            read[term].append(Double(gains.forward[term][device]))
          }
          write.append(Double(gains.selected[device]))
        }
      }
    }
    return (read, write)
  }

  private func compareRead(
    _ array: WiredArray, _ gains: (read: [[Double]], write: [Double]), draw: UInt64,
    in errors: inout WireErrors
  ) throws(Failure) {
    let limit = technology.conditions.read.voltage
    let voltages = (0..<array.rows).map {
      limit * (2 * readNoise.preciseUniform(at: $0, substream: draw) - 1)
    }
    var currents = [Double](repeating: 0, count: array.columns)
    for (term, function) in basis.enumerated() {
      for device in 0..<array.rows * array.columns {
        currents[device % array.columns] +=
          gains.read[term][device] * array.devices.coefficients[term][device]
          * function.value(at: voltages[device / array.columns])
      }
    }
    let grounded = [Double](repeating: 0, count: array.columns)
    let full = [Double](repeating: limit, count: array.rows)
    let solved = try ExactSolver(array).solve(
      [voltages, full].map { LineEnds(word: $0, bit: grounded) })
    let scale = solved[1].currents.bitTotals.reduce(0) { max($0, abs($1)) }
    guard scale > 0 else { return }
    errors.read += zip(currents, solved[0].currents.bitTotals).map { abs($0 - $1) / scale }
  }
}
