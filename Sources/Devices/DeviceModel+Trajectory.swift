extension DeviceModel {
  /// Conductance of the mean device after each of `count` equal pulses.
  ///
  /// - Parameter initial: conductance in siemens before the first pulse.
  /// - Returns: `count` conductances in siemens, held within the model's conductance range.
  package func meanTrajectory(from initial: Double, pulse: Pulse, count: Int) -> [Double] {
    trajectory(from: initial, pulse: pulse, count: count, z: 0)
  }

  /// Conductance of a device with frozen deviation z after each of `count` equal pulses.
  ///
  /// - Parameter initial: conductance in siemens before the first pulse.
  /// - Returns: `count` conductances in siemens, held within the model's conductance range.
  package func trajectory(
    from initial: Double, pulse: Pulse, count: Int, z: Double
  ) -> [Double] {
    var conductance = initial
    return (0..<max(0, count)).map { _ in
      conductance += pulseModel.response(to: pulse, conductance: conductance).step(z: z)
      conductance = min(
        max(conductance, limits.conductance.lowerBound), limits.conductance.upperBound)
      return conductance
    }
  }
}
