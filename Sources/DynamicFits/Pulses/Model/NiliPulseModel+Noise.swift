import Foundation
import Mathematics

/// What the steps say of noise: reading noise per bin, and cycle-to-cycle spread in all.
struct PulseNoise: Sendable {
  /// Standard deviation of a small step per bin, µS.
  var floor: [Double]
  /// Standard deviation of a step relative to itself, from one pulse to the next.
  var relative: Double
}

extension NiliPulseModel {
  /// Estimates noise from the residuals at the devices' own deviations.
  ///
  /// Medians of magnitudes, so that outliers and steps held at zero do not matter; the floor from
  /// the smallest fifth of a bin's predicted steps, the relative part from the largest third.
  func noise(at parameters: [Double], deviations: [Double]) -> PulseNoise {
    var residuals = [[(size: Double, residual: Double)]](repeating: [], count: binCount)
    visit(parameters, deviations) { at, seen, z in
      let factor = max(0, 1 + z * seen.spread)
      let expected = seen.mean * factor
      let residual = observations.step[at] / Self.stepUnit - expected
      residuals[Int(bins[at])].append((abs(expected), residual))
    }
    func deviation(_ values: [Double]) -> Double { values.medianDeviation() ?? 0 }
    var relative: [Double] = []
    let floor = residuals.map { bin -> Double in
      let sorted = bin.sorted { $0.size < $1.size }
      let low = deviation(sorted.prefix(sorted.count / 5).map(\.residual))
      let high = sorted.suffix(sorted.count / 3).filter { $0.size > 0 }
      let share = deviation(high.map { $0.residual / $0.size })
      let noise = deviation(high.map { low / $0.size }) / 1.4826
      if high.count > 20 { relative.append(max(0, share * share - noise * noise).squareRoot()) }
      return max(low, 1e-9)
    }
    return PulseNoise(
      floor: floor, relative: relative.median ?? 0)
  }

  /// Sets the weights for a noise.
  ///
  /// Set aside are steps that their device's deviation holds at zero, and steps further than six
  /// standard deviations from their prediction: a state read on the wrong side of a bin's border is
  /// one, and a single such step would outweigh thousands.
  mutating func weigh(
    _ noise: PulseNoise, at parameters: [Double], deviations: [Double], leastRelative: Double,
    isFirst: Bool
  ) {
    var weights = weights
    let relative = max(noise.relative, leastRelative)
    visit(parameters, deviations) { at, seen, z in
      let factor = 1 + z * seen.spread
      let floor = noise.floor[Int(bins[at])]
      let expected = seen.mean * max(factor, 0.1)
      let variance = floor * floor + relative * relative * expected * expected
      let residual = observations.step[at] / Self.stepUnit - seen.mean * max(0, factor)
      let isOff = residual * residual > 36 * variance
      weights[at] = factor < 0.02 || isOff && !isFirst ? 0 : Float(1 / variance)
    }
    self.weights = weights
  }

  func visit(
    _ parameters: [Double], _ deviations: [Double],
    _ body: (_ at: Int, _ seen: Prediction, _ z: Double) -> Void
  ) {
    parameters.withUnsafeBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return }
      for device in 0..<deviceCount {
        for at in observations.starts[device]..<observations.starts[device + 1] {
          let seen = predict(
            first + Int(bins[at]) * Self.perBin, voltage: observations.voltage[at],
            logarithm: observations.logarithm[at])
          body(at, seen, deviations[device])
        }
      }
    }
  }
}
