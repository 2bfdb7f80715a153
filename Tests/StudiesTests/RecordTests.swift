import Failures
import Files
import Foundation
import Runs
import Studies
import Testing
import _TestSupport

@Suite("Records of runs")
struct RecordTests {
  private let fixture: StudyFixture

  init() throws { fixture = try StudyFixture(grid: "run.seed = [1]\n") }

  private var point: StudyPoint { fixture.study.grid.points[0] }

  private func record() throws -> RunRecord {
    try #require(fixture.folder.records(of: fixture.study.grid).first)
  }

  @Test func `State follows from the files`() throws {
    #expect(try record().status == .left)
    try fixture.write(point, "running", frechet: [50], energy: 1)
    #expect(try record().status == .interrupted, "nobody works on the study")
    try AtomicFile.write("\(getpid())\n", to: fixture.folder.lock)
    #expect(try record().status == .running)
    try fixture.write(point, "failed", frechet: [50], energy: 1)
    #expect(try record().message == "nothing works")
    try fixture.write(point, "running", frechet: [50], energy: 1)
    try AtomicFile.write("{\"message\": \"killed\"}", to: fixture.folder.failure(point.id))
    #expect(try record().status == .failed)
    #expect(try record().message == "killed")
    try fixture.write(point, frechet: [50, 40], energy: 1)
    #expect(try record().status == .finished)
    #expect(try record().final("frechet") == 40)
    #expect(try record().final("energy_forward_J") == 0.25, "the whole run's, not the last epoch's")
    #expect(try record().final("nothing") == nil)
  }

  @Test func `Damage is a failed run, not a failed study`() throws {
    try fixture.write(point, frechet: [50, 40], energy: 1)
    let metrics = fixture.folder.run(point.id).metrics
    try AtomicFile.write("epoch,frechet\n1,2\n", to: metrics)
    #expect(try record().status == .failed)
    try AtomicFile.write("epoch,frechet\n1,2\n2\n", to: metrics)
    #expect(try record().message?.contains("metrics.csv:3") == true)
    try AtomicFile.write("{", to: fixture.folder.run(point.id).manifest)
    #expect(try record().message?.contains("manifest.json") == true)
  }

  @Test func `The folder remembers the grid`() throws {
    let (loaded, grid) = (try fixture.folder.loadGrid(), fixture.study.grid)
    #expect(loaded.axes == grid.axes)
    #expect(loaded.sha256 == grid.sha256)
    #expect([loaded.name, loaded.summary] == [grid.name, grid.summary])
    #expect(loaded.points.map(\.id) == grid.points.map(\.id))
    #expect(loaded.points.map(\.title) == grid.points.map(\.title))
    #expect(loaded.points[0].epochs == 2)
    let stored = try InputFile.text(of: fixture.folder.configuration(point.id))
    #expect(stored == fixture.study.configurations[0].toml)
    let failure = #expect(throws: Failure.self) {
      try StudyFolder(fixture.temporary.path).loadGrid()
    }
    #expect(failure?.kind == .noInput)
  }

  @Test func `A folder of something else is refused`() throws {
    let other = try Study(document: TOMLDocument(text: "name = \"other\"", name: "other.toml"))
    let failure = #expect(throws: Failure.self) { try fixture.folder.prepare(for: other) }
    #expect(failure?.kind == .cannotCreate)
    let files = fixture.temporary.path
    #expect(throws: Failure.self) { try StudyFolder(files).prepare(for: other) }
  }
}
