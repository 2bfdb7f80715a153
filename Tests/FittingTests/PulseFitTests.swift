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

@Suite("fit pulses, round trip")
struct PulseFitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `Steps and spreads of the Nili response come back`() throws {
    let truth = try Calibration.load("nili2020")
    var measurement = PulseMeasurement(device: truth.device)
    measurement.devices = 150
    measurement.pulses = 1500
    try measurement.write(to: folder.file("pulses.csv"))
    let fit = try PulseFit(
      TableReader(files: [folder.file("pulses.csv")]), workers: Workers(count: 2))
    #expect(fit.variation.sharesPulseDeviation)
    #expect(fit.variation.cycleToCycle == 0)
    var draft = CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.2, name: "x")
    fit.enter(&draft, source: "test")
    let loaded = try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml")
    for g in [5e-6, 2e-5, 6e-5, 1.5e-4] {
      for pulse in [
        Pulse(voltage: 0.95, width: 1e-5), Pulse(voltage: 1.1, width: 1e-6),
        Pulse(voltage: -1.3, width: 1e-5), Pulse(voltage: -1.1, width: 1e-3),
      ] {
        let expected = truth.device.pulseModel.response(to: pulse, conductance: g)
        // A step below the noise of a reading cannot be known.
        guard abs(expected.meanStep) > 1e-8 else { continue }
        let found = loaded.device.pulseModel.response(to: pulse, conductance: g)
        #expect(abs(found.meanStep / expected.meanStep - 1) < 0.03, "\(g) \(pulse)")
        let error = abs(found.relativeSpread - expected.relativeSpread)
        #expect(error < 0.1 * abs(expected.relativeSpread) + 0.01, "\(g) \(pulse)")
      }
    }
  }

  @Test func `A table without a pulse's width is refused`() throws {
    let path = folder.file("t.csv")
    try Data("voltage_V,conductance_before_S,conductance_after_S\n1,1e-6,2e-6\n".utf8)
      .write(to: URL(fileURLWithPath: path))
    let failure = #expect(throws: Failure.self) {
      try PulseFit(TableReader(files: [path]), workers: .one)
    }
    #expect(failure?.description.contains("width") == true)
  }
}
