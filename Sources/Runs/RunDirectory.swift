package import Failures
import Files
import Foundation

/// The folder of a run and the names in it.
package struct RunDirectory: Equatable, Sendable {
  /// The folder, absolute or from the working folder.
  package let path: String

  /// The folder at a path, whether there is one or not.
  package init(_ path: String) { self.path = path }

  /// Path of the ``Manifest``.
  package var manifest: String { path + "/manifest.json" }
  /// Path of the ``MetricsFile``.
  package var metrics: String { path + "/metrics.csv" }
  /// Path of the ``Checkpoint`` at the end of the last epoch.
  package var checkpoint: String { path + "/checkpoint" }
  /// Path of the folder with a sheet of fakes per epoch.
  package var samples: String { path + "/samples" }

  /// The sample sheet of an epoch: `samples/epoch-0001.png`.
  package func sheet(epoch: Int) -> String {
    let digits = String(epoch)
    let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
    return "\(samples)/epoch-\(zeros)\(digits).png"
  }

  /// A name for a run that has none: date, time and seed, counted on when it is taken.
  package static func unused(seed: UInt64, in folder: String = "runs") -> RunDirectory {
    let style = Date.VerbatimFormatStyle(
      format: """
        \(year: .defaultDigits)\(month: .twoDigits)\(day: .twoDigits)-\
        \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)\
        \(second: .twoDigits)
        """,
      timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    let stem = "\(folder)/\(Date().formatted(style))-seed\(seed)"
    var name = stem
    var count = 1
    while FileManager.default.fileExists(atPath: name) {
      count += 1
      name = "\(stem)-\(count)"
    }
    return RunDirectory(name)
  }

  /// Whether there is nothing in the folder, or no folder.
  var isEmpty: Bool {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).isEmpty
      && !isFile
  }

  private var isFile: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  /// Whether a file of the run is there.
  func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: file) }
}

extension RunDirectory {
  /// Refuses a folder that a new run would write over.
  package func requireUnused() throws(Failure) {
    guard isEmpty else {
      throw Failure(
        .cannotCreate, at: path, "exists and is not empty",
        remedy: "choose another --out, or continue it with --resume")
    }
  }

  /// Refuses a place that cannot be written to, before hours of work rather than after.
  func requireWritable() throws(Failure) {
    var existing = URL(fileURLWithPath: path).standardizedFileURL
    while !FileManager.default.fileExists(atPath: existing.path), existing.path != "/" {
      existing.deleteLastPathComponent()
    }
    guard access(existing.path, W_OK | X_OK) == 0 else { throw notWritable }
  }

  /// Creates the folder with what is above it.
  ///
  /// - Returns: the folders that were not there before, the outermost last.
  func create() throws(Failure) -> [String] {
    guard !path.isEmpty else { throw Failure(.usage, at: "--out", "the name is empty") }
    var new: [String] = []
    var folder = URL(fileURLWithPath: path).standardizedFileURL
    while !has(folder.path), folder.path != "/" {
      new.append(folder.path)
      folder.deleteLastPathComponent()
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw notWritable
    }
    return new
  }

  /// Creates what the run's files need, and removes working files that a killed process left.
  func prepare() throws(Failure) {
    try OutputFolder.create("samples", in: path)
    OutputTarget.removeAbandoned(in: path)
    OutputTarget.removeAbandoned(in: samples)
  }

  /// Removes folders that ``create()`` made, as far as nothing is in them.
  func remove(_ new: [String]) { for folder in new where rmdir(folder) != 0 { return } }

  private var notWritable: Failure {
    Failure(
      .cannotCreate, at: path, "cannot be created or written to",
      remedy: "choose another --out, or check the permissions of the folder")
  }

  /// Holds the folder for this process until it ends; a second process is refused.
  func lock() throws(Failure) -> RunLock {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(.noInput, at: path, "cannot be opened") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Failure(
        .cannotCreate, at: path, "another process is working on this run",
        remedy: "wait for it, or stop it")
    }
    return RunLock(descriptor: descriptor)
  }
}

/// An exclusive hold on a run's folder; the system lets go of it when the process dies.
struct RunLock: ~Copyable {
  private let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
