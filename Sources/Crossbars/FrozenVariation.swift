import Mathematics

/// The frozen deviations of some devices: three standard normal numbers each.
///
/// Drawn by inversion from the device seed, one position per device: a chip is the same whatever is
/// done with it.
package struct FrozenVariation: Sendable {
  /// Deviations of the static characteristic, z_s (Nili 2020, Table I).
  package let read: [Float]
  /// Deviations of the answer to SET pulses, z_d; equal to ``reset`` when shared.
  package let set: [Float]
  package let reset: [Float]

  /// - Parameters:
  ///   - name: tells the devices of a chip apart, such as those of one polarity of an array.
  ///   - sharesPulseDeviation: whether SET and RESET steps deviate together.
  package init(of devices: Int, deviceSeed: UInt64, name: String, sharesPulseDeviation: Bool) {
    func draws(_ quantity: String) -> [Float] {
      let stream = RandomStream(seed: deviceSeed, name: "\(name)/\(quantity)")
      return Normal.draws(devices, from: stream).map { Float($0) }
    }
    read = draws("static")
    set = draws("set")
    reset = sharesPulseDeviation ? set : draws("reset")
  }
}
