import Calibration
import Devices
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

@Suite("fit pulses on runs of equal pulses")
struct SeriesFitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Soft bounds 20 … 60 µS, rates 0.02 and 0.03 with 20 % between devices, reading noise 0.5 µS.
  private func table(isReversed: Bool = false, devices: Int = 12) throws -> TableReader {
    let rates = Normal.draws(2 * devices, from: RandomStream(seed: 1, name: "rates"))
    let noise = Normal.draws(devices * 600, from: RandomStream(seed: 2, name: "reads"))
    var text = "device,cycle,pulse,voltage_V,width_s,conductance_S\n"
    var k = 0
    for device in 0..<devices {
      for cycle in 0..<3 {
        for isSet in [true, false] {
          let rate = (isSet ? 0.02 : 0.03) * (1 + 0.2 * rates[2 * device + (isSet ? 0 : 1)])
          for pulse in 0...99 {
            let share = exp(-rate * Double(isReversed && !isSet ? 99 - pulse : pulse))
            let g = isSet ? 60 - 38 * share : 20 + 38 * share
            text += "\(device),\(cycle),\(pulse),\(isSet ? 2.5 : -2.7),1e-6,"
            text += "\((g + 0.5 * noise[k]) * 1e-6)\n"
            k += 1
          }
        }
      }
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    return TableReader(files: [folder.file("t.csv")])
  }

  @Test func `Soft bounds, their spread and the reading noise come back`() throws {
    let fit = try SeriesFit(try table(), form: nil, given: .init())
    #expect(fit.form == .softBounds, "\(fit.report.notes)")
    // 40 µS · 0.02 and 40 µS · 0.03, known to 0.2/√12.
    for (name, truth) in [("set_step", 0.8e-6), ("reset_step", 1.2e-6)] {
      let found = try #require(fit.report.parameters.first { $0.name == name })
      #expect(abs(found.value / truth - 1) < 0.2, "\(found)")
    }
    guard case .shaped(let model) = fit.model else {
      Issue.record("soft bounds have a formula")
      return
    }
    #expect(abs(model.bounds.lowerBound - 20e-6) < 1.5e-6)
    #expect(abs(model.bounds.upperBound - 60e-6) < 3e-6)
    #expect(abs((fit.report.statistic("read_noise_S") ?? 0) / 0.5e-6 - 1) < 0.1)
    var draft = CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.2, name: "x")
    fit.enter(&draft, source: "test")
    let calibration = try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml")
    #expect(calibration.operation.setPulse.voltage == 2.5)
    #expect(calibration.parameters.contains { $0.source.hasPrefix("assumed") })
  }

  @Test func `Runs stored backwards are caught`() throws {
    let failure = #expect(throws: Failure.self) {
      try SeriesFit(try table(isReversed: true), form: .softBounds, given: .init())
    }
    #expect(failure?.kind == .badData)
    #expect(failure?.remedy?.contains("reversed") == true)
  }

  @Test func `What the table lacks must be given, and is marked`() throws {
    let text =
      "operation,conductance_S\n"
      + (0..<40).map { "set,\(-1 + 2 * (1 - exp(-Double($0) / 9)))\n" }.joined()
      + (0..<40).map { "reset,\(-1 + 2 * exp(-Double($0) / 9))\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    let reader = TableReader(files: [folder.file("t.csv")])
    #expect(throws: Failure.self) { try SeriesFit(reader, form: nil, given: .init()) }
    #expect(throws: Failure.self) {
      try SeriesFit(
        reader, form: nil, given: .init(setVoltage: 1, resetVoltage: -1, width: 1e-6))
    }
    let fit = try SeriesFit(
      reader, form: .softBounds,
      given: .init(
        conductance: 1e-5...1e-4, setVoltage: 1, resetVoltage: -1, width: 1e-6))
    #expect(fit.report.notes.contains { $0.hasPrefix("assumed") })
  }

  @Test func `A reading that comes back is left out and named`() throws {
    let clean = try SeriesFit(try table(), form: .softBounds, given: .init())
    #expect(!clean.report.notes.contains { $0.contains("outlying") })
    let path = folder.file("t.csv")
    var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    for line in [151, 930, 3_050] {
      var cells = lines[line].split(separator: ",")
      cells[5] = "\((Double(cells[5]) ?? 0) * 10)"
      lines[line] = Substring(cells.joined(separator: ","))
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    let fit = try SeriesFit(TableReader(files: [path]), form: .softBounds, given: .init())
    #expect(fit.report.notes.contains { $0.contains("outlying reading") && $0.contains("3 times") })
    for (found, expected) in zip(fit.report.parameters, clean.report.parameters)
    where found.unit == "S" {
      #expect(abs(found.value - expected.value) <= 0.02 * abs(expected.value), "\(found.name)")
    }
  }

  @Test func `What the laboratory writes of a series is fitted back`() throws {
    let fitted = try SeriesFit(try table(), form: .softBounds, given: .init())
    var draft = CalibrationDraft(assumedAround: fitted.conductance, readVoltage: 0.2, name: "x")
    fitted.enter(&draft, source: "test")
    let device = try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml").device
    var measurement = PulseMeasurement(device: device)
    (measurement.devices, measurement.pulses, measurement.seriesLength) = (30, 800, 100)
    measurement.noise = 1e-3
    try measurement.write(to: folder.file("series.csv"))
    let again = try SeriesFit(
      TableReader(files: [folder.file("series.csv")]), form: .softBounds, given: .init())
    for name in ["set_step", "reset_step"] {
      let truth = try #require(fitted.report.parameters.first { $0.name == name })
      let found = try #require(again.report.parameters.first { $0.name == name })
      #expect(abs(found.value / truth.value - 1) < 0.2, "\(found) \(truth)")
    }
  }

  @Test func `Pulses that move nothing are refused as such`() throws {
    var text = "device,cycle,pulse,voltage_V,width_s,conductance_S\n"
    for pulse in 0..<20 { text += "0,0,\(pulse),1,1e-6,5e-5\n0,0,\(pulse),-1,1e-6,5e-5\n" }
    let path = folder.file("still.csv")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let failure = #expect(throws: Failure.self) {
      _ = try SeriesFit(TableReader(files: [path]), form: nil, given: .init())
    }
    #expect(failure?.cause.contains("nothing moves") == true)
  }
}
