import Foundation

/// Levels of a trace, in units of its own spread, so that the fit's tolerances mean something.
struct NoiseLevels {
  let fit: TelegraphFit
  let mean: Double
  let unit: Double
  /// What the fit looked at, in units.
  let values: [Double]

  /// Levels that far apart, in units of the noise within them, are told apart sample by sample.
  private static let clearContrast = 4.0
  /// Samples that the hidden Markov fit looks at.
  private static let longest = 100_000

  init(_ trace: [Double]) {
    let (mean, variance) = NoiseFit.moments(trace)
    (self.mean, unit) = (mean, variance.squareRoot())
    let unit = unit
    values = trace.prefix(Self.longest).map { ($0 - mean) / unit }
    var best = TelegraphFit(values, levels: 1)
    for number in 2...4 {
      let fit = TelegraphFit(values, levels: number)
      guard fit.bic < best.bic, Self.isTelegraph(fit) else { break }
      best = fit
    }
    fit = best
  }

  var isClear: Bool { fit.count > 1 && fit.contrast > Self.clearContrast }

  /// The expected level at every sample, S.
  func path(of trace: [Double]) -> [Double] {
    fit.path(of: trace.map { ($0 - mean) / unit }).map { mean + unit * $0 }
  }

  /// Levels apart by more than the noise within them, each visited and stayed in: what slow 1/f noise
  /// cut into levels is not.
  private static func isTelegraph(_ fit: TelegraphFit) -> Bool {
    (1..<fit.count).allSatisfy { fit.levels[$0] - fit.levels[$0 - 1] > 2 * fit.deviation }
      && fit.levels.indices.allSatisfy { level in
        let visits = fit.occupation[level] * Double(fit.samples) / fit.dwell(level)
        return fit.dwell(level) > 1.5 && visits >= 5 && fit.occupation[level] > 0.005
      }
  }
}
