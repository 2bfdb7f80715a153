import ArrayOperations
import Calibration
package import Failures
import Foundation
import Images
import Mathematics
import Networks
import Runs

/// What a study will take, from a measurement on this machine.
package struct StudyEstimate: Sendable {
  /// Where the figures come from.
  package enum Basis: Equatable, Sendable {
    /// So many finished runs of this study, by their images per second.
    case finishedRuns(Int)
    /// So many conditions, each run for a few steps.
    case shortRuns(Int)
  }

  /// What the costs were measured on.
  package var basis: Basis
  /// Cost of one run, for each measured condition or run.
  package var costs: [RunCost]
  /// Runs that are left.
  package var left: Int
  /// Processes at once.
  package var jobs: Int

  /// Processor time of all runs that are left.
  package var processorSeconds: Double { Double(left) * mean(\.seconds) }
  /// Time until all are done, jobs assumed not to slow each other.
  package var seconds: Double {
    (Double(left) / Double(max(1, jobs))).rounded(.up) * mean(\.seconds)
  }
  /// Energy the simulated hardware will book.
  package var joules: Double { Double(left) * mean(\.joules) }
  /// Disk space.
  package var bytes: Double { Double(left) * mean(\.bytes) }

  private func mean(_ path: KeyPath<RunCost, Double>) -> Double {
    costs.isEmpty ? 0 : costs.map { $0[keyPath: path] }.reduce(0, +) / Double(costs.count)
  }
}

/// What one run takes.
package struct RunCost: Equatable, Sendable {
  /// Seconds on one thread.
  package var seconds: Double
  /// Energy that the simulated hardware books, initial weights included.
  package var joules: Double
  /// Bytes of its directory.
  package var bytes: Double
}

extension StudyEstimate {
  /// Most short runs that are made for an estimate.
  private static let sampleLimit = 3

  /// Estimates from the study's finished runs, or else from short runs of a few conditions spread
  /// over the grid.
  ///
  /// - Throws: ``Failure``: what loading the data and training throw.
  package init(
    of study: Study, in folder: StudyFolder, jobs: Int, notice: (String) -> Void
  ) throws(Failure) {
    let records = folder.records(of: study.grid)
    left = records.filter { $0.status != .finished }.count
    self.jobs = jobs
    costs = []
    var images: [(plan: DataPlan, count: Int)] = []
    let count = { (plan: DataPlan) throws(Failure) -> Int in
      if let known = images.first(where: { $0.plan == plan }) { return known.count }
      let count = try RunData(plan, workers: Workers(count: jobs)).training.count
      images.append((plan, count))
      return count
    }
    for (record, configuration) in zip(records, study.configurations)
    where record.status == .finished {
      costs.append(
        RunCost(of: record, images: try count(configuration.data), folder: folder))
    }
    basis = .finishedRuns(costs.count)
    guard costs.isEmpty, left > 0 else { return }
    let firsts = Self.firstOfEachCondition(study)
    let samples = min(Self.sampleLimit, firsts.count)
    for sample in 0..<samples {
      // From the first condition to the last.
      let index = samples > 1 ? sample * (firsts.count - 1) / (samples - 1) : 0
      let (point, configuration) = firsts[index]
      notice("measuring a short run of \(StudyPoint.title(point.condition))")
      costs.append(
        try ShortRun(configuration).cost(images: count(configuration.data), notice: notice))
    }
    basis = .shortRuns(costs.count)
  }

  private static func firstOfEachCondition(
    _ study: Study
  ) -> [(point: StudyPoint, configuration: RunConfiguration)] {
    var seen: Set<[StudyPoint.Label]> = []
    return zip(study.grid.points, study.configurations).filter {
      seen.insert($0.0.condition).inserted
    }.map { (point: $0.0, configuration: $0.1) }
  }
}

