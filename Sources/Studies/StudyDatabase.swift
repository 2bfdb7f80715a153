package import Failures
import Foundation
import GRDB
import Reports
import Runs

/// `study.sqlite`: a row per run in `run` and per epoch in `epoch`.
///
/// Everything in it comes from the run directories, so that it may be deleted at any time: the next
/// `study run` writes it anew. Columns are added as runs bring them, named as in the run
/// configuration (`run.noise`), in the manifest's ledger and in `metrics.csv`.
package struct StudyDatabase {
  private let queue: DatabaseQueue
  private let path: String
  /// Whether a damaged file was found and replaced.
  package let wasDamaged: Bool

  /// Opens or creates the file; one that is damaged is replaced.
  ///
  /// - Throws: ``Failure`` of kind `inputOutput` when the file can be neither used nor made.
  package init(path: String) throws(Failure) {
    self.path = path
    // A link would be written through; what it hides can be made again.
    for suffix in ["", "-journal"]
    where (try? FileManager.default.destinationOfSymbolicLink(atPath: path + suffix)) != nil {
      unlink(path + suffix)
    }
    do {
      queue = try Self.open(path)
      wasDamaged = false
    } catch let error as DatabaseError
      where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode)
    {
      do {
        for suffix in ["", "-journal"] where FileManager.default.fileExists(atPath: path + suffix) {
          try FileManager.default.removeItem(atPath: path + suffix)
        }
        queue = try Self.open(path)
        wasDamaged = true
      } catch { throw Self.failure(error, path) }
    } catch { throw Self.failure(error, path) }
  }

  private static func open(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.write { database in
      guard try String.fetchOne(database, sql: "PRAGMA quick_check(1)") == "ok" else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
      }
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS run (id TEXT PRIMARY KEY);
          CREATE TABLE IF NOT EXISTS epoch (
            run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE, epoch INTEGER NOT NULL,
            PRIMARY KEY (run, epoch));
          CREATE TABLE IF NOT EXISTS study (key TEXT PRIMARY KEY, value TEXT)
          """)
    }
    return queue
  }

  private static func failure(_ error: any Error, _ path: String) -> Failure {
    let cause = (error as? DatabaseError)?.message ?? "\(error)"
    return Failure(
      .inputOutput, at: path, "the database cannot be written (\(cause))",
      remedy: "make room or check permissions; it is made again from the run directories")
  }
}

extension StudyDatabase {
  /// Brings the database to what a grid's records say and drops the rows of other runs.
  package func replace(grid: StudyGrid, records: [RunRecord]) throws(Failure) {
    try write { database in
      let kept = Set(grid.points.map(\.id))
      for id in try String.fetchAll(database, sql: "SELECT id FROM run") where !kept.contains(id) {
        try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [id])
      }
      for (key, value) in [
        ("name", grid.name), ("study_sha256", grid.sha256), ("program", Versions.program),
      ] {
        try Self.upsert(
          into: "study", keys: ["key"], [("key", .text(key)), ("value", .text(value))], database)
      }
      for record in records { try Self.upsert(record, database) }
    }
  }

  /// Writes the rows of one run.
  package func update(_ record: RunRecord) throws(Failure) {
    try write { try Self.upsert(record, $0) }
  }

  private func write(_ body: (Database) throws -> Void) throws(Failure) {
    do {
      try queue.write(body)
    } catch {
      throw Self.failure(error, path)
    }
  }

  private static func upsert(_ record: RunRecord, _ database: Database) throws {
    let id = record.point.id
    try upsert(into: "run", keys: ["id"], [("id", .text(id))] + record.columnsOfRun, database)
    try database.execute(
      sql: "DELETE FROM epoch WHERE run = ? AND epoch > ?", arguments: [id, record.rows.count])
    for row in record.rows {
      let cells = zip(record.columns, row).map { ($0, $1.map(JSON.number) ?? .null) }
      try upsert(into: "epoch", keys: ["run", "epoch"], [("run", .text(id))] + cells, database)
    }
  }

  private static func upsert(
    into table: String, keys: [String], _ cells: [(name: String, value: JSON)],
    _ database: Database
  ) throws {
    let known = Set(try database.columns(in: table).map(\.name))
    for cell in cells where !known.contains(cell.name) {
      try database.execute(
        sql: "ALTER TABLE \(table) ADD COLUMN \(cell.name.quotedDatabaseIdentifier)")
    }
    let names = cells.map(\.name.quotedDatabaseIdentifier)
    let updates = zip(cells, names).filter { !keys.contains($0.0.name) }
      .map { "\($1) = excluded.\($1)" }
    try database.execute(
      sql: """
        INSERT INTO \(table) (\(names.joined(separator: ", ")))
        VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (\(keys.joined(separator: ", "))) DO UPDATE SET \(updates.joined(separator: ", "))
        """, arguments: StatementArguments(cells.map(\.value.databaseValue)))
  }
}

extension StudyDatabase {
  /// The rows of a query as texts, column names first; for tests and for people.
  package func rows(_ sql: String) throws(Failure) -> [[String]] {
    do {
      return try queue.read { database in
        let rows = try Row.fetchAll(database, sql: sql)
        let header = rows.first.map { Array($0.columnNames) } ?? []
        return [header] + rows.map { row in row.databaseValues.map { "\($0.storage.value ?? "")" } }
      }
    } catch { throw Self.failure(error, path) }
  }
}

extension RunRecord {
  /// Cells of the table `run`: state, configuration, ledger, last epoch.
  fileprivate var columnsOfRun: [(name: String, value: JSON)] {
    func text(_ value: String?) -> JSON { value.map(JSON.text) ?? .null }
    return [
      ("condition", .text(StudyPoint.title(point.condition))),
      ("replicate", .text(StudyPoint.title(point.replicate))),
      ("status", .text(status.rawValue)), ("message", text(message)),
      ("epochs", .integer(point.epochs)), ("completed_epochs", .integer(completedEpochs)),
      ("diverged_epoch", divergedEpoch.map(JSON.integer) ?? .null),
      ("start", text(start)), ("end", text(end)),
      ("wall_s", wallSeconds.map(JSON.number) ?? .null),
      ("versions", versions), ("hashes", hashes),
    ] + point.configuration.settings
      + ledger.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) }
      + qualityColumns.map { ($0, final($0).map(JSON.number) ?? .null) }
  }
}

extension JSON {
  /// Scalars as SQLite has them, lists and objects as their JSON text.
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .boolean(let value): value.databaseValue
    case .integer(let value): value.databaseValue
    case .number(let value): value.databaseValue
    case .text(let value): value.databaseValue
    case .list, .object: line.databaseValue
    }
  }
}
