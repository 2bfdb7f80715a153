package import Crossbars
package import Devices
package import Failures

extension TrainingPlan {
  /// What the arrays of a run are made of in its first epoch.
  ///
  /// - Throws: ``Failure`` for levels that pulses do not resolve, and when a tile cannot be solved.
  package func technology(of device: DeviceModel) throws(Failure) -> ArrayTechnology {
    let device = try withWriteNonIdealities(device)
    return try ArrayTechnology(
      device: device, conditions: try arrayConditions.compensatingWires(of: device))
  }
}
