import Devices
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import NoiseFits
import Statistics
import Testing
import VirtualLaboratory
import _TestSupport

/// What is no noise of a device: an instrument's lines, spikes and samples that are missing.
@Suite("fit noise: disturbances")
struct NoiseDisturbanceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func measurement(_ seed: UInt64) -> NoiseMeasurement {
    var measurement = NoiseMeasurement(
      model: TelegraphModel(
        captureTime: 5e-3, emissionTime: 2e-3, sampleInterval: 1e-4,
        read: Pulse(voltage: 0.1, width: 1e-6), conductance: 65e-6))
    measurement.seed = seed
    return measurement
  }

  /// Fits readings as (sample, conductance) at 0.1 ms.
  private func fit(_ samples: [(Int, Double)]) throws -> NoiseFit {
    let rows = samples.map { "\(Double($0.0) * 1e-4),\($0.1)\n" }.joined()
    try Data("time_s,conductance_S\n\(rows)".utf8).write(
      to: URL(fileURLWithPath: folder.file("n.csv")))
    return try NoiseFit(TableReader(files: [folder.file("n.csv")]))
  }

  private func fit(_ trace: [Double]) throws -> NoiseFit {
    try fit(Array(trace.enumerated()).map { ($0.offset, $0.element) })
  }

  private func value(_ name: String, _ fit: NoiseFit) throws -> Double {
    try #require(fit.report.parameters.first { $0.name == name }, "\(name)").value
  }

  /// A fit says of the trap what it says without the disturbance.
  private func expectAlike(
    _ fit: NoiseFit, _ reference: NoiseFit, within tolerance: Double,
    _ names: [String] = [
      "capture_time", "emission_time", "amplitude", "level_noise", "white_density",
    ]
  ) throws {
    #expect(fit.report.statistic("telegraph_levels") == 2)
    for name in names {
      let (found, expected) = (try value(name, fit), try value(name, reference))
      #expect(abs(found / expected - 1) < tolerance, "\(name): \(found), \(expected)")
    }
  }

  @Test(arguments: [3.0, 10, 20, 25, 30, 40, 50, 60, 80, 4900])
  func `A line beside white noise is found, and no trap with it`(frequency: Double) throws {
    var measurement = measurement(0)
    measurement.amplitude = 0
    measurement.line = (frequency, 0.02)
    let fit = try fit(measurement.trace(0))
    #expect(fit.report.statistic("lines") == 1)
    // Five standard errors: 1e-3 Hz after many turns, more with few.
    let found = try #require(fit.report.statistic("line_frequency_Hz"))
    #expect(abs(found - frequency) < (frequency < 10 ? 0.05 : 0.006), "\(found)")
    let amplitude = try #require(fit.report.statistic("line_amplitude_S"))
    #expect(abs(amplitude / 1.3e-6 - 1) < 0.05, "\(amplitude)")
    let share = try #require(fit.report.statistic("line_share"))
    #expect(abs(share - 0.89) < 0.03, "\(share)")
    #expect(fit.report.statistic("telegraph_levels") == 1)
    let white = 2 * 1e-4 * (0.005 * 65e-6) * (0.005 * 65e-6)
    #expect(abs(try value("white_density", fit) / white - 1) < 0.06)
  }

  @Test(arguments: [10.0, 50, 60])
  func `A line beside a trap leaves the trap as it is`(frequency: Double) throws {
    var measurement = measurement(1)
    let reference = try fit(measurement.trace(0))
    measurement.line = (frequency, 0.02)
    let fit = try fit(measurement.trace(0))
    let found = try #require(fit.report.statistic("line_frequency_Hz"))
    #expect(abs(found - frequency) < 0.006, "\(found)")
    try expectAlike(fit, reference, within: 0.02)
    var draft = CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.1, name: "x")
    try fit.enter(&draft, source: "test")
  }

  @Test func `Harmonics are lines of their own`() throws {
    var measurement = measurement(2)
    measurement.line = (50, 0.01)
    let trace = try measurement.trace(0).enumerated().map {
      $0.element + 65e-6 * 0.004 * sin(2 * Double.pi * 150 * Double($0.offset) * 1e-4 + 1)
    }
    let fit = try fit(trace)
    #expect(fit.report.statistic("lines") == 2)
    let second = try #require(fit.report.statistic("line_2_frequency_Hz"))
    #expect(abs(second - 150) < 0.02, "\(second)")
    #expect(fit.report.notes.contains { $0.contains("harmonic 3 of 50 Hz") })
  }

  /// Twenty traces have a line by chance with a probability of 0.02.
  @Test(arguments: 0..<20)
  func `Clean traces have no line, no spike and no gap`(seed: Int) throws {
    var measurement = measurement(UInt64(seed))
    // A trap, 1/f noise, both, and a trap too fast to stay: no sample of it is a spike.
    if seed % 4 == 1 { measurement.amplitude = 0 }
    if seed % 4 == 1 || seed % 4 == 2 { (measurement.corner, measurement.exponent) = (40, 1.3) }
    if seed % 4 == 3 { measurement.model.emissionTime = 2e-4 }
    let report = try fit(measurement.trace(0)).report
    #expect(report.statistic("lines") == 0)
    for name in ["line_frequency_Hz", "band_frequency_Hz", "spikes", "missing_samples"] {
      #expect(report.statistic(name) == nil, "\(name)")
    }
  }

  @Test func `A long trace of a trap has the line it has, and no band`() throws {
    var measurement = measurement(0)
    measurement.samples = 131_072
    measurement.line = (50, 0.02)
    let report = try fit(measurement.trace(0)).report
    let found = try #require(report.statistic("line_frequency_Hz"))
    #expect(abs(found - 50) < 1e-3, "\(found)")
    #expect(report.statistic("band_frequency_Hz") == nil)
  }

  @Test(arguments: [2.0, 1000, -3])
  func `A spike is named and left out`(factor: Double) throws {
    var trace = try measurement(3).trace(0)
    let reference = try fit(trace)
    trace[8000] *= factor
    trace[12_345] *= factor
    let fit = try fit(trace)
    #expect(fit.report.statistic("spikes") == 2)
    #expect(
      fit.report.notes.contains {
        $0.contains("sample 8000 at 0.8 s") && $0.contains("sample 12345 at 1.2345 s")
      }, "\(fit.report.notes)")
    try expectAlike(fit, reference, within: 0.01)
    #expect(fit.conductance.upperBound < 1e-4)
  }

  @Test func `A spike hides no line`() throws {
    var measurement = measurement(4)
    measurement.line = (50, 0.004)
    var trace = try measurement.trace(0)
    trace[100] *= 50
    let fit = try fit(trace)
    #expect(fit.report.statistic("spikes") == 1)
    let found = try #require(fit.report.statistic("line_frequency_Hz"))
    #expect(abs(found - 50) < 0.02, "\(found)")
  }

  @Test func `Few missing samples are filled and named`() throws {
    let trace = try measurement(5).trace(0)
    let reference = try fit(trace)
    let kept = trace.enumerated().filter { $0.offset % 97 != 50 }
    let fit = try fit(kept.map { ($0.offset, $0.element) })
    #expect(fit.report.statistic("missing_samples") == Double(trace.count - kept.count))
    #expect(fit.report.notes.contains { $0.contains("169 samples (1 %) are missing in 169 gaps") })
    let interval = try #require(fit.report.statistic("interval_s"))
    #expect(abs(interval - 1e-4) < 1e-9, "\(interval)")
    try expectAlike(fit, reference, within: 0.02)
  }

  @Test func `Gaps do not move a line`() throws {
    var measurement = measurement(6)
    measurement.line = (60, 0.02)
    let kept = try measurement.trace(0).enumerated().filter {
      $0.offset % 97 != 50 && !(5000..<5300).contains($0.offset)
    }
    let fit = try fit(kept.map { ($0.offset, $0.element) })
    let found = try #require(fit.report.statistic("line_frequency_Hz"))
    #expect(abs(found - 60) < 0.01, "\(found)")
  }

  @Test func `Many missing samples are refused`() throws {
    let kept = try measurement(7).trace(0).enumerated().filter { $0.offset % 10 != 3 }
    let failure = #expect(throws: Failure.self) {
      try fit(kept.map { ($0.offset, $0.element) })
    }
    #expect(failure?.kind == .badData)
    #expect("\(try #require(failure))".contains("10 % of the samples"))
  }

  @Test func `A periodogram keeps the power of white noise and finds a sine`() throws {
    let normals = Normal.draws(5000, from: RandomStream(seed: 9, name: "series"))
    let noise = try Periodogram(of: normals, interval: 0.5)
    // 5000 independent samples know their variance to 2 %.
    let power = noise.density.reduce(0, +) * noise.resolution
    #expect(abs(power - 1) < 0.08, "\(power)")
    let sine = try Periodogram(
      of: (0..<5000).map { sin(2 * Double.pi * 0.2 * Double($0) * 0.5) }, interval: 0.5)
    let peak = try #require(sine.density.indices.max { sine.density[$0] < sine.density[$1] })
    #expect(abs(Double(peak) * sine.resolution - 0.2) < sine.resolution)
  }
}
