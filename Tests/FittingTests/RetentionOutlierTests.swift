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

@Suite("Outliers of fit retention")
struct RetentionOutlierTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A measurement of 100 cells, whose readings `change` may alter or leave out.
  private func fit(
    _ change: (_ device: Int, _ time: Double, _ conductance: Double) -> Double?
  ) throws -> FitReport {
    var measurement = RetentionMeasurement(conductance: 1e-6...1e-4)
    measurement.devices = 100
    measurement.seed = 4
    try measurement.write(to: folder.file("r.csv"))
    let lines = try String(contentsOfFile: folder.file("r.csv"), encoding: .utf8)
      .split(separator: "\n")
    var text = "\(lines[0])\n"
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",")
      let (device, time) = (try #require(Int(cells[0])), try #require(Double(cells[2])))
      guard let value = change(device, time, try #require(Double(cells[3]))) else { continue }
      text += "\(device),\(cells[1]),\(time),\(value)\n"
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("c.csv")))
    return try RetentionFit(TableReader(files: [folder.file("c.csv")])).report
  }

  private func value(_ name: String, _ report: FitReport) throws -> Double {
    try #require(report.parameters.first { $0.name == name }).value
  }

  @Test func `Cells that die are named and do not move the spread`() throws {
    let clean = try fit { $2 }
    #expect(clean.statistic("outliers") == 0)
    let report = try fit { device, time, value in
      (device == 7 || device == 31) && time > 0 ? value * 1e-3 : value
    }
    for name in ["spread_25_C_1_s", "drift_coefficient_spread", "drift_coefficient"] {
      let (found, expected) = (try value(name, report), try value(name, clean))
      #expect(abs(found / expected - 1) < 0.05, "\(name)")
    }
    #expect(report.model == clean.model)
    #expect(report.notes.contains { $0.contains("device 7 at") && $0.contains("device 31 at") })
  }

  @Test func `Single readings are named with their times`() throws {
    let clean = try fit { $2 }
    let report = try fit { device, time, value in
      device == 12 && time == 100 || device == 60 && time == 10_000 || device == 80 && time == 0
        ? value * 10 : value
    }
    #expect(report.model == "power law")
    #expect(
      abs(
        try value("drift_coefficient_spread", report)
          / value("drift_coefficient_spread", clean) - 1) < 0.05)
    #expect(report.notes.contains { $0.contains("device 12 at 100 s") })
    #expect(report.notes.contains { $0.contains("device 60 at 10000 s") })
    #expect(report.notes.contains { $0.contains("device 80 at every time") })
  }

  @Test func `Heavy tails are kept and told`() throws {
    // Student's t of two degrees of freedom.
    let normal = Normal.draws(30_000, from: RandomStream(seed: 8, name: "tails"))
    let report = try fit { device, time, value in
      guard time > 0 else { return value }
      let at = 3 * (device * 10 + Int(log10(time)))
      let chi = normal[at + 1] * normal[at + 1] + normal[at + 2] * normal[at + 2]
      return value * exp(0.2 * normal[at] / (chi / 2).squareRoot())
    }
    #expect(report.statistic("outliers") == 0)
    #expect(report.notes.contains { $0.contains("heavy tails") })
  }

  @Test func `A cell without its first reading is left out`() throws {
    let report = try fit { device, time, value in device == 3 && time == 0 ? nil : value }
    #expect(report.statistic("devices") == 99)
    #expect(report.notes.contains { $0.contains("lack the first reading") && $0.contains("3") })
    #expect(report.parameters.count == (try fit { $2 }).parameters.count)
  }

  @Test func `Constant data is said to be constant`() throws {
    let failure = #expect(throws: Failure.self) { try fit { _, _, _ in 1e-6 } }
    #expect(failure?.kind == .badData)
    #expect(failure?.cause.contains("constant") == true)
  }
}
