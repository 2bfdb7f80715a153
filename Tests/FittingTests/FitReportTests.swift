import FitResults
import Foundation
import Mathematics
import Statistics
import Testing

@Suite("Reports of fits")
struct FitReportTests {
  private func runs(_ values: [Double]) -> ResidualStructure {
    var structure = ResidualStructure()
    structure.add(values)
    return structure
  }

  @Test func `A structure is stated in words, and its absence is not`() throws {
    var report = FitReport(kind: "iv", model: "sinh")
    report.add(runs((0..<60).map { sin(Double($0) / 8) }), along: "voltage")
    #expect(report.notes.contains { $0.contains("the form leaves structure") })
    #expect(try #require(report.statistic("residual_runs_p")) < 1e-6)
    var quiet = FitReport(kind: "iv", model: "sinh")
    let draws = Normal.draws(60, from: RandomStream(seed: 7, name: "residuals"))
    quiet.add(runs(draws), along: "voltage")
    #expect(quiet.notes.isEmpty && quiet.statistic("residual_runs_z") != nil)
  }

  @Test func `A population of enough members gets a distribution and its figures`() throws {
    var report = FitReport(kind: "iv", model: "sinh")
    let draws = Normal.draws(400, from: RandomStream(seed: 3, name: "devices"))
    report.addPopulation("x", Array(draws.prefix(7)).map { exp($0) }, label: "x")
    #expect(report.distributions.isEmpty && report.figures.isEmpty)
    report.addPopulation("x", draws.map { exp($0) }, label: "x")
    let entry = try #require(report.distributions.first)
    #expect(entry.fits.first?.family == .logNormal)
    #expect(
      report.figures.map(\.title) == ["Distribution of x: log-normal", "Q–Q plot of x: normal"])
  }
}