extension RunCost {
  /// The cost of a finished run; its start-up is not in it.
  fileprivate init(of record: RunRecord, images: Int, folder: StudyFolder) {
    let column = record.columns.firstIndex(of: "images_per_s")
    let rates = record.rows.compactMap { row in column.flatMap { row[$0] } }.filter { $0 > 0 }
    self.init(
      seconds: rates.map { Double(images) / $0 }.reduce(0, +),
      joules: record.final("energy_total_J") ?? 0,
      bytes: DiskUse.bytes(in: folder.run(record.point.id).path))
  }
}

/// A run cut to two epochs of a few steps, to see what its parts take.
private struct ShortRun {
  private static let stepsPerEpoch = 20
  private let full: RunConfiguration
  private var short: RunConfiguration

  init(_ configuration: RunConfiguration) {
    full = configuration
    short = configuration
    short.plan.epochs = 2
    let images = Self.stepsPerEpoch * configuration.plan.batch
    short.data.limit = full.data.limit > 0 ? min(full.data.limit, images) : images
  }

  /// When things happened, in seconds from the start.
  private struct Times {
    var prepared = 0.0
    var lastStep = [0.0, 0.0]
    var epoch = [0.0, 0.0]
    var steps = 1
    var notices = 0
    /// Energy of the noise per epoch; the first holds what the source needs to start.
    var noise = [0.0, 0.0]
  }

  func cost(images: Int, notice: (String) -> Void) throws(Failure) -> RunCost {
    var (times, outcome, bytes) = try measured(notice: notice)
    // A classifier trained on the way is there for every later run.
    if times.notices > 0 { (times, outcome, bytes) = try measured(notice: notice) }
    let epochs = Double(full.plan.epochs)
    let steps = epochs * (Double(images) / Double(full.plan.batch)).rounded(.up)
    let step = (times.lastStep[1] - times.epoch[0]) / Double(times.steps)
    let epochEvaluation = times.epoch[0] - times.lastStep[0]
    let finalEvaluation = times.epoch[1] - times.lastStep[1]
    let share = steps / Double(2 * times.steps)
    let once = max(0, times.noise[0] - times.noise[1])
    return RunCost(
      seconds: times.prepared + steps * step + (epochs - 1) * epochEvaluation + finalEvaluation,
      joules: outcome.initialLedger.total + once
        + (outcome.trainingLedger.total - once) * share,
      bytes: bytes.fixed + epochs * bytes.perEpoch)
  }

  private func measured(notice: (String) -> Void) throws(Failure) -> (
    Times, TrainingRun.Outcome, (fixed: Double, perEpoch: Double)
  ) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("crossbar-gan-plan-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let directory = RunDirectory(folder)
    let run = TrainingRun(
      configuration: short, calibration: try Calibration.load(short.calibration),
      directory: directory, resumes: false, workers: Workers(count: 1))
    let start = ContinuousClock.now
    var times = Times()
    let outcome = try run.run { event in
      let now = (ContinuousClock.now - start) / .seconds(1)
      switch event {
      case .notice(let line):
        notice(line)
        times.notices += 1
      case .prepared: times.prepared = now
      case .step(let epoch, let progress):
        times.lastStep[epoch - 1] = now
        times.steps = progress.steps
      case .epoch(let record):
        times.epoch[record.epoch - 1] = now
        times.noise[record.epoch - 1] = record.summary.ledger.noise
      case .alreadyFinished: break
      }
    }
    guard let outcome else {
      throw Failure(.internal, at: folder, "a new run cannot have been finished")
    }
    let sheets = DiskUse.bytes(in: directory.samples)
    return (times, outcome, (DiskUse.bytes(in: folder) - sheets, sheets / 2))
  }
}

/// Space that files take.
private enum DiskUse {
  static func bytes(in folder: String) -> Double {
    let files = FileManager.default
    return (files.subpaths(atPath: folder) ?? []).reduce(0) { sum, name in
      let attributes = try? files.attributesOfItem(atPath: "\(folder)/\(name)")
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { return sum }
      return sum + (attributes?[.size] as? Double ?? 0)
    }
  }
}
