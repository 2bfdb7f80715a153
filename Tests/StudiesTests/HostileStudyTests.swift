import Failures
import Files
import Foundation
import Runs
import Studies
import Testing
import _TestSupport

@Suite("Hostile folders of a study")
struct HostileStudyTests {
  private let fixture: StudyFixture

  init() throws { fixture = try StudyFixture() }

  /// Replaces text in the study's own grid.
  private func edit(_ old: String, _ new: String) throws {
    let text = try InputFile.text(of: fixture.folder.grid)
    try AtomicFile.write(
      text.replacingOccurrences(of: old, with: new), to: fixture.folder.grid)
  }

  private func link(_ path: String, to target: String) throws {
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  @Test(arguments: [
    "../../../tmp/x", "", "/etc/passwd", "a\\\" onerror=\\\"alert(1)", "ABCDEF012345",
    "0123456789ab0",
  ])
  func `A point whose name is not of the form is refused`(_ name: String) throws {
    try edit(fixture.study.grid.points[0].id, name)
    let failure = try #require(throws: Failure.self) { try fixture.folder.loadGrid() }
    #expect(failure.kind == .badData)
  }

  @Test func `Two points of one name and names that are no folders are refused`() throws {
    let points = fixture.study.grid.points
    try edit(points[0].id, points[1].id)
    #expect(throws: Failure.self) { try fixture.folder.loadGrid() }
    try edit(points[1].id, points[0].id)
    try edit("\"name\": \"s\"", "\"name\": \"../s\"")
    #expect(throws: Failure.self) { try fixture.folder.loadGrid() }
  }

  @Test func `Texts of the study are escaped wherever they stand`() throws {
    try fixture.finishAll()
    try edit("\"gaussian\"", "\"<script>'\\\"&\"")
    _ = try StudyReport(of: fixture.folder).write(to: fixture.folder.report)
    let page = try InputFile.text(of: fixture.folder.report + "/index.html")
    #expect(!page.contains("<script>"))
    #expect(page.contains("&lt;script&gt;&#39;&quot;&amp;"))
  }

  @Test func `Links in a report's folder are replaced, never written through`() throws {
    try fixture.finishAll()
    let report = fixture.folder.report
    _ = try StudyReport(of: fixture.folder).write(to: report)
    let victim = fixture.temporary.file("victim")
    let names = try FileManager.default.subpathsOfDirectory(atPath: report)
    for name in names {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(report)/\(name)", isDirectory: &isFolder)
      if !isFolder.boolValue { try link("\(report)/\(name)", to: victim) }
    }
    try AtomicFile.write("untouched", to: victim)
    _ = try StudyReport(of: fixture.folder).write(to: report)
    #expect(try InputFile.text(of: victim) == "untouched")
  }

  @Test(arguments: ["plots", "sheets"])
  func `A link in place of a report's inner folder is refused`(_ name: String) throws {
    try fixture.finishAll()
    let outside = fixture.temporary.file("outside")
    try OutputFolder.create(outside)
    try OutputFolder.create(fixture.folder.report)
    try link("\(fixture.folder.report)/\(name)", to: outside)
    #expect(throws: Failure.self) {
      _ = try StudyReport(of: fixture.folder).write(to: fixture.folder.report)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside).isEmpty)
  }

  @Test(arguments: ["runs", "configurations", "logs", "failures"])
  func `A link in place of a study's inner folder is refused`(_ name: String) throws {
    let outside = fixture.temporary.file("outside")
    try OutputFolder.create(outside)
    try link("\(fixture.folder.path)/\(name)", to: outside)
    #expect(throws: Failure.self) { try fixture.folder.prepare(for: fixture.study) }
  }
}
