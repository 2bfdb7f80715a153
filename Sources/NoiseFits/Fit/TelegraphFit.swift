import Failures
import Foundation
import Mathematics

/// Levels of a trace that jumps: a hidden Markov chain under Gaussian noise.
///
/// Baum and Welch's algorithm with scaled forward and backward passes (Rabiner, Proc. IEEE 77, 257
/// (1989)).
struct TelegraphFit: Sendable {
  /// Means of the levels, rising.
  var levels: [Double]
  /// Standard deviation within a level.
  var deviation: Double
  /// Row-major probabilities of going from one level to another within one sample.
  var transitions: [Double]
  var logLikelihood: Double
  var occupation: [Double]
  let samples: Int

  var count: Int { levels.count }

  /// Bayes' criterion: k ln n − 2 ln L.
  var bic: Double {
    Double(count * count + 1) * log(Double(samples)) - 2 * logLikelihood
  }

  /// Mean stay in a level, in samples, of the process that is sampled.
  func dwell(_ level: Int) -> Double {
    guard count == 2 else { return 1 / max(1e-12, 1 - transitions[level * count + level]) }
    // Two levels: jumps there and back within a sample are known from the relaxation rate.
    let (up, down) = (transitions[1], transitions[2])
    let rate = -log(max(1e-12, 1 - up - down))
    return (up + down) / (rate * (level == 0 ? up : down))
  }

  /// Fits a number of levels.
  ///
  /// - Parameter floor: standard deviation that the digits of a reading leave at least.
  init(_ trace: [Double], levels number: Int, floor: Double = 0) {
    let sorted = trace.sorted()
    let n = sorted.count
    samples = n
    levels = (0..<number).map { sorted[min(n - 1, (2 * $0 + 1) * n / (2 * number))] }
    let mean = trace.reduce(0, +) / Double(n)
    let spread = (trace.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)).squareRoot()
    if number == 2 {
      // Means of the halves at the middle of the range part even unequal occupations.
      let middle = (sorted[n / 1000] + sorted[n - 1 - n / 1000]) / 2
      let low = trace.filter { $0 < middle }
      let high = trace.filter { $0 >= middle }
      if !low.isEmpty, !high.isEmpty {
        levels = [low, high].map { $0.reduce(0, +) / Double($0.count) }
      }
    }
    deviation = max(spread / Double(number), floor)
    transitions = (0..<number * number).map {
      number == 1 ? 1 : $0 / number == $0 % number ? 0.95 : 0.05 / Double(number - 1)
    }
    occupation = [Double](repeating: 1 / Double(number), count: number)
    logLikelihood = -.infinity
    var last = -Double.infinity
    for _ in 0..<200 {
      step(trace, floor: floor)
      if abs(logLikelihood - last) < 1e-8 * abs(logLikelihood) + 1e-6 { break }
      last = logLikelihood
    }
  }

  /// One step of expectation and maximisation.
  private mutating func step(_ trace: [Double], floor: Double) {
    let (n, k) = (trace.count, count)
    let pass = ForwardPass(trace, levels, deviation, transitions, occupation)
    logLikelihood = pass.logLikelihood
    var backward = [Double](repeating: 1, count: k)
    var flow = [Double](repeating: 0, count: k * k)
    var (weights, sums) = ([Double](repeating: 0, count: k), [Double](repeating: 0, count: k))
    var squares = [Double](repeating: 0, count: k)
    for t in stride(from: n - 1, through: 0, by: -1) {
      for i in 0..<k {
        let share = pass.forward[t * k + i] * backward[i]
        weights[i] += share
        let distance = trace[t] - levels[i]
        sums[i] += share * distance
        squares[i] += share * distance * distance
      }
      guard t > 0 else { break }
      var next = [Double](repeating: 0, count: k)
      for i in 0..<k {
        for j in 0..<k {
          let part =
            transitions[i * k + j] * pass.emission[t * k + j] * backward[j] / pass.scales[t]
          next[i] += part
          flow[i * k + j] += pass.forward[(t - 1) * k + i] * part
        }
      }
      backward = next
    }
    var variance = 0.0
    for i in 0..<k where weights[i] > 1e-9 {
      let shift = sums[i] / weights[i]
      variance += squares[i] - weights[i] * shift * shift
      levels[i] += shift
      let out = (0..<k).reduce(0) { $0 + flow[i * k + $1] }
      if out > 0 { for j in 0..<k { transitions[i * k + j] = flow[i * k + j] / out } }
      occupation[i] = weights[i] / Double(n)
    }
    deviation = max((max(variance, 0) / Double(n)).squareRoot(), floor, 1e-300)
  }

  /// The expected level at every sample, given all of a trace.
  func path(of trace: [Double]) -> [Double] {
    let (n, k) = (trace.count, count)
    let pass = ForwardPass(trace, levels, deviation, transitions, occupation)
    var backward = [Double](repeating: 1, count: k)
    var path = [Double](repeating: 0, count: n)
    for t in stride(from: n - 1, through: 0, by: -1) {
      for i in 0..<k { path[t] += pass.forward[t * k + i] * backward[i] * levels[i] }
      guard t > 0 else { break }
      backward = (0..<k).map { i in
        (0..<k).reduce(0) {
          $0 + transitions[i * k + $1] * pass.emission[t * k + $1] * backward[$1] / pass.scales[t]
        }
      }
    }
    return path
  }

  /// Distance of the closest levels over the noise within them.
  var contrast: Double {
    zip(levels, levels.dropFirst()).map { ($1 - $0) / deviation }.min() ?? 0
  }

  /// −ln L of two levels: low, high, ln deviation, ln of the mean stays in low and high (samples).
  private static func cost(_ trace: [Double], _ p: [Double]) -> Double {
    let (up, down) = (exp(-p[3]), exp(-p[4]))
    let share = (1 - exp(-(up + down))) / (up + down)
    let (a, b) = (up * share, down * share)
    return -ForwardPass(
      trace, [p[0], p[1]], exp(p[2]), [1 - a, a, b, 1 - b],
      [down / (up + down), up / (up + down)]
    ).logLikelihood
  }

  /// Standard errors of low, high, ln deviation and the logarithms of both mean stays, from the
  /// observed information; two levels only.
  func standardErrors(_ trace: [Double]) -> [Double] {
    let point = [levels[0], levels[1], log(deviation), log(dwell(0)), log(dwell(1))]
    let n = Double(samples).squareRoot()
    let steps = [deviation * 2 / n, deviation * 2 / n, 2 / n, 0.05, 0.05]
    var information = [Double](repeating: 0, count: 25)
    func value(_ i: Int, _ a: Double, _ j: Int, _ b: Double) -> Double {
      var p = point
      p[i] += a * steps[i]
      p[j] += b * steps[j]
      return Self.cost(trace, p)
    }
    for i in 0..<5 {
      for j in 0...i {
        let mixed =
          value(i, 1, j, 1) - value(i, 1, j, -1) - value(i, -1, j, 1)
          + value(i, -1, j, -1)
        information[i * 5 + j] = mixed / (4 * steps[i] * steps[j])
        information[j * 5 + i] = information[i * 5 + j]
      }
    }
    let inverse = InformationMatrix(information, size: 5)
    return (0..<5).map {
      inverse.undetermined.contains($0) || inverse.inverse[$0 * 6] <= 0
        ? .infinity : inverse.inverse[$0 * 6].squareRoot()
    }
  }
}

