import FitResults
import Foundation
import Statistics

extension NoiseFit {
  /// What two traces or more say of a parameter together: its geometric mean over traces, and the
  /// spread of its logarithm between them.
  ///
  /// - Parameter traces: parameters of each trace.
  mutating func pool(_ traces: [[FittedParameter]]) {
    var order: [(name: String, unit: String)] = []
    var found: [String: [(value: Double, error: Double)]] = [:]
    for parameter in traces.joined() {
      guard let estimate = Self.logarithm(parameter) else { continue }
      if found[parameter.name] == nil { order.append((parameter.name, parameter.unit)) }
      found[parameter.name, default: []].append(estimate)
    }
    var pooled: [FittedParameter] = []
    for (name, unit) in order {
      guard let estimates = found[name], estimates.count > 1 else { continue }
      let all = PooledEstimate(estimates.map(\.value), errors: estimates.map(\.error))
      let ends = [all.interval.lowerBound, all.interval.upperBound].map { exp($0) }
      pooled += [
        FittedParameter(
          name, exp(all.mean), unit: unit, standardError: exp(all.mean) * all.standardError,
          interval: ends[0]...ends[1]),
        FittedParameter(
          "\(name)_spread", all.spread, unit: "1",
          standardError: (all.spreadInterval.upperBound - all.spreadInterval.lowerBound) / 3.92,
          interval: all.spreadInterval),
      ]
      report.statistics.append(("\(name)_traces", Double(estimates.count)))
    }
    guard !pooled.isEmpty else { return }
    report.parameters = pooled + report.parameters
    report.notes.append(
      "parameters without a trace's name are geometric means over the traces that have them, _spread"
        + " the standard deviation of ln between traces, without their errors")
  }

  /// Says which traces are left out, the first few by their reasons.
  mutating func noteLeftOut(_ reasons: [String], of count: Int) {
    guard !reasons.isEmpty else { return }
    let named = 5
    report.notes.append(
      "\(reasons.count) of \(count) traces left out: "
        + reasons.prefix(named).joined(separator: "; ")
        + (reasons.count > named ? "; and \(reasons.count - named) more" : ""))
  }

  /// ln of a positive parameter with its standard error; nil where its interval is not positive.
  private static func logarithm(_ parameter: FittedParameter) -> (value: Double, error: Double)? {
    let (low, high) = (parameter.interval.lowerBound, parameter.interval.upperBound)
    guard low > 0, high.isFinite, parameter.value > 0, high > low else { return nil }
    return (log(parameter.value), log(high / low) / 3.92)
  }
}
