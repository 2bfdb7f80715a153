package import Devices
import Failures
import Foundation
import Mathematics

/// Step curves of every device, and what they have in common.
struct SeriesPopulation {
  var form: StepForm
  var fits: [(device: Int, fit: StepCurveFit)] = []
  /// Error of each form on devices left out, relative to a device's own range.
  var scores: [(form: StepForm, score: Double)] = []
  var failures = 0
  var noise = SeriesNoise()
  var range: ClosedRange<Double>

  init(_ series: PulseSeries, form: StepForm?, at place: String) throws(Failure) {
    let curves = series.devices.map { (device: $0, curve: MeanCurve(series, device: $0)) }
    range = 0...0
    if let form {
      self.form = form
    } else {
      scores = Self.scores(curves.map(\.curve), place)
      guard let best = scores.min(by: { $0.score < $1.score }) else {
        throw Failure(
          .badData, at: place, "no step form could be fitted to any device",
          remedy: "name one with --model for its reason")
      }
      // The fewest parameters win what is within 3 % of the best, or 10 % where the only device
      // judges forms that were fitted to it.
      let tolerance = curves.count > 1 ? 1.03 : 1.1
      let close = scores.filter { $0.score < tolerance * best.score }
      self.form =
        close.min { $0.form.parameterCount < $1.form.parameterCount }?.form ?? best.form
    }
    for (device, curve) in curves {
      do throws(Failure) {
        fits.append(
          (device, try StepCurveFit(self.form, set: curve.set, reset: curve.reset, at: place)))
      } catch {
        guard curves.count > 1 else { throw error }
        failures += 1
      }
    }
    guard !fits.isEmpty else {
      throw Failure(.badData, at: place, "\(self.form.rawValue) fits no device")
    }
    let lows = curves.map { $0.curve.lowest }
    let highs = curves.map { $0.curve.highest }
    range = Self.mean(lows)...Self.mean(highs)
    noise = SeriesNoise(series, fits: fits)
  }

  static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

  /// Of positive numbers.
  static func geometricMean(_ values: [Double]) -> Double { exp(mean(values.map { log($0) })) }

  static func deviation(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let centre = mean(values)
    return
      (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - 1))
      .squareRoot()
  }

  /// Leaves each device out: the others' mean shape, in shares of a device's range, predicts it.
  private static func scores(
    _ curves: [MeanCurve], _ place: String
  ) -> [(form: StepForm, score: Double)] {
    let shares = curves.map(\.shares)
    return StepForm.allCases.compactMap { form in
      var (sum, count) = (0.0, 0)
      for held in shares.indices {
        let others = shares.count > 1 ? shares.indices.filter { $0 != held } : [held]
        let set = MeanCurve.mean(others.map { shares[$0].set })
        let reset = MeanCurve.mean(others.map { shares[$0].reset })
        guard let fit = try? StepCurveFit(form, set: set, reset: reset, at: place) else {
          return nil
        }
        for isSet in [true, false] {
          let own = isSet ? shares[held].set : shares[held].reset
          for (n, g) in own {
            let error = fit.value(isSet: isSet, pulses: n) - g
            sum += error * error
            count += 1
          }
        }
      }
      return (form, (sum / Double(max(1, count))).squareRoot())
    }
  }

  func model(threshold: Double) -> SteppedResponse {
    form == .piecewise
      ? .piecewise(piecewiseModel(threshold: threshold))
      : .shaped(shapedModel(threshold: threshold))
  }

  /// Means of the devices' bounds, above zero.
  private var bounds: ClosedRange<Double> {
    let low = max(Self.mean(fits.map(\.fit.bounds.lowerBound)), range.lowerBound * 0.1)
    return low...max(Self.mean(fits.map(\.fit.bounds.upperBound)), low * 1.001)
  }

  private func shapedModel(threshold: Double) -> SoftBoundsResponse {
    func branch(_ part: KeyPath<StepCurveFit, StepCurveFit.Branch>) -> SoftBoundsResponse.Branch {
      let branches = fits.map { $0.fit[keyPath: part] }
      return .init(
        step: Self.mean(branches.map(\.step)), exponent: Self.mean(branches.map(\.exponent)),
        spread: spread(part))
    }
    return SoftBoundsResponse(
      bounds: bounds, set: branch(\.set), reset: branch(\.reset), threshold: threshold)
  }

  /// Geometric means of steps at the same shares of every device's own range, on the mean range.
  private func piecewiseModel(threshold: Double) -> PiecewiseResponse {
    let (bounds, count) = (bounds, PiecewiseWalk.nodeCount)
    let width = bounds.upperBound - bounds.lowerBound
    func steps(_ part: KeyPath<StepCurveFit, StepCurveFit.Branch>) -> [Double] {
      (0..<count).map { node in
        Self.geometricMean(fits.map { $0.fit[keyPath: part].nodeSteps[node] })
      }
    }
    return PiecewiseResponse(
      nodes: (0..<count).map { bounds.lowerBound + width * Double($0) / Double(count - 1) },
      setSteps: steps(\.set), resetSteps: steps(\.reset).map { -$0 },
      spreads: (spread(\.set), spread(\.reset)), threshold: threshold)
  }

  /// Relative device-to-device deviation of the step.
  func spread(_ part: KeyPath<StepCurveFit, StepCurveFit.Branch>) -> Double {
    let steps = fits.map { $0.fit[keyPath: part].step }
    let mean = Self.mean(steps)
    return mean > 0 ? Self.deviation(steps) / mean : 0
  }
}

/// The response of a population in the form that was fitted.
package enum SteppedResponse: Sendable {
  case shaped(SoftBoundsResponse)
  case piecewise(PiecewiseResponse)
}

/// Mean over cycles of a device's SET and RESET runs.
struct MeanCurve {
  var set: StepCurve = []
  var reset: StepCurve = []

  init(_ series: PulseSeries, device: Int) {
    for isSet in [true, false] {
      let runs = series.runs.filter { $0.device == device && $0.isSet == isSet }
      let curve = Self.mean(runs.map { run in zip(run.pulse, run.conductance).map { ($0, $1) } })
      if isSet { set = curve } else { reset = curve }
    }
  }

  /// The mean over curves at each pulse number, in its order.
  static func mean(_ curves: [StepCurve]) -> StepCurve {
    var sums: [Double: (Double, Double)] = [:]
    for (n, g) in curves.joined() {
      sums[n, default: (0, 0)].0 += g
      sums[n, default: (0, 0)].1 += 1
    }
    return sums.sorted { $0.key < $1.key }.map { (n: $0.key, g: $0.value.0 / $0.value.1) }
  }

  private var ends: (low: Double, high: Double)? {
    SortedSample((set + reset).map(\.g)).ends(settingAside: 100)
  }
  var lowest: Double { ends?.low ?? 0 }
  var highest: Double { ends?.high ?? 0 }

  /// The curves in shares of the device's own range.
  var shares: (set: StepCurve, reset: StepCurve) {
    let (low, width) = (lowest, max(highest - lowest, 1e-300))
    return (
      set.map { ($0.n, ($0.g - low) / width) }, reset.map { ($0.n, ($0.g - low) / width) }
    )
  }
}
