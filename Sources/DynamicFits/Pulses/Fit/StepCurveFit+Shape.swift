import Foundation
import Mathematics

/// Soft bounds, linear and power: G_min, G_max, ln rate and start share of SET and RESET, and
/// the exponents of `power`.
extension StepCurveFit {
  /// Weight of the rows that hold bounds and exponents of `power` where curves end far from both
  /// bounds, as those of log-time kinetics do, and do not tell them apart.
  private static let prior = 0.01
  /// The smallest exponent of `power`: a calibration's must be positive.
  private static let leastExponent = 0.01

  static func fitShape(
    _ form: StepForm, _ data: ScaledCurves, at place: String
  ) -> LeastSquaresFit? {
    let isPower = form == .power
    let held: [(at: Int, value: Double)] = isPower ? [(0, 0), (1, 1), (6, 1), (7, 1)] : []
    let problem = CurveProblem(
      parameterCount: form.parameterCount, rowCount: data.count + held.count
    ) { p, row in
      guard row < data.count else {
        let tie = held[row - data.count]
        return prior * (p[tie.at] - tie.value)
      }
      let isSet = data.isSet(row)
      let exponent = isPower ? max(leastExponent, p[isSet ? 6 : 7]) : form == .linear ? 0 : 1
      let width = p[1] - p[0]
      let share = StepForm.share(
        p[isSet ? 4 : 5], rate: exp(p[isSet ? 2 : 3]), exponent: exponent,
        pulses: data.pulses(row))
      return (isSet ? p[1] - width * share : p[0] + width * share) - data.values[row]
    }
    var best: LeastSquaresFit?
    for rate in [1, 3, 8.0] {
      let rates = [log(rate / data.length), log(rate / data.length)]
      let start = [-0.02, 1.02] + rates + [0.95, 0.95] + (isPower ? [1.0, 1.0] : [])
      guard let found = try? LeastSquares.fit(problem, start: start, loss: .biweight, at: place)
      else { continue }
      if found.scale < best?.scale ?? .infinity { best = found }
    }
    return best.flatMap { $0.parameters[1] > $0.parameters[0] ? $0 : nil }
  }

  static func shape(
    _ form: StepForm, _ p: [Double], _ data: ScaledCurves
  ) -> (bounds: ClosedRange<Double>, set: Branch, reset: Branch) {
    let width = (p[1] - p[0]) * data.unit
    let fixed = form == .linear ? 0.0 : 1
    func branch(_ at: Int) -> Branch {
      let exponent = form == .power ? max(leastExponent, p[6 + at]) : fixed
      return Branch(step: width * exp(p[2 + at]), exponent: exponent, start: p[4 + at])
    }
    return (
      data.low + p[0] * data.unit...data.low + p[1] * data.unit, branch(0), branch(1)
    )
  }
}
