import Calibration
import Devices
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import StaticFits
import Statistics
import Testing
import _TestSupport

/// Curves over many decades: what is fitted at full scale has to hold where devices are read.
@Suite("fit iv, steep and asymmetric curves")
struct SteepSweepTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reader(_ text: String) throws -> TableReader {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("iv.csv")))
    return TableReader(files: [folder.file("iv.csv")])
  }

  /// 1 µS at zero volts, from −1 V to 1 V, `noise` of every reading and 0.1 nA.
  private func table(
    devices: Int = 6, noise: Double, hasState: Bool = true, _ current: (Double) -> Double
  ) -> String {
    let draws = Normal.draws(2 * devices * 101, from: RandomStream(seed: 7, name: "steep"))
    var text =
      hasState ? "device,voltage_V,current_A,conductance_S\n" : "device,voltage_V,current_A\n"
    for device in 0..<devices {
      for point in 0...100 {
        let v = Double(point - 50) / 50
        let place = 2 * (device * 101 + point)
        let scatter = noise > 0 ? 1e-10 * draws[place + 1] : 0
        let i = 1e-6 * current(v) * (1 + noise * draws[place]) + scatter
        text += "\(device),\(v),\(i)\(hasState ? ",1e-6" : "")\n"
      }
    }
    return text
  }

  @Test(arguments: [3.0, 10, 20, 30]) func `An exact sinh comes back at every voltage`(
    slope: Double
  ) throws {
    let fit = try StaticFit(
      try reader(table(noise: 0) { sinh(slope * $0) / slope }), form: nil, workers: .one)
    #expect(fit.form == .sinh, "\(fit.report.notes)")
    let found = Dictionary(
      uniqueKeysWithValues: fit.report.parameters.map { ($0.name, $0.value) })
    #expect(abs(try #require(found["gain"]) - 1) < 1e-3)
    #expect(abs(try #require(found["slope"]) / slope - 1) < 1e-3)
    for step in 1...20 {
      let v = Double(step) / 20
      let current = fit.model.current(conductance: 1e-6, voltage: v, temperature: 298.15)
      #expect(abs(current / (1e-6 * sinh(slope * v) / slope) - 1) < 0.01, "\(v) V")
    }
  }

  @Test(arguments: [4.0, 5, 10]) func `A steep sinh without a given state comes back`(
    slope: Double
  ) throws {
    let fit = try StaticFit(
      try reader(table(noise: 0.01, hasState: false) { sinh(slope * $0) / slope }), form: nil,
      workers: .one)
    #expect(fit.form == .sinh, "\(fit.report.notes)")
    let found = try #require(fit.report.parameters.first { $0.name == "slope" })
    #expect(abs(found.value / slope - 1) < 0.01, "\(found)")
  }

  @Test func `Branches of their own, junctions, tunnelling and space charge are told apart`() throws
  {
    let forms: [(StaticForm, (Double) -> Double)] = [
      (.asymmetricSinh, { $0 > 0 ? sinh(5 * $0) / 5 : 0.2 * sinh(3 * $0) / 3 }),
      (.diode, { expm1(9 * $0) / 9 + 0.02 * $0 }),
      (.spaceCharge, { $0 * (1 + abs($0) / 0.1) }),
    ]
    for (form, current) in forms {
      let fit = try StaticFit(
        try reader(table(noise: 0.005, current)), form: nil, workers: .one)
      #expect(fit.form == form, "\(fit.report.notes)")
      for v in [-0.9, -0.3, 0.2, 0.8] {
        let found = fit.model.current(conductance: 1e-6, voltage: v, temperature: 298.15)
        #expect(abs(found / (1e-6 * current(v)) - 1) < 0.03, "\(form) at \(v) V")
      }
      var draft = CalibrationDraft(
        assumedAround: fit.conductance, readVoltage: fit.readVoltage, name: "x")
      fit.enter(&draft, source: "test")
      let loaded = try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml")
      let again = loaded.device.staticModel.current(
        conductance: 1e-6, voltage: 0.5, temperature: 298.15)
      let own = fit.model.current(conductance: 1e-6, voltage: 0.5, temperature: 298.15)
      #expect(abs(again / own - 1) < 1e-9)
    }
  }

  @Test func `A form that is off in a decade is refused whatever its share of the squares`() throws
  {
    let text = table(noise: 0) { sinh(12 * $0) / 12 }
    let failure = #expect(throws: Failure.self) {
      _ = try StaticFit(try self.reader(text), form: .powerLaw, workers: .one)
    }
    #expect(failure?.cause.contains("median error") == true, "\(String(describing: failure))")
  }

  @Test func `Three equal readings of one cell are no compliance`() throws {
    var text = "device,voltage_V,current_A\n"
    for device in 0..<20 {
      for point in 1...20 {
        let v = Double(point) * 0.02
        var i = 5e-6 * Double(device + 1) * v * (1 + 0.01 * v)
        if device == 0, point > 17 { i = 2e-6 * (1 + 5e-4 * Double(point - 19)) }
        text += "\(device),\(v),\(i)\n"
      }
    }
    let fit = try StaticFit(try reader(text), form: .sinh, workers: .one)
    let held = try #require(fit.report.leftOut.first { $0.rule.hasPrefix("at the compliance") })
    #expect(held.count == 0 && held.of == 400, "\(held)")
  }

  @Test func `Reading stays below switching`() throws {
    var text = "device,cycle,voltage_V,current_A\n"
    let up = (0...60).map { Double($0) * 0.02 }
    let path = up + up.reversed() + up.map { -$0 } + up.reversed().map { -$0 }
    for device in 0..<4 {
      var g = 5e-6
      for v in path {
        if v >= 0.7 { g = 1e-4 }
        if v <= -0.74 { g = 5e-6 }
        text += "\(device),0,\(v),\(g * v)\n"
      }
    }
    let fit = try StaticFit(try reader(text), form: .sinh, workers: .one)
    #expect(fit.readVoltage < 0.7 && fit.readVoltage > 0.4, "\(fit.readVoltage)")
  }
}
