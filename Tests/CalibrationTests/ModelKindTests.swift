import Calibration
import Devices
import Failures
import Foundation
import Testing

/// I = 2·G·V: a device kind of one file.
private struct DoubledStatic: StaticModel {
  let factor: Double
  var basis: [BasisFunction] { [.linear] }

  func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients {
    StaticCoefficients(
      mean: [factor * conductance], deviation: [0],
      admissible: -Double.infinity...Double.infinity)
  }

  static let kind = ModelKind<any StaticModel>("doubled") { reader, _ throws(Failure) in
    let factor = try reader.number("factor", unit: "1")
    try reader.requirePositive("factor", factor)
    return DoubledStatic(factor: factor)
  }
}

/// Steps of a share of the conductance: a pulse law of one file.
private struct ShareResponse: PulseModel {
  let share: Double

  func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
    PulseResponse(
      meanStep: (pulse.isSet ? share : -share) * conductance, relativeSpread: 0)
  }

  static let kind = ModelKind<any PulseModel>("share-step") { reader, _ throws(Failure) in
    ShareResponse(share: try reader.number("share", unit: "1"))
  }
}

/// A model that no list has is added by a line in a list.
@Suite struct ModelKindTests {
  private let text: String

  init() throws {
    var lines: [Substring] = []
    var section: Substring = ""
    let ideal = try String(
      contentsOfFile: CalibrationLibrary.path(of: "ideal"), encoding: .utf8)
    for line in ideal.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("[") { section = line }
      let isModel = section == "[static]" || section == "[pulses]"
      if !isModel || line.hasPrefix("[") { lines.append(line) }
      let entry = { (key: String, value: String) -> [Substring] in
        ["\(key) = { value = \(value), unit = \"1\", source = \"toy\", range = [0, 10] }"]
      }
      if line == "[static]" { lines += ["model = \"doubled\""] + entry("factor", "2") }
      if line == "[pulses]" { lines += ["model = \"share-step\""] + entry("share", "0.01") }
    }
    text = lines.joined(separator: "\n")
  }

  @Test func `A static model and a pulse law are a line in a list each`() throws {
    let calibration = try ModelKinds.$statics.withValue(ModelKinds.statics + [DoubledStatic.kind]) {
      try ModelKinds.$pulses.withValue(ModelKinds.pulses + [ShareResponse.kind]) {
        try Calibration.parse(text, name: "toy.toml")
      }
    }
    let current = calibration.device.staticModel.current(
      conductance: 5e-5, voltage: 0.1, temperature: 300)
    #expect(abs(current - 1e-5) < 1e-18)
    let pulse = Pulse(voltage: 0.8, width: 1e-7)
    let response = calibration.device.pulseModel.response(to: pulse, conductance: 5e-5)
    #expect(abs(response.meanStep - 5e-7) < 1e-18)
    #expect(calibration.parameters.contains { $0.key == "static.factor" && $0.unit == "1" })
    #expect(calibration.settings.contains { $0.key == "pulses.model" && $0.value == "share-step" })
  }

  @Test func `Without the line the word is unknown, and the error lists those there are`() throws {
    let failure = try #require(throws: Failure.self) {
      try Calibration.parse(text, name: "toy.toml")
    }
    #expect(failure.place == "toy.toml: static.model")
    for kind in ModelKinds.statics {
      #expect(failure.remedy?.contains("\"\(kind.name)\"") == true)
    }
  }
}