/// The scaled forward pass over a trace.
private struct ForwardPass {
  /// Probability of each level at each sample, given the trace up to it.
  var forward: [Double]
  /// Density of each sample, given those before.
  var scales: [Double]
  /// Density of each sample under each level.
  var emission: [Double]
  var logLikelihood = 0.0

  init(
    _ trace: [Double], _ levels: [Double], _ deviation: Double, _ transitions: [Double],
    _ first: [Double]
  ) {
    let (n, k) = (trace.count, levels.count)
    forward = [Double](repeating: 0, count: n * k)
    scales = [Double](repeating: 0, count: n)
    emission = [Double](repeating: 0, count: n * k)
    let norm = 1 / (deviation * (2 * Double.pi).squareRoot())
    for t in trace.indices {
      var total = 0.0
      for j in 0..<k {
        let z = (trace[t] - levels[j]) / deviation
        // A floor lets a chain survive an outlier.
        let density = max(norm * exp(-z * z / 2), norm * 1e-100)
        emission[t * k + j] = density
        var prior = first[j]
        if t > 0 {
          prior = 0
          for i in 0..<k { prior += forward[(t - 1) * k + i] * transitions[i * k + j] }
        }
        forward[t * k + j] = prior * density
        total += prior * density
      }
      total = max(total, 1e-300)
      for j in 0..<k { forward[t * k + j] /= total }
      scales[t] = total
      logLikelihood += log(total)
    }
  }
}
