import Failures
import Foundation
import Mathematics

/// Looks for sines of a fixed frequency in a trace, and takes them off.
///
/// A sine gathers in one element of the whole trace's periodogram, while a trap's Lorentzian, 1/f and
/// white noise are as high in its neighbours: an element counts against their median.
struct LineSearch {
  /// Strongest first.
  private(set) var lines: [SineLine] = []
  /// The trace without its lines; the mean is kept.
  var rest: [Double]
  /// Whether more lines were left than are looked for.
  private(set) var isExhausted = false

  /// Probability that a trace without a line is said to have one.
  static let falseAlarm = 1e-3
  private static let most = 16
  private static let passes = 12

  init(_ trace: [Double], interval: Double) throws(Failure) {
    rest = trace
    let duration = interval * Double(trace.count)
    for pass in 1...Self.passes {
      let peaks = Self.peaks(in: try Periodogram(of: rest, interval: interval))
      guard let strongest = peaks.first else { break }
      isExhausted = pass == Self.passes
      // What a strong line leaks must not pass for weak ones: those have to wait for the next pass.
      for peak in peaks where peak.ratio > 0.1 * strongest.ratio {
        let near = lines.firstIndex { abs($0.frequency - peak.frequency) * duration < 2.5 }
        if near == nil, lines.count == Self.most {
          isExhausted = true
          continue
        }
        var line = SineLine(
          frequency: peak.frequency, duration: duration)
        if let near {
          line = lines.remove(at: near)
          line.add(1, to: &rest, interval: interval)
        }
        line.fit(rest, interval: interval)
        line.add(-1, to: &rest, interval: interval)
        lines.append(line)
      }
      if isExhausted { break }
    }
    // One line bends the others a little: each once more beside the rest of them.
    if lines.count > 1 {
      for index in lines.indices {
        lines[index].add(1, to: &rest, interval: interval)
        lines[index].fit(rest, interval: interval, steps: 2)
        lines[index].add(-1, to: &rest, interval: interval)
      }
    }
    lines.sort { $0.amplitude > $1.amplitude }
    try judge(interval)
  }

  /// The noise around every line, with all lines taken off.
  private mutating func judge(_ interval: Double) throws(Failure) {
    guard !lines.isEmpty else { return }
    let periodogram = try Periodogram(of: rest, interval: interval)
    for index in lines.indices {
      // At the lower end neighbours further up stand in: there are none below.
      let element = max(
        Int((lines[index].frequency / periodogram.resolution).rounded()),
        Int(12 * periodogram.padding))
      let around = Self.surroundings(periodogram.density, at: element, periodogram.padding)
      lines[index].background = around.first?.density ?? lines[index].background
    }
  }

  private struct Peak {
    var frequency: Double
    /// Over the background.
    var ratio: Double
  }

  /// Elements too high for noise, highest over their background first.
  private static func peaks(in periodogram: Periodogram) -> [Peak] {
    let (density, padding) = (periodogram.density, periodogram.padding)
    // Three turns in the trace: fewer are a drift.
    let first = Int((3 * padding).rounded(.up))
    let last = density.count - 2
    guard first < last else { return [] }
    // False alarms spread evenly over octaves, not over elements: lines live at low frequencies.
    let folds = log(Double(last) / Double(first - 1))
    let block = 64
    var found: [Peak] = []
    for start in stride(from: 0, through: last, by: block) {
      let elements = start..<min(density.count, start + block)
      let floor = start == 0 ? 0 : 5 * (density[elements].median ?? 0)
      for k in elements where k >= first && k <= last && density[k] > floor {
        guard density[k] >= density[k - 1], density[k] > density[k + 1] else { continue }
        let chance = falseAlarm / (Double(k) * folds)
        let around = surroundings(density, at: k, padding).min {
          $0.limit(chance / 2) < $1.limit(chance / 2)
        }
        guard let around, density[k] > around.limit(chance / 2) else { continue }
        // The vertex of a parabola through the logarithms.
        let (a, b, c) = (
          log(max(density[k - 1], 1e-300)), log(density[k]), log(max(density[k + 1], 1e-300))
        )
        let shift = max(-0.5, min(0.5, 0.5 * (a - c) / (a - 2 * b + c)))
        found.append(
          Peak(
            frequency: (Double(k) + shift) * periodogram.resolution,
            ratio: density[k] / around.density))
      }
    }
    return found.sorted { $0.ratio > $1.ratio }
  }

  /// What an element has to stand out of.
  private struct Surroundings {
    /// Density of the noise.
    var density: Double
    /// Number of independent elements that the median is worth.
    var freedom: Double

    /// What noise exceeds with a probability.
    ///
    /// The ratio of an exponential variate to a mean of m such: P(ratio > x) = (1 + x/m)^−m.
    func limit(_ chance: Double) -> Double {
      density * freedom * (pow(chance, -1 / freedom) - 1)
    }

    /// - Parameter around: elements as high as noise is at one frequency.
    init(_ around: [Double], _ padding: Double) {
      density = max((around.median ?? 0) / log(2), 1e-300)
      // A median needs twice the elements of a mean, and neighbours under a window are alike.
      freedom = Double(around.count) / (3 * padding)
    }
  }

  /// The median of as many neighbours on either side, so that no slope shifts it; and, as there are
  /// few at low frequencies, of those above alone, raised as if the spectrum fell as f⁻⁴, which is what
  /// a drift leaks.
  private static func surroundings(
    _ density: [Double], at k: Int, _ padding: Double
  ) -> [Surroundings] {
    // A sine's own elements are left out.
    let lobe = Int((2 * padding).rounded(.up))
    let reach = min(k - 1, Int(100 * padding))
    let above = density.dropFirst(k + lobe + 1)
    let even = density[min(k - reach, k - lobe)..<(k - lobe)] + above.prefix(max(0, reach - lobe))
    let steep = above.prefix(Int(20 * padding)).enumerated().map { index, value in
      value * pow(Double(k + lobe + 1 + index) / Double(k), 4)
    }
    return [Array(even), steep].filter { !$0.isEmpty }.map { Surroundings($0, padding) }
  }
}
