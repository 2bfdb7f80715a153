import Failures
import Files
import Mathematics
import Reports
import Runs

/// What a training is made of: the keys of Examples/configuration.md, checked.
public struct Configuration: Sendable {
  let resolved: ResolvedConfiguration

  /// Reads the text of a configuration file; what it does not say is the default.
  ///
  /// - Parameter toml: such as `[run]` and `epochs = 3`; empty for the defaults.
  /// - Throws: ``CrossbarError`` with the key that is at fault.
  public init(toml: String = "") throws(CrossbarError) {
    resolved = try exposing { () throws(Failure) in
      try RunConfiguration.resolve(file: TOMLDocument(text: toml, name: "configuration"))
    }
  }

  /// Reads a configuration file.
  ///
  /// - Throws: ``CrossbarError`` for a file that is absent, or with the key that is at fault.
  public init(path: String) throws(CrossbarError) {
    resolved = try exposing { () throws(Failure) in
      try RunConfiguration.resolve(file: TOMLDocument(path: path))
    }
  }

  /// Every key with its value, as a configuration file.
  public var toml: String { resolved.configuration.toml }
}

/// A run of the GAN: files and numbers are those of `crossbar-gan train`, to the last bit.
public struct Training: Sendable {
  /// What is known after an epoch.
  public struct Epoch: Sendable {
    /// From 1.
    public let number: Int
    /// A row of metrics.csv by the names of its columns; cells without a number are left out.
    public let metrics: [String: Double]
  }

  /// What the run computes.
  public let configuration: Configuration
  /// The run folder.
  public let folder: String
  /// Threads that share the work; results do not depend on them.
  public let threads: Int

  public init(_ configuration: Configuration, folder: String, threads: Int = 1) {
    self.configuration = configuration
    self.folder = folder
    self.threads = max(1, threads)
  }

  /// Trains, from where the folder's last checkpoint ends if it has one.
  ///
  /// - Parameter report: called after each epoch.
  /// - Throws: ``CrossbarError`` for a folder in use or not writable, data that cannot be read, a damaged
  ///   checkpoint or one of another configuration.
  public func run(report: (Epoch) -> Void = { _ in }) throws(CrossbarError) {
    try exposing { () throws(Failure) in
      let run = TrainingRun(
        configuration: configuration.resolved.configuration,
        calibration: configuration.resolved.calibration, directory: RunDirectory(folder),
        resumes: true, workers: Workers(count: threads))
      _ = try run.run { event in
        guard case .epoch(let record) = event else { return }
        var metrics: [String: Double] = [:]
        guard case .object(let members) = record.json else { return }
        for member in members {
          switch member.value {
          case .number(let value): metrics[member.key] = value
          case .integer(let value): metrics[member.key] = Double(value)
          default: break
          }
        }
        report(Epoch(number: record.epoch, metrics: metrics))
      }
    }
  }
}
