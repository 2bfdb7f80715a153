import CIsolation
import Failures
import Foundation
import MeasuredTables
import Testing
import _TestSupport

/// What a library that has lost its mind over a file cannot do.
@Suite("Isolated libraries")
struct IsolationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The exit code of a copy that does `deed` and ends with what it returns.
  private func outcome(seconds: UInt64 = 20, _ deed: () -> Int32) -> Int32 {
    var descriptor: Int32 = -1
    let process = isolation_start(&descriptor, seconds, 1 << 28)
    if process == 0 { isolation_end(deed()) }
    close(descriptor)
    return isolation_wait(process)
  }

  @Test func `It reads files and ends`() {
    #expect(outcome { open("/proc/self/statm", O_RDONLY) < 0 ? 1 : 0 } == 0)
  }

  @Test func `It neither makes, changes nor removes files`() throws {
    let (old, new) = (folder.file("old"), folder.file("new"))
    try Data("kept".utf8).write(to: URL(fileURLWithPath: old))
    let path = strdup(old)
    let other = strdup(new)
    defer {
      free(path)
      free(other)
    }
    #expect(outcome { open(other!, O_WRONLY | O_CREAT, 0o600) < 0 ? 0 : 1 } == 0)
    #expect(outcome { open(path!, O_RDWR) < 0 ? 0 : 1 } == 0)
    #expect(outcome { unlink(path!) < 0 ? 0 : 1 } == 0)
    #expect(outcome { rename(path!, other!) < 0 ? 0 : 1 } == 0)
    #expect(try String(contentsOfFile: old, encoding: .utf8) == "kept")
    #expect(!FileManager.default.fileExists(atPath: new))
  }

  @Test func `It opens no socket and signals nobody`() {
    #expect(outcome { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) < 0 ? 0 : 1 } == 0)
    #expect(outcome { kill(getppid(), 0) < 0 ? 0 : 1 } == 0)
  }

  @Test func `Its end by a signal is told`() {
    #expect(outcome { raise(SIGSEGV) } <= 0)
    #expect(outcome(seconds: 1) { while true {} } == -SIGKILL)
  }

  @Test func `It gets no memory beyond its budget`() {
    let address = outcome {
      // A call of the kernel, which the compiler does not answer in its place as it does malloc.
      let map = mmap(nil, 1 << 29, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      return map == MAP_FAILED ? 0 : 1
    }
    #expect(address == 0)
  }

  @Test(arguments: ["hdf5", "mat"])
  func `A damaged file of a library is refused, whatever the library does`(
    _ name: String
  ) throws {
    let format = try #require(TableFormat(rawValue: name))
    let path = folder.file("damaged")
    let head: [UInt8] =
      name == "mat"
      ? Array("MATLAB 5.0 MAT-file".utf8) + [UInt8](repeating: 0x20, count: 105) + [
        0, 1, 0x49, 0x4D,
      ]
      : [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    for seed in 0..<40 {
      let rest = (0..<400).map { UInt8(truncatingIfNeeded: ($0 &* 7919 &+ seed &* 104_729) >> 3) }
      try Data(head + rest).write(to: URL(fileURLWithPath: path))
      let failure = #expect(throws: Failure.self) {
        try TableInspection(TableReader(files: [path], format: format))
      }
      #expect(failure?.kind == .badData)
    }
  }
}
