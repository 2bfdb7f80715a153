import Calibration
import Foundation
import Mathematics
import Statistics

/// The drift of one cell, from all its readings.
///
/// A straight line in ln(1 + t/t₀) with an intercept of its own, as its first reading is as noisy as
/// the others: of ln G for a power law, of G for log-time. Readings of one cell remember each other, so
/// their residuals' autocorrelation widens the interval.
struct SingleTrace {
  let form: RetentionLaw.Form
  private let slope: Double
  private let error: Double
  private let freedom: Double
  /// Correlation of neighbouring residuals.
  let lagCorrelation: Double
  /// −d ln G/dt, where a straight line in time leaves less than one in its logarithm does.
  let rate: FittedParameter?

  /// - Parameters:
  ///   - groups: at least three times of the same cell.
  ///   - origin: t₀, s.
  init(_ groups: [RetentionGroup], origin: Double) {
    // The first reading belongs to the line, at no time.
    var readings = [(time: 0.0, change: 0.0)]
    for group in groups {
      readings += zip(group.times, group.changes).map { ($0, $1) }
    }
    readings.sort { $0.time < $1.time }
    let x = readings.map { log1p(max(0, $0.time) / origin) }
    let logarithms = Line(x, readings.map(\.change))
    let shares = Line(x, readings.map { exp($0.change) })
    // Both are judged in the conductance itself.
    let left = zip(x, readings).reduce(0.0) { sum, pair in
      let distance = exp(pair.1.change) - exp(logarithms.value(pair.0))
      return sum + distance * distance
    }
    // The usual law, unless the other one describes the trace beyond doubt.
    let gain = Double(readings.count) * log(max(left, 1e-300) / max(shares.squares, 1e-300))
    let isPower = gain < Self.clearGain
    form = isPower ? .power : .logarithmic
    let line = isPower ? logarithms : shares
    // ν of log-time is a share of the conductance at the start.
    let unit = isPower ? 1 : line.intercept
    slope = -line.slope / unit
    freedom = line.freedom
    error = line.widenedError / abs(unit)
    lagCorrelation = line.lagCorrelation
    let steady = Line(readings.map(\.time), readings.map(\.change))
    rate =
      steady.squares < Self.leastGain * logarithms.squares
      ? FittedParameter(
        "drift_rate", -steady.slope, unit: "1/s", standardError: steady.widenedError,
        quantile: StudentT.quantile(0.975, degrees: steady.freedom)) : nil
  }

  /// Gain of −2 ln L from which log-time is told from a power law.
  private static let clearGain = 10.0
  /// Squares of a line in time over those of one in its logarithm at which time is the better clock.
  private static let leastGain = 0.9

  func coefficient(named name: String) -> FittedParameter {
    FittedParameter(
      name, slope, unit: "1", standardError: error,
      quantile: StudentT.quantile(0.975, degrees: freedom))
  }

  /// A straight line by least squares.
  private struct Line {
    var slope = 0.0
    var intercept = 0.0
    var residuals: [Double] = []
    var squares = 0.0
    var slopeError = Double.infinity

    init(_ x: [Double], _ y: [Double]) {
      let n = Double(x.count)
      let (a, b) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
      let (xx, xy) = zip(x, y).reduce((0.0, 0.0)) {
        ($0.0 + ($1.0 - a) * ($1.0 - a), $0.1 + ($1.0 - a) * ($1.1 - b))
      }
      guard xx > 0 else { return }
      slope = xy / xx
      intercept = b - slope * a
      let (slope, intercept) = (slope, intercept)
      residuals = zip(x, y).map { $1 - intercept - slope * $0 }
      squares = residuals.reduce(0) { $0 + $1 * $1 }
      if n > 2 { slopeError = (squares / (n - 2) / xx).squareRoot() }
    }

    func value(_ x: Double) -> Double { intercept + slope * x }

    private var inflation: Double { SeriesPopulation.inflation(residuals) }
    /// Degrees of freedom of residuals that remember each other.
    var freedom: Double { max(1, Double(residuals.count) / inflation - 2) }
    var widenedError: Double { slopeError * inflation.squareRoot() }

    var lagCorrelation: Double {
      squares > 0
        ? zip(residuals.dropFirst(), residuals).reduce(0) { $0 + $1.0 * $1.1 } / squares : 0
    }
  }
}
