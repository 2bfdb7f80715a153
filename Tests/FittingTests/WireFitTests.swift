import Failures
import FitResults
import Foundation
import NodalAnalysis
import StaticFits
import Statistics
import Testing
import VirtualLaboratory

@Suite("Wires from an array's read-out")
struct WireFitTests {
  private func measurement(seed: Int, spread: Double = 0.4) -> WireMeasurement {
    var measurement = WireMeasurement()
    (measurement.rows, measurement.columns) = (12, 16)
    measurement.bitEnd = 250
    measurement.spread = spread
    measurement.seed = UInt64(seed)
    return measurement
  }

  @Test(arguments: [true, false])
  func `Intervals cover the truth`(isAlike: Bool) throws {
    var covered: [String: Int] = [:]
    let truths = ["segment": 3.0, "word_end": 400, "bit_end": 250, "sum_of_ends": 650]
    let seeds = 12
    for seed in 0..<seeds {
      let readout = try measurement(seed: seed, spread: isAlike ? 0 : 0.4).readout()
      let fit = try WireFit(readout, at: "test")
      for parameter in fit.report.parameters {
        if let truth = truths[parameter.name], parameter.interval.contains(truth) {
          covered[parameter.name, default: 0] += 1
        }
      }
    }
    // Of 12 at 95 %, fewer than 7 have a probability of 1e-5.
    for (name, count) in covered { #expect(count >= 7, "\(name)") }
    #expect(covered.count == 4)
  }

  @Test func `All word lines driven together add up`() throws {
    var readout = try measurement(seed: 2).readout()
    let m = readout.columns
    var together = (0..<m).map {
      WireReadout.Reading(row: nil, column: $0, voltage: 0.1, current: 0)
    }
    for reading in readout.readings { together[reading.column].current += reading.current }
    readout.readings = together
    let parameters = try WireFit(readout, at: "test").report.parameters
    let segment = try #require(parameters.first { $0.name == "segment" })
    // Noise of sixteen sums: the interval is wide, but it holds the truth.
    #expect(segment.interval.contains(3))
  }

  @Test func `Ends of unknown devices are refused or left open`() throws {
    var readout = try measurement(seed: 1, spread: 0).readout()
    readout.conductances = nil
    do {
      let report = try WireFit(readout, at: "test").report
      #expect(report.undetermined.contains("word_end"))
    } catch {
      #expect("\(error)".contains("does not determine"))
    }
  }

  @Test func `An outlier is named and does not move the fit`() throws {
    var readout = try measurement(seed: 1).readout()
    let clean = try WireFit(readout, at: "test").report.parameters
    readout.readings[37].current *= 3
    let report = try WireFit(readout, at: "test").report
    #expect(report.statistic("outliers") == 1)
    #expect(report.notes.contains { $0.contains("(2,5)") })
    for (a, b) in zip(clean, report.parameters) {
      #expect(abs(a.value - b.value) < a.standardError)
    }
  }

  @Test func `Ten readings are not written`() throws {
    var few = WireMeasurement()
    (few.rows, few.columns) = (4, 4)
    var readout = try few.readout()
    readout.readings = Array(readout.readings.prefix(10))
    readout.conductances = nil
    var draft = CalibrationDraft(assumedAround: 1e-6...1e-4, readVoltage: 0.1, name: "x")
    let failure = #expect(throws: Failure.self) {
      try WireFit(readout, at: "test").enter(&draft, name: "fitted", source: "test")
    }
    #expect(failure?.kind == .badData)
    let whole = try WireFit(try measurement(seed: 1).readout(), at: "test")
    try whole.enter(&draft, name: "fitted", source: "test")
  }

  @Test func `Readings that show no wires are refused`() {
    let flat = WireReadout(
      rows: 4, columns: 4,
      readings: (0..<16).map { .init(row: $0 / 4, column: $0 % 4, voltage: 0.1, current: 1e-6) })
    #expect(throws: Failure.self) { try WireFit(flat, at: "test") }
  }
}
