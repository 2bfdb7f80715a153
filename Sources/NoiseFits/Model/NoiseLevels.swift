import Foundation
import Statistics

/// Levels of a trace, in units of its own spread, so that the fit's tolerances mean something.
struct NoiseLevels {
  private(set) var fit: TelegraphFit
  let mean: Double
  let unit: Double
  /// What the fit looked at, in units.
  let values: [Double]

  /// Levels that far apart, in units of the noise within them, are told apart sample by sample.
  private static let clearContrast = 4.0
  /// Samples that the hidden Markov fit looks at.
  private static let longest = 100_000

  /// Why a trace that levels describe better than white noise is taken to have one, as a note says it.
  private(set) var doubt: String?

  /// Standard deviation that is told from none, of a trace's.
  private static let leastDeviation = 1e-4
  /// Stays more regular than this, in units of stays without memory, are a clock's.
  private static let leastRegularity = 0.4

  init(_ trace: [Double]) {
    let (mean, variance) = NoiseFit.moments(trace)
    (self.mean, unit) = (mean, variance.squareRoot())
    let unit = unit
    values = trace.prefix(Self.longest).map { ($0 - mean) / unit }
    let step = Self.step(of: values)
    let floor = max(step / 12.0.squareRoot(), Self.leastDeviation)
    let single = TelegraphFit(values, levels: 1, floor: floor)
    fit = single
    let wander = FilteredNoise(values, floor: floor)
    var best: (fit: TelegraphFit, bic: Double)?
    var last = single
    for number in 2...4 {
      let found = TelegraphFit(values, levels: number, floor: floor)
      guard found.bic < last.bic else { break }
      last = found
      guard Self.isTelegraph(found) else { continue }
      let bic = min(found.bic, found.filteredBIC(values, floor: floor))
      if bic < best?.bic ?? .infinity { best = (found, bic) }
    }
    guard let best else { return }
    let distance = zip(best.fit.levels, best.fit.levels.dropFirst()).map { $1 - $0 }.min() ?? 0
    if best.bic >= wander.bic {
      doubt =
        "a slow wander: filtered Gaussian noise describes the trace better than levels (BIC"
        + String(format: " %.0f against %.0f)", wander.bic, best.bic)
    } else if step > 0, distance < 1.5 * step {
      doubt = "levels one step of the converter apart, which are not told from its digits"
    } else if let ratio = TelegraphFit.regularity(of: best.fit.decoded(values).path),
      ratio < Self.leastRegularity
    {
      doubt =
        "a square wave: its stays are regular, with"
        + String(format: " %.2f of the spread of a trap's", ratio)
    } else {
      fit = best.fit
    }
  }

  /// The converter's step; 0 where readings are not on a grid, or are two values and no more.
  private static func step(of values: [Double]) -> Double {
    let width = ValueGrid(values).width
    guard width > 0, let low = values.min(), let high = values.max(), high - low > 1.5 * width
    else { return 0 }
    let isGrid = values.allSatisfy {
      let place = ($0 - low) / width
      return abs(place - place.rounded()) < 0.1
    }
    return isGrid ? width : 0
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
