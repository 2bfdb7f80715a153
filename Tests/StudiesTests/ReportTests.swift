import Failures
import Files
import Foundation
import Studies
import Testing
import _TestSupport

@Suite("Report of a study")
struct ReportTests {
  private let fixture: StudyFixture

  init() throws { fixture = try StudyFixture() }

  private func lines(_ name: String) throws -> [String] {
    try InputFile.text(of: fixture.folder.report + "/" + name).split(separator: "\n")
      .map(String.init)
  }

  /// By hand: gaussian 10, 12, 14, uniform 9, 10, 11; the differences are 1, 2, 3 downwards.
  @Test func `Tables have the numbers of a hand calculation`() throws {
    try fixture.finishAll()
    _ = try StudyReport(of: fixture.folder).write(to: fixture.folder.report)
    let row = try #require(
      lines("conditions.csv").first { $0.hasPrefix("1,gaussian,frechet,") })
    let cells = row.split(separator: ",").dropFirst(3).compactMap { Double($0) }
    let half = 4.302652729749464 * 2 / 3.0.squareRoot()
    for (cell, expected) in zip(cells, [3, 12, 2, 12 - half, 12 + half]) {
      #expect(abs(cell - expected) < 1e-9)
    }
    let comparison = try #require(lines("comparisons.csv").first { $0.hasPrefix("frechet,") })
    let values = comparison.split(separator: ",").compactMap { Double($0) }
    #expect(values[0] == 3)
    #expect(values[1] == -2)
    #expect(abs(values[4] + 12.0.squareRoot()) < 1e-12)
    #expect(abs(values[5] - (1 - (12.0 / 14).squareRoot())) < 1e-12)
    #expect(try lines("runs.csv").count == 7)
    #expect(try lines("epochs.csv").count == 13)
  }

  @Test func `The page is whole and needs no network`() throws {
    try fixture.finishAll()
    _ = try StudyReport(of: fixture.folder).write(to: fixture.folder.report)
    let page = try InputFile.text(of: fixture.folder.report + "/index.html")
    #expect(page.contains("a &lt; b"))
    #expect(page.contains(fixture.study.grid.sha256))
    #expect(page.contains("12 ± 5"))
    #expect(page.contains("below seed noise"))
    #expect(page.contains("both means: 2 (noise=uniform)."))
    #expect(!page.contains("http"))
    for source in page.matches(of: /src="([^"]+)"/).map(\.1) {
      #expect(
        FileManager.default.fileExists(atPath: "\(fixture.folder.report)/\(source)"), "\(source)")
    }
  }

  @Test func `Of a part it says so`() throws {
    let first = fixture.study.grid.points[0]
    try fixture.write(first, frechet: [50, 10], energy: 1)
    try fixture.write(fixture.study.grid.points[1], "failed", frechet: [50], energy: 1)
    _ = try StudyReport(of: fixture.folder).write(to: fixture.folder.report)
    let page = try InputFile.text(of: fixture.folder.report + "/index.html")
    #expect(page.contains("1 of 6 runs are finished"))
    #expect(page.contains("nothing works"))
    #expect(page.contains("<td class=\"n\">1/3</td>"))
  }

  @Test func `Without a finished run there is none`() throws {
    let failure = #expect(throws: Failure.self) { try StudyReport(of: fixture.folder) }
    #expect(failure?.kind == .noInput)
  }

  @Test func `A place that cannot be written to is named`() throws {
    try fixture.finishAll()
    let file = fixture.temporary.file("file")
    try AtomicFile.write("x", to: file)
    let failure = #expect(throws: Failure.self) {
      _ = try StudyReport(of: fixture.folder).write(to: file + "/report")
    }
    #expect(failure?.kind == .cannotCreate)
  }
}
