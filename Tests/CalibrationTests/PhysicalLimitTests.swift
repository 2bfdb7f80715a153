import Calibration
import Failures
import Files
import Foundation
import Testing

/// A file cannot lift a limit by widening its own range.
@Suite("Physical limits")
struct PhysicalLimitTests {
  /// The published calibration with one parameter of a section set beyond every device.
  private func calibration(_ section: String, _ key: String, value: String) throws -> Calibration {
    let path = try CalibrationLibrary.path(of: "nili2020")
    var (lines, current) = ([String](), "")
    for line in try InputFile.text(of: path).components(separatedBy: "\n") {
      if line.hasPrefix("[") { current = line }
      let isParameter = current == "[\(section)]" && line.hasPrefix("\(key) ")
      guard isParameter, let unit = line.range(of: #"unit = "[^"]*""#, options: .regularExpression)
      else {
        lines.append(line)
        continue
      }
      lines.append(
        "\(key) = { value = \(value), \(line[unit]), source = \"s\", range = [-1e300, 1e300] }")
    }
    return try Calibration.parse(lines.joined(separator: "\n"), name: "t.toml")
  }

  @Test(arguments: [
    ("set_voltage", "[0.8, 1e9]"), ("reset_voltage", "[-1e9, -0.8]"), ("read_voltage", "1e9"),
    ("pulse_width", "[1e-9, 1e30]"), ("conductance", "[1e-30, 3e-4]"),
    ("conductance", "[1e-6, 1e30]"), ("temperature", "[-300, 100]"), ("temperature", "[20, 1e9]"),
    ("static_conductance_warning", "1e30"),
  ])
  func `Limits beyond any device are refused`(_ key: String, _ value: String) throws {
    let failure = try #require(throws: Failure.self) {
      try calibration("limits", key, value: value)
    }
    #expect(failure.kind == .badData)
    #expect(failure.place.contains("limits.\(key)"), "\(failure)")
  }

  @Test(arguments: ["1e38", "-1e38", "0", "2.5", "65537"])
  func `A tile is a whole number of lines`(_ value: String) throws {
    let failure = try #require(throws: Failure.self) {
      try calibration("wires.bayat", "tile", value: value)
    }
    #expect(failure.place.contains("wires.bayat.tile"), "\(failure)")
  }
}
