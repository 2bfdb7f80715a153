import Foundation
import _TestSupport

/// The built executable, run in a folder of its own.
struct Tool: Sendable {
  /// What a finished process left behind.
  struct Result {
    let code: Int32
    let output: String
    let errors: String
  }

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Beside the test bundle.
  private static let executable = URL(fileURLWithPath: "/proc/self/exe")
    .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("crossbar-gan")

  /// One classifier for all tests of a process.
  private static let cache: TemporaryFolder? = try? TemporaryFolder()

  func path(_ name: String) -> String { folder.file(name) }

  /// Starts the tool; what it prints goes to files in the folder.
  ///
  /// - Parameter fileLimit: the largest file the tool may write, in 512-byte blocks; a write beyond
  ///   it fails as on a full disk.
  func start(
    _ arguments: [String], fileLimit: Int? = nil, environment: [String: String] = [:]
  ) throws -> Process {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    if let fileLimit {
      let script = "trap '' XFSZ; ulimit -f \(fileLimit); exec \"$0\" \"$@\""
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", script, Self.executable.path] + arguments
    }
    try start(process, environment: environment)
    return process
  }

  /// Starts a shell line in which `$0` is the tool.
  func start(shell line: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line, Self.executable.path]
    try start(process)
    return process
  }

  private func start(_ process: Process, environment: [String: String] = [:]) throws {
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging([
      "XDG_CACHE_HOME": Self.cache?.path ?? folder.path
    ]) { $1 }.merging(environment) { $1 }
    for name in ["stdout.txt", "stderr.txt"] {
      try Data().write(to: URL(fileURLWithPath: path(name)))
    }
    process.standardOutput = FileHandle(forWritingAtPath: path("stdout.txt"))
    process.standardError = FileHandle(forWritingAtPath: path("stderr.txt"))
    process.standardInput = FileHandle.nullDevice
    // Threads of tests block signals, which children would inherit; a shell then waits for ever.
    var (none, blocked) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &blocked)
    defer { pthread_sigmask(SIG_SETMASK, &blocked, nil) }
    try process.run()
  }

  /// Waits for a process and collects what it said.
  func finish(_ process: Process) throws -> Result {
    process.waitUntilExit()
    return Result(
      code: process.terminationStatus, output: try text("stdout.txt"),
      errors: try text("stderr.txt"))
  }

  func run(_ arguments: String...) throws -> Result { try finish(start(arguments)) }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}

extension Tool {
  /// Writes a data folder and a configuration small enough for a run within a second.
  func prepareTinyRun(epochs: Int = 3, wires: String = "off") throws {
    try TinyData().write(to: path("data"))
    let configuration = """
      [run]
      epochs = \(epochs)
      batch = 32
      seed = 5
      [data]
      source = "\(path("data"))"
      limit = 128
      [networks]
      generator = [8, 12, 784]
      discriminator = [784, 12, 1]
      [wires]
      set = "\(wires)"
      [evaluation]
      epoch_fakes = 40
      final_fakes = 60
      """
    try configuration.write(toFile: path("run.toml"), atomically: true, encoding: .utf8)
  }
}

/// A data set in MNIST's layout: a bright square whose place is the class, with grey speckles.
struct TinyData {
  var trainingCount = 320
  var testCount = 60

  func write(to folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    for (prefix, count) in [("train", trainingCount), ("t10k", testCount)] {
      let images = Self.header(3, [count, 28, 28]) + (0..<count).flatMap(Self.image)
      let labels = Self.header(1, [count]) + (0..<count).map { UInt8($0 % 10) }
      try Data(images).write(to: URL(fileURLWithPath: "\(folder)/\(prefix)-images-idx3-ubyte"))
      try Data(labels).write(to: URL(fileURLWithPath: "\(folder)/\(prefix)-labels-idx1-ubyte"))
    }
  }

  static func header(_ dimensions: UInt8, _ sizes: [Int]) -> [UInt8] {
    [0, 0, 8, dimensions]
      + sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
  }

  private static func image(_ index: Int) -> [UInt8] {
    let (left, top) = (index % 10 % 5 * 5 + 1, index % 10 / 5 * 12 + 4)
    return (0..<784).map { pixel in
      let (row, column) = (pixel / 28, pixel % 28)
      let isInside = (top..<top + 8).contains(row) && (left..<left + 6).contains(column)
      let speckle = (pixel * 7919 + index * 104_729) % 97 % 64
      return UInt8(isInside ? 190 + speckle : speckle / 4)
    }
  }
}
