import Devices
import Failures
import Foundation

/// Step curves of every device, and what they have in common.
struct SeriesPopulation {
  var form: StepForm
  var fits: [(device: Int, fit: StepCurveFit)] = []
  /// Error of each form on devices left out, relative to a device's own range.
  var scores: [(form: StepForm, score: Double)] = []
  var failures = 0
  var cycleToCycle = 0.0
  /// Variance of a reading about its cycle's curve, and of cycles about their device's, S².
  var readVariance = 0.0
  var cycleVariance = 0.0
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
      // The fewest parameters win what is within 3 % of the best.
      let isSimple = scores.first { $0.form == .softBounds && $0.score < 1.03 * best.score } != nil
      self.form = isSimple ? .softBounds : best.form
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
    separateNoise(series, curves)
  }

  static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

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

  /// Reading noise, cycle-to-cycle noise per pulse, and cycles about their device's mean.
  ///
  /// Residuals about the device's curve: half the mean square of differences between pulses k apart
  /// is σ_read² + k·σ_step²/2 while the walk is short, so that a line over k separates the two.
  private mutating func separateNoise(
    _ series: PulseSeries, _ curves: [(device: Int, curve: MeanCurve)]
  ) {
    let lags = [1, 2, 3, 4, 6, 8, 10]
    var sums = lags.map { _ in (0.0, 0.0) }
    var means: [Double] = []
    for run in series.runs {
      guard let own = fits.first(where: { $0.device == run.device })?.fit else { continue }
      let residuals = zip(run.pulse, run.conductance).map {
        $1 - own.value(isSet: run.isSet, pulses: $0)
      }
      means.append(Self.mean(residuals))
      for (at, lag) in lags.enumerated() where residuals.count > 2 * lag {
        for k in lag..<residuals.count {
          let difference = residuals[k] - residuals[k - lag]
          sums[at].0 += difference * difference / 2
          sums[at].1 += 1
        }
      }
    }
    let points = zip(lags, sums).filter { $1.1 > 0 }.map { (Double($0), $1.0 / $1.1) }
    guard points.count > 2 else { return }
    let (x, y) = (Self.mean(points.map(\.0)), Self.mean(points.map(\.1)))
    let slope =
      points.reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
      / points.reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) }
    readVariance = max(0, y - slope * x)
    cycleVariance = Self.deviation(means) * Self.deviation(means)
    let step = Self.mean(fits.map { ($0.fit.set.step + $0.fit.reset.step) / 2 })
    // A typical step is taken half-way: half the far-end step for soft bounds.
    let typical = step * (form == .linear ? 1 : 0.5)
    cycleToCycle = typical > 0 ? (2 * max(0, slope)).squareRoot() / typical : 0
  }

  func model(threshold: Double) -> SoftBoundsResponse {
    let lows = fits.map(\.fit.bounds.lowerBound)
    let highs = fits.map(\.fit.bounds.upperBound)
    let low = max(Self.mean(lows), range.lowerBound * 0.1)
    let bounds = low...max(Self.mean(highs), low * 1.001)
    func branch(_ part: KeyPath<StepCurveFit, (step: Double, exponent: Double)>)
      -> SoftBoundsResponse.Branch
    {
      let steps = fits.map { $0.fit[keyPath: part].step }
      let exponents = fits.map { $0.fit[keyPath: part].exponent }
      let step = Self.mean(steps)
      return .init(
        step: step, exponent: Self.mean(exponents),
        spread: step > 0 ? Self.deviation(steps) / step : 0)
    }
    return SoftBoundsResponse(
      bounds: bounds, set: branch(\.set), reset: branch(\.reset), threshold: threshold)
  }
}

/// Mean over cycles of a device's SET and RESET runs.
struct MeanCurve {
  var set: [(n: Double, g: Double)] = []
  var reset: [(n: Double, g: Double)] = []

  init(_ series: PulseSeries, device: Int) {
    for isSet in [true, false] {
      let runs = series.runs.filter { $0.device == device && $0.isSet == isSet }
      let curve = Self.mean(runs.map { run in zip(run.pulse, run.conductance).map { ($0, $1) } })
      if isSet { set = curve } else { reset = curve }
    }
  }

  /// The mean over curves at each pulse number, in its order.
  static func mean(_ curves: [[(n: Double, g: Double)]]) -> [(n: Double, g: Double)] {
    var sums: [Double: (Double, Double)] = [:]
    for (n, g) in curves.joined() {
      sums[n, default: (0, 0)].0 += g
      sums[n, default: (0, 0)].1 += 1
    }
    return sums.sorted { $0.key < $1.key }.map { (n: $0.key, g: $0.value.0 / $0.value.1) }
  }

  private var values: [Double] { (set + reset).map(\.g).sorted() }
  var lowest: Double { values.isEmpty ? 0 : values[values.count / 100] }
  var highest: Double { values.isEmpty ? 0 : values[values.count - 1 - values.count / 100] }

  /// The curves in shares of the device's own range.
  var shares: (set: [(n: Double, g: Double)], reset: [(n: Double, g: Double)]) {
    let (low, width) = (lowest, max(highest - lowest, 1e-300))
    return (
      set.map { ($0.n, ($0.g - low) / width) }, reset.map { ($0.n, ($0.g - low) / width) }
    )
  }
}
