import Calibration
package import Devices
package import Failures
package import NodalAnalysis

extension DeviceChoice {
  /// Devices of an array in states given as conductances, and their model where it is calibrated.
  ///
  /// - Parameters:
  ///   - conductances: siemens, row by row.
  ///   - temperature: °C, for a calibration.
  ///   - place: where the conductances are from.
  package func devices(
    rows: Int, columns: Int, conductances: [Double], temperature: Double, at place: String
  ) throws(Failure) -> (devices: DeviceGrid, model: DeviceModel?) {
    var model: DeviceModel?
    if case .calibration(let name) = self {
      let loaded = try Calibration.loadWithNotices(name).device
      try Self.check(conductances, columns: columns, against: loaded.limits, at: place)
      model = loaded
    }
    do throws(Failure) {
      switch self {
      case .linear:
        return (try DeviceGrid(rows: rows, columns: columns, conductances: conductances), nil)
      case .hyperbolicSine(let slope):
        let grid = try DeviceGrid(
          rows: rows, columns: columns, conductances: conductances,
          basis: .hyperbolicSine(slope: slope))
        return (grid, nil)
      case .calibration:
        guard let model else { throw Failure(.internal, at: "device", "has no model") }
        let grid = try DeviceGrid(
          rows: rows, columns: columns, model: model.staticModel, conductances: conductances,
          temperature: temperature + PhysicalConstants.zeroCelsius)
        return (grid, model)
      }
    } catch {
      throw Failure(
        error.kind, at: "\(place): \(error.place)", error.cause, remedy: error.remedy)
    }
  }

  private static func check(
    _ conductances: [Double], columns: Int, against limits: DeviceLimits, at place: String
  ) throws(Failure) {
    guard let index = conductances.firstIndex(where: { !limits.conductance.contains($0) }) else {
      return
    }
    throw Failure(
      .badData, at: "\(place): row \(index / columns), column \(index % columns)",
      "\(conductances[index]) S is outside \(limits.conductance.lowerBound)…"
        + "\(limits.conductance.upperBound) S, the range of the calibration")
  }
}
