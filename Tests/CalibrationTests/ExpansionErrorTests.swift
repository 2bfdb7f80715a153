import Calibration
import Devices
import Failures
import Foundation
import Testing

/// Calibrations say how well they are simulated, and refuse what is not.
@Suite struct ExpansionErrorTests {
  /// The ideal device with another static section.
  private func calibration(_ statics: [String]) throws -> Calibration {
    let path = try CalibrationLibrary.path(of: "ideal")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let section = ["[static]"] + statics
    #expect(text.contains("[static]\nmodel = \"linear\"\n"))
    return try Calibration.parse(
      text.replacing(
        "[static]\nmodel = \"linear\"\n", with: section.joined(separator: "\n") + "\n"),
      name: "test")
  }

  private func parameter(_ key: String, _ value: Double, _ unit: String) -> String {
    "\(key) = { value = \(value), unit = \"\(unit)\", source = \"test\", range = [-100, 100] }"
  }

  private func sinhState(_ slope: Double, _ perDecade: Double) throws -> Calibration {
    try calibration([
      "model = \"sinh-state\"", parameter("gain", 1, "1"), parameter("spread", 0.1, "1"),
      parameter("slope", slope, "V^-1"), parameter("slope_per_decade", perDecade, "V^-1"),
      parameter("reference_conductance", 30e-6, "S"),
    ])
  }

  @Test func `Every calibration of the library is simulated within the limit`() throws {
    for name in CalibrationLibrary.names() {
      let error = try Calibration.load(name).expansionError
      #expect(error.largest < 1e-4, "\(name)")
    }
  }

  @Test(arguments: [(5.0, 0.0), (8, -4), (10, 6)])
  func `Slopes that follow the state are held below half a percent`(
    _ slope: Double, _ perDecade: Double
  ) throws {
    #expect(try sinhState(slope, perDecade).expansionError.largest <= 0.005)
  }

  @Test func `What no expansion reaches is refused with the reason`() throws {
    let failure = #expect(throws: Failure.self) { try sinhState(99, 60) }
    #expect(failure?.kind == .badData)
    #expect(failure?.description.contains("static.model") == true)
  }

  @Test(arguments: [(0.0, 0.0), (-3, 0), (1, 50)])
  func `Slopes that are not positive are refused`(_ slope: Double, _ perDecade: Double) throws {
    #expect(throws: Failure.self) { try sinhState(slope, perDecade) }
  }
}
