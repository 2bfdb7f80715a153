import Devices
import Failures
import Foundation
import Mathematics
import Statistics

/// The Nili response of one polarity, fitted with devices as random effects.
struct NiliPulseFit: Sendable {
  var isSet: Bool
  var edges: [Double]
  /// Eleven numbers per bin, nil where a bin has too few pulses.
  var bins: [[Double]?]
  var covariance: [Double]
  /// Which bins are in the fit; block k of the covariance belongs to the k-th.
  var fitted: [Int]
  var undetermined: Set<Int>
  var deviations: [Double]
  var noise: PulseNoise
  var pulses: Int
  var setAside: Int
  var residuals: PulseResiduals

  /// Smallest noise relative to a step that is believed: below it the valley of the likelihood is
  /// so narrow that its end is not worth its price, while means are known to the spread / √devices.
  static let leastRelative = 0.01
  /// Gain of −2 ln L per pulse over a round at which the search ends.
  static let leastGain = 5e-3
  /// Rounds of fitting and estimating the noise.
  static let roundLimit = 60

  /// - Throws: ``Failure`` of kind `badData` when no bin has pulses or the fit does not converge.
  init(
    _ all: PulseObservations, isSet: Bool, edges: [Double], workers: Workers, at place: String
  ) throws(Failure) {
    self.isSet = isSet
    self.edges = edges
    let own = all.polarity(isSet: isSet)
    // Coarse rounds on a part, the last ones on everything.
    let stride = max(1, own.count / 60_000)
    let model = NiliPulseModel(
      all.polarity(isSet: isSet, stride: stride), isSet: isSet, edges: edges)
    let starts = try model.start(at: place)
    let fitted = starts.indices.filter { starts[$0] != nil }
    self.fitted = fitted
    guard !fitted.isEmpty else {
      throw Failure(
        .badData, at: place, "too few \(isSet ? "SET" : "RESET") pulses",
        remedy: "a bin of conductance needs \(NiliPulseModel.leastPulses)")
    }
    // Empty bins would be parameters without information: give them their neighbour's start.
    let point = starts.indices.flatMap { bin -> [Double] in
      let nearest = fitted.min { abs($0 - bin) < abs($1 - bin) } ?? fitted[0]
      return starts[bin] ?? starts[nearest] ?? []
    }
    var rounds = Rounds(
      model: model, point: point,
      deviations: [Double](repeating: 0, count: own.deviceCount))
    try rounds.run(workers: workers, at: place) {
      NiliPulseModel(own, isSet: isSet, edges: edges)
    }
    guard let fit = rounds.fit, rounds.isConverged else {
      throw Failure(
        .badData, at: place,
        "the \(isSet ? "SET" : "RESET") response has not converged in \(Self.roundLimit) rounds",
        remedy: "the Nili form may not suit the device; measure more widths and amplitudes")
    }
    let n = NiliPulseModel.perBin
    bins = starts.indices.map {
      starts[$0] == nil ? nil : Array(rounds.point[$0 * n..<($0 + 1) * n])
    }
    covariance = fit.covariance
    undetermined = Set(fit.undetermined)
    (deviations, noise) = (rounds.deviations, rounds.noise)
    pulses = own.count
    setAside = own.count - fit.observations
    residuals = rounds.model.residuals(at: rounds.point, deviations: rounds.deviations)
  }

  /// Fits in turns with estimates of the noise.
  private struct Rounds {
    var model: NiliPulseModel
    var point: [Double]
    var deviations: [Double]
    var noise = PulseNoise(floor: [], relative: 0)
    var fit: RandomEffectFit?
    /// Whether the last fit, of all pulses, is at its end.
    var isConverged = false

    init(model: NiliPulseModel, point: [Double], deviations: [Double]) {
      (self.model, self.point, self.deviations) = (model, point, deviations)
    }

