import FitResults
import Foundation

extension NoiseFit {
  /// Lines that get a note of their own.
  private static let namedLines = 4

  /// Names the lines that were taken off.
  ///
  /// - Returns: what the strongest is, or nothing without lines.
  mutating func note(
    _ search: LineSearch, _ trace: NoiseTrace, variance: Double, _ prefix: String,
    _ models: inout Set<String>
  ) -> String {
    report.statistics += [
      ("\(prefix)lines", Double(search.lines.count)),
      ("\(prefix)line_false_alarm", LineSearch.falseAlarm),
    ]
    guard let strongest = search.lines.first else { return "" }
    models.insert("line")
    for (number, line) in search.lines.enumerated() {
      let name = number == 0 ? "\(prefix)line" : "\(prefix)line_\(number + 1)"
      report.statistics += [
        ("\(name)_frequency_Hz", line.frequency), ("\(name)_amplitude_S", line.amplitude),
        ("\(name)_period_samples", 1 / (line.frequency * trace.interval)),
        ("\(name)_share", line.variance / variance),
      ]
      guard number < Self.namedLines else { continue }
      let text = Self.describe(line, trace.interval, variance)
      report.notes.append(
        "\(prefix)\(text)\(Self.harmony(of: line, in: search.lines)): an instrument's or the mains',"
          + " taken off before the noise of the device")
    }
    if search.lines.count > Self.namedLines {
      let all = search.lines.reduce(0) { $0 + $1.variance } / variance
      let share = String(format: "%.2g", 100 * all)
      report.notes.append(
        "\(prefix)\(search.lines.count - Self.namedLines) weaker lines are taken off too; all lines"
          + " together hold \(share) % of the variance")
    }
    if search.isExhausted {
      report.notes.append("\(prefix)more lines stand out than are looked for: they are left in")
    }
    return Self.describe(strongest, trace.interval, variance)
  }

  private static func describe(
    _ line: SineLine, _ interval: Double, _ variance: Double
  ) -> String {
    // Two digits of the error are all that a frequency is worth.
    let digits = max(0, min(12, 1 - Int(log10(max(1e-12, line.frequencyError)).rounded(.down))))
    let frequency = String(
      format: "%.\(digits)f ± %.1g", line.frequency, 1.96 * line.frequencyError)
    return String(
      format: "a line at \(frequency) Hz (period %.2f samples) with an amplitude of"
        + " %.3g ± %.1g S holds %.2g %% of the variance",
      1 / (line.frequency * interval), line.amplitude, 1.96 * line.amplitudeError,
      100 * line.variance / variance)
  }

  /// Says whose multiple a line is, within what both frequencies are known to.
  private static func harmony(of line: SineLine, in lines: [SineLine]) -> String {
    for other in lines where other.amplitude > line.amplitude {
      let multiple = (line.frequency / other.frequency).rounded()
      let off = abs(line.frequency - multiple * other.frequency)
      let error = line.frequencyError + multiple * other.frequencyError
      if multiple >= 2, multiple <= 20, off < 4 * error + 0.1 / line.duration {
        return String(format: ", harmonic %.0f of %.4g Hz", multiple, other.frequency)
      }
    }
    return ""
  }

  /// Names what stands out of the spectrum without being a sine.
  mutating func note(
    _ band: NoiseSpectrumFit.Band, share: Double, _ trace: NoiseTrace, _ prefix: String,
    _ models: inout Set<String>
  ) -> String {
    models.insert("band")
    report.statistics += [
      ("\(prefix)band_frequency_Hz", band.frequency), ("\(prefix)band_share", share),
    ]
    let text = String(
      format: "a band around %.4g Hz (period %.2f samples) holds %.2g %% of the variance",
      band.frequency, 1 / (band.frequency * trace.interval), 100 * share)
    report.notes.append(
      "\(prefix)\(text): no steady sine, but no noise of a device either; left out of the spectrum")
    return text
  }

  /// Says what was amiss with the samples, and what became of it.
  mutating func noteRepairs(_ trace: NoiseTrace, _ prefix: String) {
    if trace.isUneven {
      report.notes.append(
        "\(prefix)the samples are not evenly spaced: frequencies hold on average only")
    }
    if trace.missing > 0 {
      report.statistics += [
        ("\(prefix)missing_samples", Double(trace.missing)), ("\(prefix)gaps", Double(trace.gaps)),
      ]
      let share = String(format: "%.2g", 100 * Double(trace.missing) / Double(trace.values.count))
      report.notes.append(
        "\(prefix)\(trace.missing) samples (\(share) %) are missing in \(trace.gaps) gaps: filled by"
          + " straight lines between their neighbours")
    }
    noteSpikes(trace, prefix)
    if trace.clippedShare > 0.005 {
      let share = String(format: "%.1f", 100 * trace.clippedShare)
      report.statistics.append(("\(prefix)clipped_share", trace.clippedShare))
      report.notes.append("\(prefix)\(share) % of the samples are clipped at \(trace.clippedAt) S")
    }
  }

  private mutating func noteSpikes(_ trace: NoiseTrace, _ prefix: String) {
    if trace.outside > 0 {
      report.notes.append(
        "\(prefix)\(trace.outside) samples lie far outside of the levels, too many for spikes: left"
          + " in")
    }
    guard !trace.spikes.isEmpty else { return }
    report.statistics.append(("\(prefix)spikes", Double(trace.spikes.count)))
    let largest = trace.spikes.sorted {
      abs($0.value - $0.replacement) > abs($1.value - $1.replacement)
    }
    let named = largest.prefix(10).map {
      String(
        format: "sample %d at %.6g s reads %.4g S, %+.3g S off", $0.sample, $0.time, $0.value,
        $0.value - $0.replacement)
    }
    let others = largest.count > named.count ? "; \(largest.count - named.count) smaller ones" : ""
    let number = trace.spikes.count == 1 ? "1 spike" : "\(trace.spikes.count) spikes"
    report.notes.append(
      "\(prefix)\(number) far outside of what levels and noise explain, left out and replaced by"
        + " straight lines (samples count from 0): \(named.joined(separator: "; "))\(others)")
  }
}
