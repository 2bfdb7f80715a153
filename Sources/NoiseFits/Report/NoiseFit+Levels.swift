import Failures
import FitResults
import Foundation
import Mathematics
import Statistics

extension NoiseFit {
  /// Reports the levels of a trace.
  ///
  /// - Parameter values: the trace without its lines.
  /// - Returns: the spectrum of what is left, where levels are far enough apart to subtract.
  mutating func add(
    _ levels: NoiseLevels, _ values: [Double], _ trace: NoiseTrace, _ prefix: String,
    _ models: inout Set<String>, at place: String
  ) throws(Failure) -> NoiseSpectrumFit? {
    let (best, mean, unit) = (levels.fit, levels.mean, levels.unit)
    report.statistics.append(("\(prefix)telegraph_levels", Double(best.count)))
    guard best.count > 1 else {
      report.notes.append(
        "\(prefix)no telegraph noise: "
          + (levels.doubt ?? "one level describes the trace best"))
      return nil
    }
    models.insert("telegraph")
    var rest: NoiseSpectrumFit?
    var excess = 1.0
    if levels.isClear {
      let path = levels.path(of: values)
      let left = try NoiseSpectrumFit(
        zip(values, path).map { $0 - $1 }, interval: trace.interval, at: place)
      excess = try Self.excess(
        of: left.spectrum, over: unit * best.deviation, where: path, trace.interval)
      rest = left
      report.notes.append(
        "\(prefix)white and 1/f noise are those of the readings less the level they are on")
    } else {
      report.notes.append(
        "\(prefix)the levels overlap: white and 1/f noise hold the trap's own spectrum;"
          + " level_noise is the noise within a level")
    }
    for (k, level) in best.levels.enumerated() {
      report.statistics += [
        ("\(prefix)level_\(k)_S", mean + unit * level),
        ("\(prefix)level_\(k)_dwell_s", best.dwell(k) * trace.interval),
        ("\(prefix)level_\(k)_occupation", best.occupation[k]),
      ]
    }
    guard best.count == 2 else {
      report.notes.append(
        "\(prefix)\(best.count) levels: more than one trap; [telegraph] describes one and is not"
          + " written from it")
      return rest
    }
    addTrap(levels, excess: excess, trace, prefix)
    return rest
  }

  /// Reports the trap of two levels.
  ///
  /// - Parameter excess: variance of a level's mean over that of white noise.
  private mutating func addTrap(
    _ levels: NoiseLevels, excess: Double, _ trace: NoiseTrace, _ prefix: String
  ) {
    let (best, mean, unit) = (levels.fit, levels.mean, levels.unit)
    let errors = best.standardErrors(levels.values)
    func logarithmic(_ name: String, _ value: Double, _ unit: String, _ error: Double)
      -> FittedParameter
    {
      let factor = exp(min(700, 1.96 * error))
      return FittedParameter(
        prefix + name, value, unit: unit, standardError: value * error,
        interval: value / factor...value * factor)
    }
    let emission = logarithmic("emission_time", best.dwell(0) * trace.interval, "s", errors[3])
    let capture = logarithmic("capture_time", best.dwell(1) * trace.interval, "s", errors[4])
    report.parameters += [
      FittedParameter(
        "\(prefix)amplitude", unit * (best.levels[1] - best.levels[0]), unit: "S",
        standardError: unit
          * (excess * (errors[0] * errors[0] + errors[1] * errors[1])).squareRoot()),
      logarithmic("level_noise", unit * best.deviation, "S", errors[2]), capture, emission,
    ]
    traps.append(
      Telegraph(
        capture: capture, emission: emission, interval: trace.interval, conductance: mean,
        contrast: best.contrast))
  }

  /// Variance of a level's mean over what white noise of a standard deviation would make of it.
  ///
  /// The means are a product of the noise with the path, whose power lies where the trap jumps:
  /// ∫ S(f)·P(f) df over that of white noise.
  private static func excess(
    of rest: PowerSpectrum, over deviation: Double, where path: [Double], _ interval: Double
  ) throws(Failure) -> Double {
    let jumps = try PowerSpectrum(
      of: path, interval: interval, segment: 2 * (rest.density.count + 1))
    let white = 2 * interval * deviation * deviation
    let shared = zip(rest.density, jumps.density).reduce(0) { $0 + $1.0 * $1.1 }
    return max(1, shared / (white * jumps.density.reduce(0, +)))
  }
}
