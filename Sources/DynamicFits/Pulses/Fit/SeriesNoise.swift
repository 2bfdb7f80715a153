import Foundation
import Mathematics
import Statistics

/// What readings do about the mean curve of their device, taken apart.
///
/// Half the mean square difference of residuals k pulses apart (the variogram) has three parts:
///
///     γ(k) = σ_white² + σ_flicker²·ln k + c²·B(k)
///
/// white noise of a reading, its 1/f noise, and steps that vary by c times their mean. A step that
/// was off by δ at pulse j leaves δ·s_n/s_j at pulse n, since perturbations of du/dn = f(u) move like
/// f itself, so that pulses from the start of a run leave
///
///     B(k) = mean over n of ½·[n·(s_{n+k} − s_n)² + k·s_{n+k}²]
///
/// with s_n the mean step at pulse n. Without the second part 1/f noise is taken for steps.
struct SeriesNoise: Sendable {
  /// Variance of single readings, S².
  var white = 0.0
  /// Variance per e-fold of the lag, S².
  var flicker = 0.0
  /// c.
  var cycleToCycle = 0.0
  /// Standard error of c by leaving out a device (a run where there are few devices) at a time.
  var cycleToCycleError = Double.infinity
  /// Parts that were left out one at a time, less one.
  private var freedom = 0.0
  /// c with its interval, none of it below zero.
  var parameter: FittedParameter {
    let quantile = freedom > 0 ? StudentT.quantile(0.975, degrees: freedom) : 1.96
    let half = quantile * cycleToCycleError
    return FittedParameter(
      "cycle_to_cycle", cycleToCycle, unit: "1", standardError: cycleToCycleError,
      interval: max(0, cycleToCycle - half)...max(0, cycleToCycle) + half)
  }
  /// Variance of cycles about their device's mean, S².
  var cycleVariance = 0.0

  private static let lags = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64]
  /// Devices from which on they are what is left out.
  private static let fewDevices = 5

  init() {}

  init(_ series: PulseSeries, fits: [(device: Int, fit: StepCurveFit)]) {
    let groups = fits.flatMap { device, fit in
      [true, false].map { isSet in
        Residuals(
          series.runs.filter { $0.device == device && $0.isSet == isSet }, device: device, fit: fit)
      }
    }
    var parts: [Int: Part] = [:]
    let byDevice = fits.count >= Self.fewDevices
    for group in groups {
      for (run, residuals) in group.runs.enumerated() {
        let key = byDevice ? group.device : run
        parts[key, default: Part()].add(residuals, steps: group.steps)
      }
    }
    let pieces = parts.sorted { $0.key < $1.key }.map(\.value)
    let all = pieces.reduce(into: Part()) { $0.add($1) }
    guard let solved = all.components() else { return }
    (white, flicker, cycleToCycle) = (solved[0], solved[1], solved[2].squareRoot())
    let means = groups.flatMap { $0.runs.map(SeriesPopulation.mean) }
    cycleVariance = pow(SeriesPopulation.deviation(means), 2)
    guard pieces.count > 2 else { return }
    let left = pieces.indices.compactMap { held -> Double? in
      let rest = pieces.indices.filter { $0 != held }
      return rest.reduce(into: Part()) { $0.add(pieces[$1]) }.components().map {
        $0[2].squareRoot()
      }
    }
    freedom = Double(left.count - 1)
    cycleToCycleError =
      SeriesPopulation.deviation(left) * Double(left.count - 1) / Double(left.count).squareRoot()
  }

  /// The runs of one polarity of a device, less their mean.
  private struct Residuals {
    var device: Int
    var runs: [[Double]]
    /// Mean step at every pulse, S.
    var steps: [Double]

    init(_ runs: [PulseSeries.Run], device: Int, fit: StepCurveFit) {
      self.device = device
      let length = runs.map(\.conductance.count).max() ?? 0
      guard let first = runs.first else {
        (self.runs, steps) = ([], [])
        return
      }
      // Where all runs agree in length their own mean has no error of form in it.
      let isEven = runs.count > 1 && runs.allSatisfy { $0.conductance.count == length }
      let loss = isEven ? (Double(runs.count) / Double(runs.count - 1)).squareRoot() : 1
      let curve = (0...length).map {
        fit.value(isSet: first.isSet, pulses: first.pulse[0] + Double($0))
      }
      let mean = (0..<length).map { n in
        isEven ? SeriesPopulation.mean(runs.map { $0.conductance[n] }) : curve[n]
      }
      self.runs = runs.map { run in
        zip(run.conductance, mean).map { loss * ($0 - $1) }
      }
      steps = zip(curve, curve.dropFirst()).map { abs($1 - $0) }
    }
  }

  /// Sums of the variogram and of B(k) by lag.
  private struct Part {
    var squares = [Double](repeating: 0, count: lags.count)
    var basis = [Double](repeating: 0, count: lags.count)
    var counts = [Double](repeating: 0, count: lags.count)

    mutating func add(_ residuals: [Double], steps: [Double]) {
      for (at, lag) in SeriesNoise.lags.enumerated() where residuals.count > 2 * lag {
        for n in 0..<residuals.count - lag {
          let difference = residuals[n + lag] - residuals[n]
          let (near, far) = (steps[n], steps[n + lag])
          squares[at] += difference * difference / 2
          basis[at] +=
            (Double(n) * (far - near) * (far - near) + Double(lag) * far * far) / 2
        }
        counts[at] += Double(residuals.count - lag)
      }
    }

    mutating func add(_ other: Part) {
      for at in squares.indices {
        squares[at] += other.squares[at]
        basis[at] += other.basis[at]
        counts[at] += other.counts[at]
      }
    }

    /// σ_white², σ_flicker² and c², none below zero, by least squares over the lags; nil with fewer
    /// lags than unknowns.
    func components() -> [Double]? {
      let used = counts.indices.filter { counts[$0] > 0 }
      guard used.count > 3 else { return nil }
      let target = used.map { squares[$0] / counts[$0] }
      let columns = [
        used.map { _ in 1.0 }, used.map { log(Double(SeriesNoise.lags[$0])) },
        used.map { basis[$0] / counts[$0] },
      ]
      return try? NonNegativeLeastSquares.solve(columns, target)
    }
  }
}
