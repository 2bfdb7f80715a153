import Foundation

extension TelegraphFit {
  /// The most probable row of levels (Viterbi 1967) with its ln probability.
  func decoded(_ trace: [Double]) -> (path: [Int], logProbability: Double) {
    let (n, k) = (trace.count, count)
    let steps = transitions.map { log(max($0, 1e-12)) }
    let first = occupation.map { log(max($0, 1e-12)) }
    func emission(_ t: Int, _ level: Int) -> Double {
      let z = (trace[t] - levels[level]) / deviation
      return -z * z / 2
    }
    var scores = (0..<k).map { first[$0] + emission(0, $0) }
    var origin = [UInt8](repeating: 0, count: n * k)
    for t in 1..<n {
      scores = (0..<k).map { level in
        var best = 0
        for other in 1..<k
        where scores[other] + steps[other * k + level] > scores[best] + steps[best * k + level] {
          best = other
        }
        origin[t * k + level] = UInt8(best)
        return scores[best] + steps[best * k + level] + emission(t, level)
      }
    }
    var path = [Int](repeating: 0, count: n)
    path[n - 1] = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    for t in stride(from: n - 1, to: 0, by: -1) { path[t - 1] = Int(origin[t * k + path[t]]) }
    let logProbability = zip(path, path.dropFirst()).reduce(first[path[0]]) {
      $0 + steps[$1.0 * k + $1.1]
    }
    return (path, logProbability)
  }

  /// Bayes' criterion of the levels with filtered Gaussian noise on them: that of the decoded row of
  /// levels, which is no more likely than all rows together, and of what it leaves.
  func filteredBIC(_ trace: [Double], floor: Double) -> Double {
    let (path, logProbability) = decoded(trace)
    let rest = zip(trace, path).map { $0 - levels[$1] }
    let parameters = Double(count * count - 1)
    return FilteredNoise(rest, floor: floor).bic - 2 * logProbability
      + parameters * log(Double(samples))
  }

  /// Standard deviation of the stays of a decoded row in units of stays without memory; nil for few.
  ///
  /// The first and the last stay are cut off and do not count.
  static func regularity(of path: [Int]) -> Double? {
    var stays: [(level: Int, length: Double)] = []
    for level in path {
      if stays.last?.level == level {
        stays[stays.count - 1].length += 1
      } else {
        stays.append((level, 1))
      }
    }
    let whole = stays.dropFirst().dropLast()
    guard whole.count >= fewestStays else { return nil }
    var (sum, count) = (0.0, 0.0)
    for level in Set(whole.map(\.level)) {
      let own = whole.filter { $0.level == level }.map(\.length)
      guard own.count > 2 else { continue }
      let mean = own.reduce(0, +) / Double(own.count)
      let variance =
        own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count - 1)
      // Geometric: variance m² − m.
      sum += Double(own.count) * variance / max(mean * mean - mean, 0.25)
      count += Double(own.count)
    }
    return count > 0 ? (sum / count).squareRoot() : nil
  }

  /// Stays from which their distribution says something.
  private static let fewestStays = 16
}
