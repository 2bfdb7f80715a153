import Calibration
import DynamicFits
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import Statistics
import Testing
import VirtualLaboratory
import _TestSupport

@Suite("fit retention")
struct RetentionFitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `Drift and activation energy are covered`() throws {
    var covered = 0
    for seed in 0..<15 {
      var measurement = RetentionMeasurement(conductance: 1e-6...1e-4)
      measurement.temperatures = [25, 60, 100]
      measurement.devices = 60
      measurement.seed = UInt64(seed)
      try measurement.write(to: folder.file("r.csv"))
      let report = try RetentionFit(TableReader(files: [folder.file("r.csv")])).report
      #expect(report.model == "power law")
      for (name, value) in [
        ("drift_coefficient_25_C", 0.02), ("drift_coefficient_spread_25_C", 0.006),
        ("activation_energy", 0.2),
      ] {
        let found = try #require(report.parameters.first { $0.name == name })
        if found.interval.contains(value) { covered += 1 }
      }
    }
    // 45 draws of 95 %: fewer than 36 happen with probability below 1e-4.
    #expect(covered >= 36, "\(covered) of 45")
  }

  @Test(.enabled(if: SharedData.folder != nil, "needs ../shared/data"))
  func `The bake pair that does not correlate is named`() throws {
    let data = try #require(SharedData.folder) + "/rram/1t1r-switching/data/"
    let examples =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path + "/Examples/fit"
    let files = ["pre", "post"].flatMap { stage in
      [85, 110, 130].map { "\(data)\(stage)bake\($0).tsv" }
    }
    let report = try RetentionFit(
      TableReader(
        files: files, description: try TableDescription(path: examples + "/bake-pairs.toml"))
    ).report
    #expect(report.notes.contains { $0.contains("85 °C do not correlate (r = 0.21") })
    #expect(abs(try #require(report.statistic("correlation_110_C")) - 0.94) < 0.01)
    #expect(report.statistic("correlation_85_C") == nil)
  }

  @Test func `Cells that an instrument reads one after the other are one group`() throws {
    var measurement = RetentionMeasurement(conductance: 1e-6...1e-4)
    measurement.devices = 200
    try measurement.write(to: folder.file("r.csv"))
    let nominal = try RetentionFit(TableReader(files: [folder.file("r.csv")])).report
    // Every later reading up to 0.1 % late, no two cells alike.
    let lines = try String(contentsOfFile: folder.file("r.csv"), encoding: .utf8)
      .split(separator: "\n")
    let header = lines[0].split(separator: ",")
    let column = try #require(header.firstIndex(of: "time_s"))
    let jittered = try lines.dropFirst().enumerated().map { index, line in
      var cells = line.split(separator: ",").map(String.init)
      let time = try #require(Double(cells[column]))
      cells[column] = "\(time * (1 + 1e-3 * Double(index % 997) / 997))"
      return cells.joined(separator: ",")
    }
    try Data(([String(lines[0])] + jittered).joined(separator: "\n").utf8)
      .write(to: URL(fileURLWithPath: folder.file("j.csv")))
    let report = try RetentionFit(TableReader(files: [folder.file("j.csv")])).report
    #expect(report.parameters.count == nominal.parameters.count)
    for (found, expected) in zip(report.parameters, nominal.parameters) {
      #expect(abs(found.value - expected.value) < 2e-3 * abs(expected.value))
    }
  }

  @Test func `The law goes into a calibration and is measured again`() throws {
    var measurement = RetentionMeasurement(conductance: 1e-6...1e-4)
    measurement.temperatures = [25, 60, 100]
    measurement.law = RetentionLaw(
      drift: 0.03, spread: 0.006, origin: 1, activationEnergy: 0.15)
    try measurement.write(to: folder.file("r.csv"))
    let fit = try RetentionFit(TableReader(files: [folder.file("r.csv")]))
    var draft = CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.2, name: "x")
    try fit.enter(&draft, source: "test")
    let read = try #require(
      try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml").retention)
    #expect(read == fit.law)
    #expect(read.form == .power && read.celsius == 25)
    #expect(abs(read.drift / 0.03 - 1) < 0.05 && abs(read.spread / 0.006 - 1) < 0.1)
    #expect(abs(read.activationEnergy / 0.15 - 1) < 0.1)
    #expect(!fit.report.figures.isEmpty)
  }

  @Test func `A table without temperatures is of room, and is drawn`() throws {
    try RetentionMeasurement(conductance: 1e-6...1e-4).write(to: folder.file("r.csv"))
    let lines = try String(contentsOfFile: folder.file("r.csv"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",") }
    let column = try #require(lines[0].firstIndex(of: "temperature_C"))
    let bare = lines.map { cells in
      cells.indices.filter { $0 != column }.map { String(cells[$0]) }.joined(separator: ",")
    }
    try Data(bare.joined(separator: "\n").utf8)
      .write(to: URL(fileURLWithPath: folder.file("b.csv")))
    let fit = try RetentionFit(TableReader(files: [folder.file("b.csv")]))
    #expect(fit.law?.celsius == 25)
    let drawn = try #require(fit.report.figures.first)
    #expect(drawn.curve.allSatisfy { $0.y.isFinite } && !drawn.points.isEmpty)
    var draft = CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.2, name: "x")
    try fit.enter(&draft, source: "test")
    let calibration = try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml")
    let temperature = try #require(
      calibration.parameters.first { $0.key == "retention.temperature" })
    #expect(temperature.source.hasPrefix("assumed"))
  }

  @Test func `Without three times there is no law to write`() throws {
    var measurement = RetentionMeasurement(conductance: 1e-6...1e-4)
    measurement.times = [0, 100]
    try measurement.write(to: folder.file("r.csv"))
    let fit = try RetentionFit(TableReader(files: [folder.file("r.csv")]))
    var draft = CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.2, name: "x")
    let failure = #expect(throws: Failure.self) { try fit.enter(&draft, source: "test") }
    #expect(failure?.kind == .badData)
  }

  @Test(arguments: [RetentionLaw.Form.power, .logarithmic])
  func `Drift falls with time, faster when hot`(form: RetentionLaw.Form) {
    let law = RetentionLaw(
      form: form, drift: 0.02, spread: 0, origin: 1, activationEnergy: 0.3)
    #expect(law.share(after: 0, celsius: 25, deviation: 0) == 1)
    // 1 + t/t0 = e²: ν·2 in the exponent, or in the share.
    let share = law.share(after: exp(2) - 1, celsius: 25, deviation: 0)
    #expect(abs(share - (form == .power ? exp(-0.04) : 0.96)) < 1e-12)
    let times = [1.0, 10, 100, 1000]
    let cold = times.map { law.share(after: $0, celsius: 25, deviation: 0) }
    let hot = times.map { law.share(after: $0, celsius: 85, deviation: 0) }
    #expect(zip(cold, cold.dropFirst()).allSatisfy { $0 > $1 })
    #expect(zip(cold, hot).allSatisfy { $0 > $1 })
  }

  @Test func `One reading per cell is refused`() throws {
    try Data("device,time_s,conductance_S\n0,0,1e-6\n1,0,2e-6\n".utf8)
      .write(to: URL(fileURLWithPath: folder.file("t.csv")))
    let failure = #expect(throws: Failure.self) {
      try RetentionFit(TableReader(files: [folder.file("t.csv")]))
    }
    #expect(failure?.kind == .badData)
  }
}
