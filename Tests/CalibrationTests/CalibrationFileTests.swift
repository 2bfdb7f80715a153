import Calibration
import Devices
import Failures
import Foundation
import Testing
import _TestSupport

/// The format: strict, named, found from anywhere.
@Suite struct CalibrationFileTests {
  static let shipped = ["ideal", "nili2020", "satyam2021-as-published"]

  let text: String

  init() throws {
    text = try String(
      contentsOfFile: CalibrationLibrary.path(of: "nili2020"), encoding: .utf8)
  }

  @Test(
    "Shipped files load, go by their own name and give every number a source", arguments: shipped)
  func loads(_ name: String) throws {
    let calibration = try Calibration.load(name)
    #expect(calibration.name == name)
    #expect(calibration.device.name == name)
    #expect(!calibration.title.isEmpty)
    #expect(calibration.sha256.count == 64)
    for parameter in calibration.parameters {
      #expect(!parameter.source.isEmpty)
      #expect(parameter.values.allSatisfy { parameter.range.contains($0) })
    }
    #expect(Set(calibration.parameters.map(\.key)).count == calibration.parameters.count)
  }

  @Test("Circuits beside the arrays cost what a file says, each with its source")
  func periphery() throws {
    #expect(try Calibration.load("nili2020").periphery == PeripheryCosts())
    let section = """

      [periphery]
      sense = { value = 2e-12, unit = "J", source = "a converter", range = [0, 1e-9] }
      gate = { value = 1e-15, unit = "J", source = "a register", range = [0, 1e-9] }

      """
    let found = try Calibration.parse(text + section, name: "nili2020.toml")
    var expected = PeripheryCosts()
    (expected.sense, expected.gate) = (2e-12, 1e-15)
    #expect(found.periphery == expected)
    #expect(found.parameters.contains { $0.key == "periphery.sense" && $0.source == "a converter" })
    #expect(throws: Failure.self) {
      try Calibration.parse(
        text
          + section.replacing("value = 2e-12", with: "value = -2e-12")
          .replacing("[0, 1e-9]", with: "[-1, 1]"), name: "nili2020.toml")
    }
  }

  @Test("What nili2020 says")
  func nili() throws {
    let calibration = try Calibration.load("nili2020")
    #expect(calibration.operation.setPulse == Pulse(voltage: 0.8, width: 1e-7))
    #expect(calibration.operation.resetPulse == Pulse(voltage: -0.9, width: 1e-7))
    #expect(calibration.operation.window == 30e-6...100e-6)
    #expect(calibration.operation.conductanceBounds == 3.2e-6...315e-6)
    #expect(calibration.operation.pairing == "referenced-pair")
    #expect(calibration.operation.interpolatesResponse)
    #expect(calibration.operation.weightRetention == 1)
    #expect(calibration.device.readNoise as? ReadNoise == .johnson)
    #expect(calibration.settings.first { $0.key == "pulses.form" }?.value == "figure")
    let a0 = try #require(calibration.parameters.first { $0.key == "static.a0" })
    #expect(a0.values == [-2.58e-6] && a0.unit == "S" && a0.source == "Table I")
    // Limits 7, static 16, pulses 1 + 11 + 11, variation 1, operation 8, wires 2 · 3,
    // switching 14.
    #expect(calibration.parameters.count == 75)
    let compensated = WireSet(name: "compensated", segment: 1, lineEnd: 10, tile: 32)
    #expect(calibration.wires.contains(compensated))
  }

  @Test("ideal: ohmic, equal steps, half-selected pulses do nothing")
  func ideal() throws {
    let device = try Calibration.load("ideal").device
    #expect(device.readNoise as? ReadNoise == ReadNoise.none)
    #expect(
      device.staticModel.current(conductance: 5e-5, voltage: 0.2, temperature: 300, z: 3) == 1e-5)
    for conductance in [30e-6, 65e-6, 100e-6] {
      let up = device.pulseModel.response(
        to: Pulse(voltage: 0.8, width: 1e-7), conductance: conductance)
      let down = device.pulseModel.response(
        to: Pulse(voltage: -0.8, width: 1e-7), conductance: conductance)
      let half = device.pulseModel.response(
        to: Pulse(voltage: 0.4, width: 1e-7), conductance: conductance)
      #expect(up == PulseResponse(meanStep: 1e-7, relativeSpread: 0))
      #expect(down == PulseResponse(meanStep: -1e-7, relativeSpread: 0))
      #expect(half.meanStep == 0)
    }
    let interpolated = try Calibration.load("ideal").device(interpolated: true)
    #expect(interpolated.pulseModel is ConstantStepResponse)
  }

  @Test("satyam2021-as-published: what its code does besides pulses")
  func satyam() throws {
    let operation = try Calibration.load("satyam2021-as-published").operation
    #expect(operation.pairing == "single")
    #expect(operation.window == 150e-6...300e-6)
    #expect(operation.direction == .ascent)
    #expect(operation.weightRetention == 0.9)
    #expect(operation.generatorScale == [0.4])
    #expect(operation.discriminatorScale == [0.15])
    #expect(!operation.interpolatesResponse)
  }

  @Test("Names are listed and stand for absolute paths, so that any working directory serves")
  func names() throws {
    #expect(CalibrationLibrary.names().filter(Self.shipped.contains) == Self.shipped)
    for name in Self.shipped { #expect(try CalibrationLibrary.path(of: name).hasPrefix("/")) }
    #expect(try CalibrationLibrary.path(of: "./nili2020") == "./nili2020")
    #expect(try CalibrationLibrary.path(of: "mine.toml") == "mine.toml")
  }

  @Test("Order of the folders")
  func folders() {
    let folders = CalibrationLibrary.folders(
      environment: "/mine", executable: "/usr/local/bin/crossbar-gan",
      source: "/src/crossbar-gan/Sources/Calibration/CalibrationLibrary.swift")
    #expect(
      folders == [
        "/mine", "/usr/local/bin/calibration", "/usr/local/calibration", "/usr/calibration",
        "/src/crossbar-gan/calibration", "/usr/local/share/crossbar-gan/calibration",
      ])
  }

  @Test("A file elsewhere loads by its path")
  func byPath() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("mine.toml")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try Calibration.load(path).path == path)
  }

  @Test("An unknown name lists the known ones", arguments: ["nili2002", "", "nothing"])
  func unknownName(_ name: String) throws {
    let failure = try #require(throws: Failure.self) { try Calibration.load(name) }
    #expect(failure.kind == .noInput)
    let remedy = try #require(failure.remedy)
    #expect(remedy.contains("ideal, nili2020, satyam2021-as-published"))
    #expect(remedy.hasPrefix("did you mean nili2020?") == (name == "nili2002"))
  }

  @Test("A missing file")
  func missingFile() throws {
    let failure = try #require(throws: Failure.self) { try Calibration.load("./none.toml") }
    #expect(failure.kind == .noInput)
  }

  @Test func `A file of format 1 is the same device, with a notice`() throws {
    let present = try Calibration.load("nili2020")
    let text = try String(contentsOfFile: present.path, encoding: .utf8)
    let former = text.split(separator: "\n", omittingEmptySubsequences: false).filter {
      !["former_sha256", "read_voltage = { value = 0.05", "bias_input", "# The same device"]
        .contains(
          where: $0.hasPrefix)
    }.joined(separator: "\n")
      .replacing("format = 2", with: "format = 1").replacing("conductance_bounds", with: "clip")
    let calibration = try Calibration.parse(former, name: "mine.toml")
    #expect(calibration.operation == present.operation)
    #expect(
      calibration.notices
        == ["mine.toml: operation.clip is called operation.conductance_bounds now"])
    #expect(present.notices.isEmpty)
    #expect(present.isTheSame(as: present.sha256) && !present.isTheSame(as: ""))
    // This is the text of format 1, by its checksum.
    #expect(present.formerHashes.contains(calibration.sha256))
  }

  @Test func `Defaults of operation are those of the default device`() throws {
    let operation = try Calibration.load("nili2020").operation
    let standard = OperatingPoint.standard
    #expect(operation.readVoltage == standard.readVoltage)
    #expect(operation.biasInput == standard.biasInput)
    #expect(operation.setPulse == standard.setPulse)
    #expect(operation.resetPulse == standard.resetPulse)
    #expect(operation.window == standard.window)
    #expect(operation.conductanceBounds == standard.conductanceBounds)
  }
}
