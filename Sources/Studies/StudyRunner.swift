package import Failures
import Files
import Foundation
import Mathematics
import Reports
import Runs

/// Carries out a study: a process per run, several at once, each on one thread.
///
/// The state of a study is nothing but its run directories. Whatever ends this process, the next one
/// reads them, skips what is finished and continues what is not; every run continues with the bits
/// of an uninterrupted one.
package struct StudyRunner {
  private let study: Study
  private let folder: StudyFolder
  private let jobs: Int
  private var active: [(point: StudyPoint, process: ChildProcess)] = []
  private var waiting: [StudyPoint] = []
  private var endedCount = 0
  private var firstError: Failure?

  /// - Parameter jobs: processes at once.
  package init(study: Study, folder: StudyFolder, jobs: Int) {
    self.study = study
    self.folder = folder
    self.jobs = jobs
  }

  /// What a study tells while it goes.
  package enum Event: Sendable {
    /// Something a user should know, one line.
    case notice(String)
    /// What is left to do.
    case prepared(left: Int, total: Int)
    case started(StudyPoint)
    /// A run has ended, in whatever way; `done` counts those that need no more work today.
    case ended(RunRecord, done: Int, total: Int)
  }

  /// Between looks at the children, in microseconds.
  private static let pause: UInt32 = 20_000
  /// Between updates of the database's rows of runs under way.
  private static let refreshInterval = Duration.seconds(10)

  /// Runs what is left.
  ///
  /// - Returns: the records of all points.
  /// - Throws: ``Failure``: `interrupted` after ``StopRequest``; `cannotCreate` and `inputOutput`
  ///   when there is no room or no right to write, at once and with nothing lost; `badData` when
  ///   runs were made with another calibration; and after everything that could be done, the
  ///   failure of the first run that failed.
  package mutating func run(report: (Event) -> Void) throws(Failure) -> [RunRecord] {
    try folder.prepare(for: study)
    let lock = try FileLock.take(folder.lock)
    defer { withExtendedLifetime(lock) {} }
    try folder.write(study)
    let records = folder.records(of: study.grid, studyIsActive: false)
    try requireSameCalibrations(records)
    let database = try StudyDatabase(path: folder.database)
    if database.wasDamaged {
      report(.notice("\(folder.database): was damaged; it is made again from the run directories"))
    }
    try database.replace(grid: study.grid, records: records)
    waiting = records.filter { $0.status != .finished }.map(\.point)
    endedCount = records.count - waiting.count
    report(.prepared(left: waiting.count, total: records.count))
    try prepareData(records) { report(.notice($0)) }
    do throws(Failure) {
      try runWaiting(database, report: report)
    } catch {
      stopActive()
      throw error
    }
    if let firstError { throw firstError }
    return folder.records(of: study.grid, studyIsActive: false)
  }

  /// Refuses to mix runs of different devices under one name.
  private func requireSameCalibrations(_ records: [RunRecord]) throws(Failure) {
    for record in records {
      guard let hash = record.hashes["calibration_sha256"]?.text,
        hash != record.point.calibrationHash,
        study.formerCalibrationHashes[record.point.calibrationHash]?.contains(hash) != true
      else { continue }
      throw Failure(
        .badData, at: folder.run(record.point.id).path,
        "was made with another version of its calibration file",
        remedy: "restore the file, or choose another --out")
    }
  }

  /// Trains the classifiers that metrics need before several processes would do it at once.
  private func prepareData(
    _ records: [RunRecord], notice: (String) -> Void
  ) throws(Failure) {
    var prepared: [DataPlan] = []
    for (record, configuration) in zip(records, study.configurations) {
      if record.completedEpochs > 0 { prepared.append(configuration.data) }
    }
    for (record, configuration) in zip(records, study.configurations)
    where record.status != .finished && !prepared.contains(configuration.data) {
      guard !StopRequest.isPending else { return }
      let workers = Workers(count: jobs)
      let plan = configuration.evaluation
      let data = try RunData(configuration.data, workers: workers)
      let evaluator = try data.evaluator(
        expecting: [plan.epochFakes, plan.finalFakes], workers: workers, notice: notice)
      _ = try data.anchors(of: evaluator, count: plan.finalFakes)
      prepared.append(configuration.data)
    }
  }
}

