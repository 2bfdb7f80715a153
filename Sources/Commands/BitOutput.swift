import Failures
import Files
import Foundation

/// Where bits go: standard output, or a file that appears whole or not at all.
struct BitOutput: ~Copyable {
  private let path: String
  /// The file under its working name; nil for standard output, pipes and devices.
  private var temporary: String?
  private let descriptor: Int32

  /// Opens the output; `-` is standard output.
  ///
  /// - Throws: ``Failure`` of kind `cannotCreate`.
  init(path: String) throws(Failure) {
    guard path != "-" else {
      self.path = path
      // A reader that has seen enough is no error.
      signal(SIGPIPE, SIG_IGN)
      descriptor = STDOUT_FILENO
      return
    }
    let (path, takesBytes) = AtomicFile.target(of: path)
    self.path = path
    if takesBytes {
      signal(SIGPIPE, SIG_IGN)
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw Failure(
          .inputOutput, at: path, "cannot be written (\(String(cString: strerror(errno))))")
      }
      return
    }
    let name = path + ".part-\(ProcessInfo.processInfo.processIdentifier)"
    descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Failure(
        .cannotCreate, at: path, "cannot be created (\(String(cString: strerror(errno))))",
        remedy: "check that the folder exists and is writable")
    }
    temporary = name
  }

  deinit {
    guard let temporary else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Writes bytes.
  ///
  /// - Returns: false when the reader of a pipe is gone.
  /// - Throws: ``Failure`` of kind `inputOutput`.
  func write(_ bytes: [UInt8]) throws(Failure) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EPIPE && temporary == nil { return false }
      guard count > 0 else { throw failure() }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Makes a file durable and gives it its name.
  mutating func finish() throws(Failure) {
    guard let temporary else { return }
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw failure() }
    close(descriptor)
    self.temporary = nil
  }

  private func failure() -> Failure {
    let cause = String(cString: strerror(errno))
    return Failure(
      .inputOutput, at: path == "-" ? "standard output" : path, "cannot be written (\(cause))")
  }
}