    /// - Parameter whole: the model of all pulses, for the last rounds.
    mutating func run(
      workers: Workers, at place: String, whole: () -> NiliPulseModel
    ) throws(Failure) {
      var (least, isWhole, last) = (0.3, false, Double.infinity)
      for round in 0..<NiliPulseFit.roundLimit {
        noise = model.noise(at: point, deviations: deviations)
        model.weigh(
          noise, at: point, deviations: deviations, leastRelative: least, isFirst: round < 2)
        let found = try RandomEffectFit(
          model, start: point, workers: workers, limit: isWhole ? 10 : 30, tolerance: 0.1,
          mustSettle: false, at: place)
        (point, deviations, fit) = (found.parameters, found.deviations, found)
        // Done when the likelihood is at its maximum for a noise that does not change any more, or
        // when what the form leaves unexplained is below half of the noise that is believed.
        let gain = abs(last - found.deviance)
        let isFlat = gain < NiliPulseFit.leastGain * Double(found.observations)
        let isDone =
          least <= NiliPulseFit.leastRelative && isFlat
          && (found.isSettled || noise.relative < NiliPulseFit.leastRelative / 2)
        last = found.deviance
        if isWhole, isDone {
          isConverged = true
          return
        }
        if !isWhole, isDone || round == NiliPulseFit.roundLimit - 12 {
          isWhole = true
          model = whole()
        }
        least = max(NiliPulseFit.leastRelative, least / 4)
      }
    }
  }

  /// The bound of |r|, the same in all bins, as the calibration has it: the bins' mean, weighted by
  /// their information; 1 where no bin reaches it.
  var bound: Double {
    let n = edges.count - 1
    let size = n * NiliPulseModel.perBin
    var (sum, total) = (0.0, 0.0)
    for bin in fitted {
      let at = bin * NiliPulseModel.perBin + 10
      let variance = covariance[at * size + at]
      guard !undetermined.contains(at), variance > 0, let value = bins[bin]?[10] else { continue }
      sum += value / variance
      total += 1 / variance
    }
    return total > 0 ? min(1, max(0.05, sum / total)) : 1
  }

  /// The branch of a device model; bins without pulses take their neighbour's coefficients.
  func branch(sign: Double) -> NiliPulseResponse.Branch {
    let coefficients = bins.indices.map { bin -> NiliPulseResponse.Coefficients in
      let nearest = fitted.min { abs($0 - bin) < abs($1 - bin) } ?? fitted[0]
      let p = bins[bin] ?? bins[nearest] ?? Array(repeating: 0, count: NiliPulseModel.perBin)
      let c0 = (isSet ? 1 : -1) * exp(p[0]) * NiliPulseModel.stepUnit
      return NiliPulseResponse.Coefficients(
        c: [c0] + p[1...4], d: p[5...9].map { sign * $0 })
    }
    let low = (isSet ? sign > 0 : sign < 0) ? 0 : -bound
    return NiliPulseResponse.Branch(bins: coefficients, spreadBounds: low...low + bound)
  }

  /// Spread between devices that limits how well the coefficients of the mean are known.
  private static let typicalSpread = 0.5

  /// Every coefficient with its interval.
  ///
  /// The information of the likelihood alone would trust the form's own curvature to separate the
  /// mean from the devices that happened to be measured; intervals do not. And the search ends where
  /// −2 ln L falls by less than g in a round: a parameter may still be √g standard errors away.
  func parameters(sign: Double) -> [FittedParameter] {
    let units = ["S", "1", "1", "V^-1", "1", "1", "1", "V^-1", "V^-2", "V^-3"]
    let size = (edges.count - 1) * NiliPulseModel.perBin
    let quantile = CumulativeFunctions.studentTQuantile(
      0.975, freedom: max(1, Double(deviations.count - 2)))
    var result: [FittedParameter] = []
    for bin in fitted {
      guard let p = bins[bin] else { continue }
      for k in 0..<10 {
        let at = bin * NiliPulseModel.perBin + k
        // d₀ … d₄ multiply functions that are nearly proportional over the amplitudes of pulses.
        let isOpen = undetermined.contains(at) || k > 4
        let variance = max(0, covariance[at * size + at]) * (1 + Self.leastGain * Double(pulses))
        // No mean of a population is known better than its spread / √devices.
        let scale = k == 0 ? 1 : p[k]
        let least =
          Self.typicalSpread * Self.typicalSpread / Double(deviations.count) * scale * scale
        let error = isOpen ? .infinity : (variance + least).squareRoot()
        let name = "\(isSet ? "set" : "reset").\(NiliPulseModel.names[k])[\(bin)]"
        let value = k > 4 ? sign * p[k] : p[k]
        guard k == 0 else {
          result.append(
            FittedParameter(
              name, value, unit: units[k], standardError: error, quantile: quantile))
          continue
        }
        let c0 = exp(p[0]) * NiliPulseModel.stepUnit
        let factor = exp(min(300, quantile * error))
        let ends = isSet ? c0 / factor...c0 * factor : -c0 * factor ... -c0 / factor
        result.append(
          FittedParameter(
            name, isSet ? c0 : -c0, unit: units[0], standardError: c0 * error, interval: ends))
      }
    }
    return result
  }
}
