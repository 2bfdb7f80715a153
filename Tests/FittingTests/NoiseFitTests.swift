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

@Suite("fit noise")
struct NoiseFitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func measurement(_ seed: UInt64) -> NoiseMeasurement {
    var measurement = NoiseMeasurement(
      model: TelegraphModel(
        captureTime: 0.02, emissionTime: 0.01, sampleInterval: 1e-3,
        read: Pulse(voltage: 0.1, width: 1e-6), conductance: 50e-6))
    measurement.samples = 8192
    measurement.seed = seed
    return measurement
  }

  private func fit(_ measurement: NoiseMeasurement) throws -> NoiseFit {
    try measurement.write(to: folder.file("n.csv"))
    return try NoiseFit(TableReader(files: [folder.file("n.csv")]))
  }

  @Test func `Power of a sine and of white noise`() throws {
    let sine = (0..<4096).map { 3 * sin(2 * Double.pi * Double($0) / 8) }
    let spectrum = try PowerSpectrum(of: sine, interval: 0.5, segment: 256)
    let total = spectrum.density.reduce(0, +) * spectrum.resolution
    #expect(abs(total - 4.5) < 1e-9)
    let peak = try #require(
      spectrum.density.indices.max { spectrum.density[$0] < spectrum.density[$1] })
    #expect(abs(spectrum.frequency(peak) - 0.25) < 1e-12)
  }

  @Test func `The transform agrees with its definition`() throws {
    let values = Normal.draws(64, from: RandomStream(seed: 4, name: "series"))
    let spectrum = try PowerSpectrum(of: values, interval: 1, segment: 64)
    let mean = values.reduce(0, +) / 64
    let window = (0..<64).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / 64) }
    let power = window.reduce(0) { $0 + $1 * $1 }
    for k in 1..<32 {
      var (re, im) = (0.0, 0.0)
      for t in 0..<64 {
        let angle = 2 * Double.pi * Double(k * t) / 64
        re += (values[t] - mean) * window[t] * cos(angle)
        im += (values[t] - mean) * window[t] * sin(angle)
      }
      #expect(abs(spectrum.density[k - 1] - 2 * (re * re + im * im) / power) < 1e-10)
    }
  }

  /// How many of the stated intervals hold the truth, over ten seeds.
  private func covered(
    _ truth: [String: Double], model: String = "",
    _ adjust: (inout NoiseMeasurement) -> Void = { _ in }
  ) throws -> Int {
    var covered = 0
    for seed in 0..<10 {
      var measurement = measurement(UInt64(seed))
      adjust(&measurement)
      let fit = try fit(measurement)
      #expect(model.isEmpty || fit.report.model.contains(model), "\(fit.report.model)")
      for (name, value) in truth {
        let found = try #require(fit.report.parameters.first { $0.name == name }, "\(seed)")
        if found.interval.contains(value) { covered += 1 }
      }
    }
    return covered
  }

  private static let flicker = [
    "corner_frequency": 40, "flicker_exponent": 1.0,
    "white_density": 2 * 1e-3 * 0.25e-6 * 0.25e-6,
  ]

  @Test func `Mean stays and amplitude of a trap are covered`() throws {
    let values = ["capture_time": 0.02, "emission_time": 0.01, "amplitude": 2.5e-6]
    let covered = try covered(values)
    // 30 draws of 95 %: fewer than 23 happen with probability below 1e-4.
    #expect(covered >= 23, "\(covered) of 30")
  }

  @Test func `1/f noise is told from white noise, and is no trap`() throws {
    let covered = try covered(Self.flicker, model: "1/f") {
      $0.amplitude = 0
      $0.corner = 40
      $0.samples = 32_768
    }
    #expect(covered >= 23, "\(covered) of 30")
  }

  @Test func `White and 1/f noise beside a trap are covered`() throws {
    let covered = try covered(Self.flicker, model: "telegraph") {
      $0.corner = 40
      $0.samples = 32_768
    }
    #expect(covered >= 23, "\(covered) of 30")
  }

  @Test func `A dominant line is an instrument's and nothing is written`() throws {
    var measurement = measurement(1)
    measurement.amplitude = 0
    measurement.line = (196, 0.02)
    let fit = try fit(measurement)
    let found = try #require(fit.report.statistic("line_frequency_Hz"))
    #expect(abs(found - 196) < 2)
    var draft = CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.1, name: "x")
    #expect(throws: Failure.self) { try fit.enter(&draft, source: "test") }
  }

  @Test(.enabled(if: SharedData.folder != nil, "needs ../shared/data"))
  func `The resistor's trace is called a ripple`() throws {
    let data = try #require(SharedData.folder) + "/rram/1t1r-switching/data/testret_res.tsv.gz"
    let examples =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path + "/Examples/fit"
    let fit = try NoiseFit(
      TableReader(
        files: [data],
        description: try TableDescription(path: examples + "/instrument-trace.toml")))
    let period = try #require(fit.report.statistic("line_period_samples"))
    #expect(abs(period - 5.1) < 0.15)
    #expect(fit.report.notes.contains { $0.contains("instrument's ripple") })
    #expect(fit.report.notes.contains { $0.contains("clipped") })
  }

  @Test(arguments: [
    "device,time_s,conductance_S\n0,0,1e-6\n0,1,1e-6\n",
    "device,time_s,conductance_S\n" + (0..<2000).map { "0,\($0),1e-6\n" }.joined(),
    "device,time_s,conductance_S\n" + (0..<2000).map { "0,1,1e-\($0 % 3 + 5)\n" }.joined(),
    "device,conductance_S\n" + (0..<2000).map { "0,1e-\($0 % 3 + 5)\n" }.joined(),
  ])
  func `Traces that say nothing are refused`(text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    let failure = #expect(throws: Failure.self) {
      try NoiseFit(TableReader(files: [folder.file("t.csv")]))
    }
    #expect(failure?.kind == .badData)
  }
}
