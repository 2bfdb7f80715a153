import Foundation
import Testing
import _TestSupport

@Suite("device")
struct DeviceTests {
  private let tool: Tool

  init() throws { tool = try Tool() }

  private func answer(_ arguments: String...) throws -> [String: Any] {
    let result = try tool.finish(tool.start(arguments))
    #expect(result.code == 0, "\(result.errors)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test func `Currents come as lists in SI units`() throws {
    let answer = try answer(
      "device", "current", "--calibration", "nili2020", "--conductance", "5e-5", "--voltage",
      "-0.1,0.2,0.4", "--temperature", "25", "--json")
    #expect(answer["calibration"] as? String == "nili2020")
    #expect(answer["conductance_S"] as? Double == 5e-5)
    #expect(answer["temperature_C"] as? Double == 25)
    #expect(answer["voltage_V"] as? [Double] == [-0.1, 0.2, 0.4])
    let expected = [-5.0161829393e-6, 1.0618463514e-5, 2.5925708115e-5]
    for (current, value) in zip(try #require(answer["current_A"] as? [Double]), expected) {
      #expect(abs(current - value) < 1e-9 * abs(value) + 1e-16)
    }
  }

  @Test func `One voltage is a list too`() throws {
    let answer = try answer("device", "current", "--voltage", "-0.1", "--json")
    #expect(answer["voltage_V"] as? [Double] == [-0.1])
  }

  @Test func `Pulses of either sign move the device`() throws {
    let set = try answer(
      "device", "pulse", "--calibration", "nili2020", "--conductance", "65e-6", "--voltage", "0.9",
      "--width", "0.5e-3", "--count", "40", "--json")
    let conductances = try #require(set["conductance_S"] as? [Double])
    for (pulse, value) in [(1, 73.8e-6), (5, 106.6e-6), (10, 139.5e-6), (40, 299.7e-6)] {
      #expect(abs(conductances[pulse - 1] - value) < 0.06e-6)
    }
    #expect(set["width_s"] as? Double == 5e-4)
    let reset = try answer(
      "device", "pulse", "--conductance", "165e-6", "--voltage", "-1.4", "--width", "1e-3",
      "--count", "1", "--json")
    #expect(abs(try #require(reset["conductance_S"] as? [Double])[0] - 87.2e-6) < 0.06e-6)
  }

  @Test(arguments: [
    ["current", "--voltage", "0.41"], ["current", "--voltage", "0.1", "--conductance", "3e-6"],
    ["current", "--voltage", "0.1", "--temperature", "101"],
    ["pulse", "--voltage", "0.7", "--width", "1e-6"], ["pulse", "--voltage", "1", "--width", "1"],
    ["pulse", "--voltage", "0", "--width", "1e-6"],
  ])
  func `Outside the measured range is refused, or warned of on request`(arguments: [String]) throws
  {
    let refused = try tool.finish(tool.start(["device"] + arguments))
    #expect(refused.code == 65)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.split(separator: "\n").count == 1)
    let computed = try tool.finish(tool.start(["device"] + arguments + ["--extrapolate"]))
    #expect(computed.code == 0)
    #expect(computed.errors.contains("warning"))
  }

  @Test func `A high conductance is warned of`() throws {
    let result = try tool.run(
      "device", "current", "--conductance", "200e-6", "--voltage", "0.1", "--json")
    #expect(result.code == 0)
    #expect(result.errors.contains("warning"))
    #expect(result.output.split(separator: "\n").count == 1)
  }

  @Test func `A matched pulse pair trains`() throws {
    let found = try answer(
      "device", "match-pulses", "--window", "30e-6:100e-6", "--out", "pulses.toml", "--json")
    #expect(found["window_S"] as? [Double] == [30e-6, 100e-6])
    let symmetryPoint = try #require(found["symmetry_point_S"] as? Double)
    #expect(symmetryPoint > 30e-6 && symmetryPoint < 100e-6)
    let run = try tool.run("train", "--config", "pulses.toml", "--dry-run")
    #expect(run.code == 0, "\(run.errors)")
    let voltage = try #require(found["set_voltage_V"] as? Double)
    #expect(run.output.contains("set_voltage_V = \(voltage)"))
    #expect(try tool.run("device", "match-pulses", "--window", "3:1").code == 64)
    #expect(try tool.run("device", "match-pulses", "--window", "1e-9:1e-8").code == 65)
  }

  @Test func `A given pair is judged, not searched for`() throws {
    let preset = try answer(
      "device", "match-pulses", "--window", "30e-6:100e-6", "--set", "0.8", "--reset", "-0.9",
      "--width", "1e-7", "--json")
    #expect(preset["set_voltage_V"] as? Double == 0.8 && preset["width_s"] as? Double == 1e-7)
    let middle = try #require(preset["symmetry_point_S"] as? Double)
    let centred = try #require(preset["centred_window_S"] as? [Double])
    #expect(abs(centred[0] + centred[1] - 2 * middle) < 1e-12)
    #expect(abs(centred[1] - centred[0] - 70e-6) < 1e-12)
    for options in [["--set", "0.8"], ["--set", "0.8", "--reset", "0.9", "--width", "1e-7"]] {
      let run = try tool.finish(
        tool.start(["device", "match-pulses", "--window", "30e-6:100e-6"] + options))
      #expect(run.code == 64)
    }
  }

  @Test func `What match-pulses writes trains from any folder and in any window`() throws {
    // A file in another folder, and a window wider than the calibration clips at.
    let repository = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    try FileManager.default.copyItem(
      atPath: repository.appending(path: "calibration/nili2020.toml").path,
      toPath: tool.path("copy.toml"))
    try FileManager.default.createDirectory(
      atPath: tool.path("sub"), withIntermediateDirectories: true)
    for (calibration, window) in [
      ("./copy.toml", "30e-6:100e-6"), ("satyam2021-as-published", "30e-6:100e-6"),
    ] {
      let found = try tool.run(
        "device", "match-pulses", "--calibration", calibration, "--window", window, "--extrapolate",
        "--out", "sub/pulses.toml")
      #expect(found.code == 0, "\(found.errors)")
      let run = try tool.run("train", "--config", "sub/pulses.toml", "--dry-run")
      #expect(run.code == 0, "\(run.errors)")
    }
  }

  @Test func `Calibrations are listed and shown`() throws {
    let list = try tool.run("device", "list")
    for name in ["ideal", "nili2020", "satyam2021-as-published"] {
      #expect(list.output.contains(name))
      #expect(try tool.run("device", "show", name).output.contains("static."))
    }
    #expect(try tool.run("device", "show", "nothing").code == 66)
  }
}
