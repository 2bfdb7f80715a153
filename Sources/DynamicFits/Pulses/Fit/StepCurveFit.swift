import Failures
import Foundation
import Mathematics

/// A run of mean conductances by pulse number.
typealias StepCurve = [(n: Double, g: Double)]

/// The mean curves of one device, SET and RESET together, fitted by one form.
struct StepCurveFit: Sendable {
  /// One polarity.
  struct Branch: Sendable {
    /// Step at the far end in siemens; of `piecewise` the geometric mean of the nodes.
    var step: Double
    var exponent = 0.0
    /// Steps at the nodes in siemens, ascending in conductance; of `piecewise` only.
    var nodeSteps: [Double] = []
    /// Before the first pulse: share of the range that is left, or of `piecewise` that is passed.
    var start: Double
  }

  var form: StepForm
  /// G_min … G_max of the formula; the outer nodes of `piecewise`.
  var bounds: ClosedRange<Double>
  var set: Branch
  var reset: Branch
  /// Parameters in units of the device's own range above its lowest value.
  var fit: LeastSquaresFit
  /// Root mean square of the residuals of the mean curves, S.
  var rmse: Double

  /// - Throws: ``Failure`` of kind `badData` when the fit does not converge.
  init(
    _ form: StepForm, set: StepCurve, reset: StepCurve, at place: String
  ) throws(Failure) {
    let data = ScaledCurves(set: set, reset: reset)
    let fit =
      form == .piecewise
      ? Self.fitPiecewise(data, at: place) : Self.fitShape(form, data, at: place)
    guard let fit else {
      throw Failure(
        .badData, at: place, "\(form.rawValue) does not converge on the mean curves",
        remedy: "choose another --model")
    }
    self.form = form
    self.fit = fit
    (bounds, self.set, self.reset) =
      form == .piecewise
      ? Self.piecewise(fit.parameters, data) : Self.shape(form, fit.parameters, data)
    // Rows of the curves come first; those that hold parameters where nothing does are no data.
    let residuals = fit.residuals.prefix(data.count)
    let sum = residuals.reduce(0) { $0 + $1 * $1 }
    rmse = data.unit * (sum / Double(max(1, residuals.count))).squareRoot()
  }

  /// Conductance after n pulses.
  func value(isSet: Bool, pulses n: Double) -> Double {
    let branch = isSet ? set : reset
    let width = bounds.upperBound - bounds.lowerBound
    let share =
      form == .piecewise
      ? 1
        - PiecewiseWalk.value(from: branch.start, pulses: n) {
          branch.nodeSteps[isSet ? $0 : branch.nodeSteps.count - 1 - $0] / width
        }
      : StepForm.share(
        branch.start, rate: branch.step / width, exponent: branch.exponent, pulses: n)
    return isSet ? bounds.upperBound - width * share : bounds.lowerBound + width * share
  }
}

/// Two curves in units of their own range, and how to turn them back.
struct ScaledCurves {
  let set: StepCurve
  let reset: StepCurve
  let low: Double
  let unit: Double
  /// Scaled conductances, SET first.
  let values: [Double]

  init(set: StepCurve, reset: StepCurve) {
    (self.set, self.reset) = (set, reset)
    let all = (set + reset).map(\.g)
    let low = all.min() ?? 0
    let unit = max((all.max() ?? 1) - low, 1e-30)
    (self.low, self.unit) = (low, unit)
    values = all.map { ($0 - low) / unit }
  }

  var count: Int { values.count }
  /// The longest pulse number of a SET run.
  var length: Double { max(set.last?.n ?? 1, 1) }

  func isSet(_ row: Int) -> Bool { row < set.count }
  func pulses(_ row: Int) -> Double {
    row < set.count ? set[row].n : reset[row - set.count].n
  }
}
