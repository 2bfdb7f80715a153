import Foundation
import Mathematics

/// How well Gaussian noise of any spectrum describes a trace: what levels have to be better than.
///
/// A slow wander cut into levels looks like a trap with a dozen visits; noise that went through a filter
/// describes it with fewer numbers. Two descriptions stand in for all spectra: an autoregression of up
/// to so many samples by Burg's recursion (J. P. Burg, 1967), and a density that is constant in bands of
/// a quarter octave, whose innovations have the variance exp(mean of ln S) (Kolmogorov 1941).
struct FilteredNoise {
  /// Bayes' criterion of the better one: k ln n − 2 ln L.
  let bic: Double

  /// Samples that the longest autoregression remembers.
  private static let longest = 24
  private static let bandsPerOctave = 4.0

  /// - Parameter floor: standard deviation that the digits of a reading leave at least.
  init(_ trace: [Double], floor: Double) {
    bic = min(
      Self.autoregression(trace, floor: floor), Self.bands(trace, floor: floor) ?? .infinity)
  }

  /// −2 ln L of innovations of one variance.
  private static func deviance(_ variance: Double, _ count: Double, _ floor: Double) -> Double {
    let held = max(variance, floor * floor, 1e-300)
    return count * (log(2 * Double.pi * held) + variance / held)
  }

  private static func autoregression(_ trace: [Double], floor: Double) -> Double {
    let count = Double(trace.count)
    let mean = trace.reduce(0, +) / count
    var forward = trace.map { $0 - mean }
    var backward = forward
    var variance = forward.reduce(0) { $0 + $1 * $1 } / count
    var least = deviance(variance, count, floor) + 2 * log(count)
    for order in 1...min(longest, trace.count / 8) {
      var (product, squares) = (0.0, 0.0)
      for t in order..<trace.count {
        product += forward[t] * backward[t - 1]
        squares += forward[t] * forward[t] + backward[t - 1] * backward[t - 1]
      }
      guard squares > 0 else { break }
      let reflection = 2 * product / squares
      for t in stride(from: trace.count - 1, through: order, by: -1) {
        let (ahead, behind) = (forward[t], backward[t - 1])
        forward[t] = ahead - reflection * behind
        backward[t] = behind - reflection * ahead
      }
      variance *= 1 - reflection * reflection
      least = min(least, deviance(variance, count, floor) + Double(order + 2) * log(count))
    }
    return least
  }

  private static func bands(_ trace: [Double], floor: Double) -> Double? {
    var segment = 16
    while 2 * segment <= trace.count { segment *= 2 }
    guard let spectrum = try? PowerSpectrum(of: trace, interval: 1, segment: segment) else {
      return nil
    }
    // One-sided: twice the variance of a sample of white noise.
    let density = spectrum.density.map { max($0 / 2, 1e-300) }
    var (first, bands, sum) = (0, 0, 0.0)
    while first < density.count {
      let next = Int(Double(first + 1) * pow(2, 1 / bandsPerOctave))
      let band = density[first..<min(density.count, max(first + 3, next))]
      sum += Double(band.count) * log(band.reduce(0, +) / Double(band.count))
      bands += 1
      first = band.endIndex
    }
    let count = Double(trace.count)
    return deviance(exp(sum / Double(density.count)), count, floor) + Double(bands) * log(count)
  }
}
