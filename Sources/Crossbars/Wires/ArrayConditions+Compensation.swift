import ArrayOperations
package import Devices
package import Failures
import Foundation
import Mathematics
import NodalAnalysis

extension ArrayConditions {
  /// The same conditions with periphery that makes up for what wires take at a tile's median device.
  ///
  /// Judged on a full tile with every device at the window's centre. Sense amplifiers multiply
  /// currents by ``readGain``, 1 over the median share of a read that arrives. Write drivers raise
  /// both amplitudes by one factor, 1 over the median share of a pulse; it ends where the device
  /// nearest to its drivers would see more than the calibrated amplitudes. What differs from
  /// device to device stays. Without wires, or when not asked to, nothing changes.
  ///
  /// - Throws: ``Failure`` when the tile cannot be solved.
  package func compensatingWires(of device: DeviceModel) throws(Failure) -> ArrayConditions {
    guard let wires, wires.compensates else { return self }
    let tile = try TileSolution(
      uniformTile(of: device, wires), readVoltage: read.voltage,
      writeVoltage: setPulse.voltage, scheme: scheme)
    var compensated = self
    compensated.readGain = 1 / (tile.forward[0].median ?? 1)
    let ratios = tile.write.selected
    guard let nearest = ratios.max(), nearest > 0 else { return compensated }
    let room = min(
      device.limits.setVoltage.upperBound / setPulse.voltage,
      device.limits.resetVoltage.lowerBound / resetPulse.voltage)
    let factor = max(1, min(1 / (ratios.median ?? 1), room / nearest))
    // Whole millivolts, as a driver is set.
    compensated.writeGain = factor
    compensated.setPulse.voltage = (setPulse.voltage * factor * 1000).rounded() / 1000
    compensated.resetPulse.voltage = (resetPulse.voltage * factor * 1000).rounded() / 1000
    return compensated
  }

  private func uniformTile(
    of device: DeviceModel, _ wires: TileWires
  ) throws(Failure) -> WiredArray {
    let mean = device.staticModel.coefficients(
      conductance: centre, temperature: read.temperature
    ).mean
    return try WiredArray(
      devices: DeviceGrid(
        rows: wires.size, columns: wires.size, basis: device.staticModel.basis,
        coefficients: mean.map { [Double](repeating: $0, count: wires.size * wires.size) }),
      wires: wires.driven(rows: wires.size, columns: wires.size))
  }
}
