public import Failures
import Foundation
import Mathematics

/// `measure retention`: cells that drift by a power law of time, each with its own coefficient.
///
/// G(t) = G(0) · (1 + t/t₀)^−ν with ν ~ N(`drift`, `spread`²), thermally activated around 25 °C.
public struct RetentionMeasurement: Sendable {
  /// Siemens between which first conductances are log-uniform.
  public var conductance: ClosedRange<Double>
  public var devices = 300
  /// Mean ν at 25 °C.
  public var drift = 0.02
  /// Standard deviation of ν between cells, relative to the mean.
  public var spread = 0.3
  /// eV.
  public var activationEnergy = 0.2
  /// t₀ in seconds.
  public var origin = 1.0
  /// Seconds after the first reading.
  public var times = [0.0, 1, 10, 100, 1000, 10_000]
  /// °C; every temperature has cells of its own.
  public var temperatures = [25.0]
  /// Noise of a reading, relative to it.
  public var noise = 1e-4
  public var seed: UInt64 = 0

  public init(conductance: ClosedRange<Double>) { self.conductance = conductance }

  public static let columns = ["device", "temperature_C", "time_s", "conductance_S"]

  /// Writes the table.
  ///
  /// - Throws: ``Failure`` when the file cannot be written.
  public func write(to path: String) throws(Failure) {
    let file = try TableFile(path: path, columns: Self.columns)
    let boltzmann = 8.617333e-5
    let states = RandomStream(seed: seed, name: "retained states")
    let (low, high) = (log(conductance.lowerBound), log(conductance.upperBound))
    for (index, celsius) in temperatures.enumerated() {
      let speed = exp(activationEnergy / boltzmann * (1 / 298.15 - 1 / (celsius + 273.15)))
      for cell in 0..<devices {
        let device = index * devices + cell
        let draws = Normal.draws(
          times.count + 1, from: RandomStream(seed: seed, name: "retention"),
          substream: UInt64(device))
        let share = states.preciseUniform(at: device, substream: 0)
        let coefficient = drift * speed * (1 + spread * draws[times.count])
        for (number, time) in times.enumerated() {
          let value = exp(low + (high - low) * share) * pow(1 + time / origin, -coefficient)
          file.append(["\(device)"], [celsius, time, value * (1 + noise * draws[number])])
        }
      }
    }
    try file.finish()
  }
}
