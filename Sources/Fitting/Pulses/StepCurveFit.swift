import Failures
import Foundation
import Mathematics

/// The mean curves of one device, SET and RESET together, fitted by one form.
///
/// Parameters: G_min, G_max, ln rate and start share of SET and RESET, and the exponents of `power`.
struct StepCurveFit: Sendable {
  var form: StepForm
  var bounds: ClosedRange<Double>
  /// Step at the far end, and exponent.
  var set: (step: Double, exponent: Double)
  var reset: (step: Double, exponent: Double)
  var fit: LeastSquaresFit
  /// Root mean square of the residuals of the mean curves, S.
  var rmse: Double
  /// Shares of the range that are left before the first pulse.
  private let shares: (set: Double, reset: Double)

  /// - Throws: ``Failure`` of kind `badData` when the fit does not converge.
  init(
    _ form: StepForm, set: [(n: Double, g: Double)], reset: [(n: Double, g: Double)],
    at place: String
  ) throws(Failure) {
    let all = set + reset
    let low = all.map(\.g).min() ?? 0
    let high = all.map(\.g).max() ?? 1
    let unit = max(high - low, 1e-30)
    let setCount = set.count
    let exponents = form == .power
    // In units of the device's own range above its lowest value.
    func model(_ p: UnsafeBufferPointer<Double>, _ k: Int) -> Double {
      let isSet = k < setCount
      let n = isSet ? set[k].n : reset[k - setCount].n
      let exponent = exponents ? exp(p[isSet ? 6 : 7]) : form == .linear ? 0 : 1
      let width = p[1] - p[0]
      let share = StepForm.share(
        p[isSet ? 4 : 5], rate: exp(p[isSet ? 2 : 3]), exponent: exponent, pulses: n)
      return isSet ? p[1] - width * share : p[0] + width * share
    }
    let data = all.map { ($0.g - low) / unit }
    let problem = CurveProblem(parameterCount: exponents ? 8 : 6, rowCount: all.count) { p, k in
      model(p, k) - data[k]
    }
    let length = max(set.last?.n ?? 1, 1)
    var best: LeastSquaresFit?
    for rate in [1, 3, 8.0] {
      let start =
        [-0.02, 1.02, log(rate / length), log(rate / length), 0.95, 0.95]
        + (exponents ? [0.0, 0.0] : [])
      guard
        let found = try? LeastSquares.fit(problem, start: start, loss: .biweight, at: place)
      else { continue }
      if found.scale < best?.scale ?? .infinity { best = found }
    }
    guard let best, best.parameters[1] > best.parameters[0] else {
      throw Failure(
        .badData, at: place, "\(form.rawValue) does not converge on the mean curves",
        remedy: "choose another --model")
    }
    let p = best.parameters
    let width = (p[1] - p[0]) * unit
    self.form = form
    shares = (p[4], p[5])
    bounds = low + p[0] * unit...low + p[1] * unit
    let powers = exponents ? (exp(p[6]), exp(p[7])) : form == .linear ? (0, 0) : (1, 1)
    self.set = (width * exp(p[2]), powers.0)
    self.reset = (width * exp(p[3]), powers.1)
    fit = best
    let sum = best.residuals.reduce(0) { $0 + $1 * $1 }
    rmse = unit * (sum / Double(best.residuals.count)).squareRoot()
  }

  /// Conductance after n pulses.
  func value(isSet: Bool, pulses n: Double) -> Double {
    let branch = isSet ? set : reset
    let width = bounds.upperBound - bounds.lowerBound
    let share = StepForm.share(
      isSet ? shares.set : shares.reset, rate: branch.step / width, exponent: branch.exponent,
      pulses: n)
    return isSet ? bounds.upperBound - width * share : bounds.lowerBound + width * share
  }
}
