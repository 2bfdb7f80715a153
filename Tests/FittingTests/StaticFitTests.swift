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
import VirtualLaboratory
import _TestSupport

@Suite("fit iv, round trip")
struct StaticFitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func measured(
    _ device: DeviceModel, devices: Int, cycles: Int, temperatures: [Double] = [25],
    instrument: Instrument = Instrument(), seed: UInt64 = 0
  ) throws -> TableReader {
    var measurement = StaticMeasurement(device: device)
    measurement.devices = devices
    measurement.cycles = cycles
    measurement.temperatures = temperatures
    measurement.points = 21
    measurement.seed = seed
    measurement.instrument = instrument
    try measurement.write(to: folder.file("iv.csv"))
    return TableReader(files: [folder.file("iv.csv")])
  }

  private func draft(_ fit: StaticFit) throws -> Calibration {
    var draft = CalibrationDraft(
      assumedAround: fit.conductance, readVoltage: fit.readVoltage, name: "x")
    fit.enter(&draft, source: "test")
    return try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml")
  }

  @Test func `The Nili surfaces come back`() throws {
    let truth = try Calibration.load("nili2020")
    let expected = Dictionary(
      uniqueKeysWithValues: truth.parameters.filter { $0.key.hasPrefix("static.") }.map {
        (String($0.key.dropFirst(7)), $0.values[0])
      })
    var covered = 0
    var stated = 0
    for seed in 0..<4 {
      let reader = try measured(
        truth.device, devices: 120, cycles: 8, temperatures: [25, 40, 55, 70, 100],
        seed: UInt64(seed))
      let fit = try StaticFit(reader, form: .niliCubic, workers: .one)
      for parameter in fit.report.parameters where parameter.isDetermined {
        stated += 1
        let value = try #require(expected[parameter.name])
        if parameter.interval.contains(value) { covered += 1 }
      }
      guard seed == 0 else { continue }
      let calibration = try draft(fit)
      for g in [4e-6, 2e-5, 6e-5, 1.2e-4] {
        for v in [-0.4, 0.1, 0.3] {
          let found = calibration.device.staticModel.current(
            conductance: g, voltage: v, temperature: 330)
          let expected = truth.device.staticModel.current(
            conductance: g, voltage: v, temperature: 330)
          #expect(abs(found / expected - 1) < 0.03)
        }
      }
    }
    // Parameters of one fit are correlated; 86 % is what the issue asks for each.
    #expect(stated >= 30)
    #expect(Double(covered) >= 0.86 * Double(stated), "\(covered) of \(stated)")
  }

  static let shaped: [(StaticForm, any StaticModel, [Double])] = [
    (
      .sinh, ShapedStatic(gain: 0.9, spread: 0.12, terms: [.init(.hyperbolicSine(slope: 4), 1)]),
      [0.9, 4, 0.12]
    ),
    (
      .oddPolynomial,
      ShapedStatic(
        gain: 1, spread: 0.1,
        terms: [.init(.linear, 1), .init(.cubic, 3), .init(.power(exponent: 5), -4)]),
      [1, 3, -4, 0.1]
    ),
    (
      .powerLaw,
      ShapedStatic(gain: 1.1, spread: 0.2, terms: [.init(powerLaw: 1.6, reference: 0.2)]),
      [1.1, 1.6, 0.2]
    ),
    (
      .pooleFrenkel,
      ShapedStatic(gain: 0.8, spread: 0.15, terms: [.init(.pooleFrenkel(beta: 1.5), 1)]),
      [0.8, 1.5, 0.15]
    ),
    (
      .sinhState,
      SinhStateStatic(
        gain: 1, spread: 0.1, slope: 4, slopePerDecade: -1.5, reference: 20.26e-6,
        range: 3e-6...140e-6, voltage: 0.4),
      [1, 4, -1.5, 0.1]
    ),
  ]

  @Test(arguments: [[25.0], [25, 85]])
  func `Surfaces of one or two temperatures hold there, and name what is open`(
    _ temperatures: [Double]
  ) throws {
    let truth = try Calibration.load("nili2020").device.staticModel
    let reader = try measured(
      try Calibration.load("nili2020").device, devices: 150, cycles: 8,
      temperatures: temperatures)
    let fit = try StaticFit(reader, form: .niliCubic, workers: .one)
    let open = fit.report.parameters.filter { !$0.isDetermined }.map(\.name)
    #expect(open.contains("temperature_exponent"))
    #expect(open.contains("a2") == (temperatures.count == 1))
    let model = try draft(fit).device.staticModel
    for g in [5e-6, 2e-5, 6e-5, 1.2e-4] {
      for celsius in temperatures {
        func current(_ model: any StaticModel, _ voltage: Double, z: Double) -> Double {
          model.current(
            conductance: g, voltage: voltage,
            temperature: celsius + PhysicalConstants.zeroCelsius, z: z)
        }
        for v in [-0.4, 0.1, 0.3] {
          #expect(abs(current(model, v, z: 0) / current(truth, v, z: 0) - 1) < 0.01)
        }
        // Of 150 devices the spread is known to 6 % (standard error).
        let spreads = [model, truth].map { current($0, 0.3, z: 0.5) - current($0, 0.3, z: 0) }
        #expect(abs(spreads[0] / spreads[1] - 1) < 0.2)
      }
    }
  }

  @Test(arguments: shaped.indices)
  func `Other forms come back, and are chosen by devices left out`(index: Int) throws {
    let (form, model, truth) = Self.shaped[index]
    var device = try Calibration.load("nili2020").device
    device.staticModel = model
    let instrument = Instrument(offset: 2e-8, relativeNoise: 2e-3, noiseFloor: 1e-9)
    let reader = try measured(device, devices: 40, cycles: 4, instrument: instrument, seed: 3)
    let fit = try StaticFit(reader, form: nil, workers: .one)
    #expect(fit.form == form, "\(fit.report.notes)")
    #expect(abs((fit.report.statistic("offset_A") ?? 0) - 2e-8) < 2e-9)
    for (parameter, value) in zip(fit.report.parameters, truth) where parameter.name != "slope" {
      let half = parameter.interval.upperBound - parameter.value
      // Twice the 95 % interval: one look at each of many parameters.
      #expect(abs(parameter.value - value) < 2 * half, "\(parameter)")
    }
    let calibration = try draft(fit)
    let found = calibration.device.staticModel.current(
      conductance: 5e-5, voltage: 0.3, temperature: 298.15)
    let expected = model.current(conductance: 5e-5, voltage: 0.3, temperature: 298.15)
    #expect(abs(found / expected - 1) < 0.08)
    #expect(calibration.device.limits.temperature.lowerBound == 15 + 273.15)
  }

  @Test func `Compliance is recognised and left out`() throws {
    let device = try Calibration.load("ideal").device
    let reader = try measured(
      device, devices: 4, cycles: 6, instrument: Instrument(relativeNoise: 1e-4, compliance: 1e-5))
    let fit = try StaticFit(reader, form: .oddPolynomial, workers: .one)
    #expect(fit.report.leftOut.contains { $0.rule.contains("compliance") && $0.count > 0 })
    // What is left is linear: clipped points that were taken along would bend it.
    for voltage in [0.1, 0.4] {
      let current = fit.model.current(
        conductance: 5e-5, voltage: voltage, temperature: 298.15, z: 0)
      #expect(abs(current / (5e-5 * voltage) - 1) < 0.01, "\(current) A at \(voltage) V")
    }
  }

  @Test(arguments: [
    "device,voltage_V,current_A\na,0.1,1e-6\na,0.2,2e-6\n",
    "device,conductance_S,voltage_V,current_A\n"
      + (0..<20).map { "a,1e-5,0.\($0),3e-6" }.joined(separator: "\n"),
    "device,voltage_V\na,0.1\n",
  ])
  func `Tables that say nothing of a model are refused`(text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    let failure = #expect(throws: Failure.self) {
      try StaticFit(TableReader(files: [folder.file("t.csv")]), form: nil, workers: .one)
    }
    #expect(failure?.kind == .badData)
  }

  @Test func `Compliance is recognised on both sides of an offset`() throws {
    let device = try Calibration.load("nili2020").device
    let reader = try measured(
      device, devices: 12, cycles: 8, temperatures: [25, 60, 100],
      instrument: Instrument(offset: 1e-7, relativeNoise: 1e-4, compliance: 1e-5))
    let fit = try StaticFit(reader, form: .niliCubic, workers: .one)
    #expect(abs((fit.report.statistic("offset_A") ?? 0) / 1e-7 - 1) < 0.05)
    #expect((fit.report.statistic("r_squared") ?? 0) > 0.999)
    #expect(fit.report.leftOut.contains { $0.rule.contains("at the compliance") && $0.count > 0 })
  }

  /// Bipolar loops: SET at 1 V from 20 to 100 µS, RESET at −0.9 V; currents of sinh(V / 1 V).
  private func loops(switches: Bool) throws -> TableReader {
    var text = "device,cycle,voltage_V,current_A\n"
    let up = (0...30).map { Double($0) * 0.05 }
    let path = up + up.reversed() + up.map { -$0 } + up.reversed().map { -$0 }
    let noise = Normal.draws(12 * path.count, from: RandomStream(seed: 4, name: "loops"))
    for device in 0..<6 {
      for cycle in 0..<2 {
        var conductance = 20e-6 * (1 + 0.1 * Double(device))
        for (k, v) in path.enumerated() {
          if switches, v >= 1 { conductance = 100e-6 }
          if switches, v <= -0.9 { conductance = 20e-6 * (1 + 0.1 * Double(device)) }
          let current = conductance * sinh(v)
          let scatter = 1 + 1e-3 * noise[(2 * device + cycle) * path.count + k]
          text += "\(device),\(cycle),\(v),\(current * scatter)\n"
        }
      }
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("loops.csv")))
    return TableReader(files: [folder.file("loops.csv")])
  }

  @Test func `Loops that switch are fitted on their ways back`() throws {
    let fit = try StaticFit(try loops(switches: true), form: .sinh, workers: .one)
    #expect((fit.report.statistic("r_squared") ?? 0) > 0.999, "\(fit.report.statistics)")
    #expect(fit.report.notes.contains { $0.hasPrefix("loops switch") }, "\(fit.report.notes)")
    // Both states are there: the range of the model spans them.
    #expect(fit.conductance.lowerBound < 35e-6 && fit.conductance.upperBound > 90e-6)
    let still = try StaticFit(try loops(switches: false), form: .sinh, workers: .one)
    #expect(!still.report.notes.contains { $0.contains("loops switch") })
  }

  @Test func `A form that leaves most of the currents unexplained is refused`() throws {
    var text = "device,cycle,voltage_V,current_A\n"
    let noise = Normal.draws(6 * 41, from: RandomStream(seed: 5, name: "hopeless"))
    for device in 0..<6 {
      for k in 0...40 {
        let v = Double(k - 20) * 0.02
        text += "\(device),0,\(v),\(1e-6 * (v + 0.3 * noise[device * 41 + k]))\n"
      }
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("bad.csv")))
    #expect(throws: Failure.self) {
      _ = try StaticFit(
        TableReader(files: [self.folder.file("bad.csv")]), form: .sinh, workers: .one)
    }
  }
}
