import Files
import Foundation
import Studies
import Testing

@Suite("Database of a study")
struct DatabaseTests {
  private let fixture: StudyFixture

  init() throws { fixture = try StudyFixture() }

  private func filled() throws -> StudyDatabase {
    let database = try StudyDatabase(path: fixture.folder.database)
    try database.replace(
      grid: fixture.study.grid, records: fixture.folder.records(of: fixture.study.grid))
    return database
  }

  private let content = """
    SELECT run.*, epoch.* FROM run LEFT JOIN epoch ON epoch.run = run.id ORDER BY id, epoch
    """

  @Test func `Rows are the runs and their epochs`() throws {
    try fixture.finishAll()
    let database = try filled()
    let rows = try database.rows(
      """
      SELECT "run.noise", replicate, status, completed_epochs, frechet, energy_total_J, wall_s,
        "variation.static" FROM run ORDER BY "run.seed", "run.noise"
      """)
    #expect(rows.count == 7)
    #expect(rows[1] == ["gaussian", "seed=1", "finished", "2", "10.0", "8.0", "100.0", "1"])
    #expect(rows[6] == ["uniform", "seed=3", "finished", "2", "11.0", "4.0", "100.0", "1"])
    let epochs = try database.rows("SELECT epoch, count(*), avg(frechet) FROM epoch GROUP BY epoch")
    #expect(epochs.dropFirst() == [["1", "6", "50.0"], ["2", "6", "11.0"]])
  }

  @Test func `It is made again from the run directories`() throws {
    try fixture.finishAll()
    let before = try filled().rows(content)
    #expect(before.count == 13)
    try FileManager.default.removeItem(atPath: fixture.folder.database)
    #expect(try filled().rows(content) == before)
    try AtomicFile.write(
      String(repeating: "not a database ", count: 500), to: fixture.folder.database)
    let repaired = try filled()
    #expect(repaired.wasDamaged)
    #expect(try repaired.rows(content) == before)
    #expect(try !filled().wasDamaged)
  }

  @Test func `Rows follow their run and leave with it`() throws {
    let point = try #require(fixture.point("seed=1, noise=gaussian"))
    try fixture.write(point, "interrupted", frechet: [50], energy: 1)
    let database = try filled()
    let state = "SELECT status, completed_epochs, frechet FROM run WHERE id = '\(point.id)'"
    #expect(try database.rows(state).last == ["interrupted", "1", "50.0"])
    try fixture.write(point, frechet: [50, .nan], energy: 2)
    let record = try #require(
      fixture.folder.records(of: fixture.study.grid).first { $0.point == point })
    try database.update(record)
    #expect(try database.rows(state).last == ["finished", "2", ""])
    #expect(try database.rows("SELECT count(*) FROM epoch").last == ["2"])
    let smaller = try StudyFixture(grid: "run.seed = [9]\n")
    try database.replace(
      grid: smaller.study.grid, records: smaller.folder.records(of: smaller.study.grid))
    #expect(try database.rows("SELECT count(*) FROM run").last == ["1"])
    #expect(try database.rows("SELECT count(*) FROM epoch").last == ["0"])
  }
}
