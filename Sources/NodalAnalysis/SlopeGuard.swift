/// Slopes for Newton's method where devices have none at 0 V.
///
/// A power law |V|ⁿ with n > 1 conducts at every voltage but 0, where its slope vanishes: a network
/// of such devices has no linearisation at 0 V to start from. Their chord conductance at the largest
/// voltage of a terminal is a start, and a share of it a floor below which slopes are not taken, so
/// that a line without an end that is connected keeps its potential determined. Currents are always
/// the model's own: solutions do not depend on the floor.
struct SlopeGuard {
  /// Slopes of the first linear network, one per device.
  let start: [Double]
  /// Lowest slopes; empty where every device has one at 0 V.
  private let floor: [Double]

  /// The floor relative to the start.
  private static let floorShare = 1e-8

  /// - Parameter scale: largest voltage in the array, volts.
  init(_ devices: DeviceGrid, scale: Double) {
    start = devices.slopesAtZero(flatAt: scale > 0 ? scale : 1)
    floor = devices.hasFlatDevices ? start.map { Self.floorShare * $0 } : []
  }

  /// Lifts slopes that are below the floor.
  func apply(to slopes: inout [Double]) {
    guard !floor.isEmpty else { return }
    for index in slopes.indices { slopes[index] = max(slopes[index], floor[index]) }
  }
}