// MARK: - Processes

extension StudyRunner {
  private mutating func runWaiting(
    _ database: StudyDatabase, report: (Event) -> Void
  ) throws(Failure) {
    let lifeLine = try LifeLine()
    var refreshed = ContinuousClock.now
    while !StopRequest.isPending {
      try collect(database, report: report)
      try startSome(lifeLine.readEnd, report: report)
      if active.isEmpty && waiting.isEmpty { return }
      if ContinuousClock.now - refreshed > Self.refreshInterval {
        for (point, _) in active {
          try database.update(RunRecord(of: point, in: folder, studyIsActive: true))
        }
        refreshed = .now
      }
      usleep(Self.pause)
    }
    stopActive()
    let records = folder.records(of: study.grid, studyIsActive: false)
    try database.replace(grid: study.grid, records: records)
    let finished = records.filter { $0.status == .finished }.count
    throw Failure(
      .interrupted, at: folder.path, "stopped after \(finished) of \(records.count) runs",
      remedy: "continue with: crossbar-gan study run \(study.path) --out \(folder.path)")
  }

  private mutating func startSome(
    _ standardInput: Int32, report: (Event) -> Void
  ) throws(Failure) {
    var index = 0
    while active.count < jobs && index < waiting.count {
      let point = waiting[index]
      let directory = folder.run(point.id)
      // A run of a study that was killed may need a moment to notice.
      guard !FileLock.isHeld(folder: directory.path) else {
        index += 1
        continue
      }
      waiting.remove(at: index)
      try? FileManager.default.removeItem(atPath: folder.failure(point.id))
      let process = try ChildProcess.start(
        arguments: [
          "train", "--config", folder.configuration(point.id), "--out", directory.path, "--resume",
          "--threads", "1", "--quiet", "--stop-with-input",
        ], standardInput: standardInput, log: folder.log(point.id))
      active.append((point, process))
      report(.started(point))
    }
  }

  private mutating func collect(
    _ database: StudyDatabase, report: (Event) -> Void
  ) throws(Failure) {
    for index in active.indices.reversed() {
      let (point, process) = active[index]
      guard let ending = process.poll() else { continue }
      active.remove(at: index)
      endedCount += 1
      let failure = failure(of: point, ending)
      if let failure {
        if firstError == nil { firstError = failure }
        let note: JSON = ["message": .text(failure.description), "time": .text(Machine.now)]
        try AtomicFile.write(note.document, to: folder.failure(point.id), links: .replaced)
      }
      let record = RunRecord(of: point, in: folder, studyIsActive: false)
      try database.update(record)
      report(.ended(record, done: endedCount, total: study.grid.points.count))
      // Without room or permission every run would fail in the same way.
      if let failure, [.cannotCreate, .inputOutput].contains(failure.kind) { throw failure }
    }
  }

  private func failure(of point: StudyPoint, _ ending: ChildProcess.Ending) -> Failure? {
    let place = "run \(point.id) (\(point.title))"
    switch ending {
    case .exited(code: 0): return nil
    case .exited(let code):
      let kind = Failure.Kind(rawValue: code) ?? .internal
      return Failure(kind, at: place, lastLine(of: folder.log(point.id)) ?? "exit code \(code)")
    case .killed(let signal):
      return Failure(.internal, at: place, "killed by signal \(signal)")
    }
  }

  /// The one line a failing command leaves, without the program's name.
  private func lastLine(of log: String) -> String? {
    let prefix = "crossbar-gan: "
    let text = (try? InputFile.text(of: log)) ?? ""
    guard let line = text.split(separator: "\n").last else { return nil }
    return String(line.hasPrefix(prefix) ? line.dropFirst(prefix.count) : line[...])
  }

  /// Stops the children cleanly and waits for them.
  private mutating func stopActive() {
    for (_, process) in active { process.interrupt() }
    while !active.isEmpty {
      active.removeAll { $0.process.poll() != nil }
      if !active.isEmpty { usleep(Self.pause) }
    }
  }
}
