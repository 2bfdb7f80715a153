import Failures
import Files
import Foundation

/// Where bits go: standard output, or a file that appears whole or not at all.
struct BitOutput: ~Copyable {
  /// The opened file, pipe or device; nil for standard output.
  private var target: OutputTarget?
  private let name: String
  private let descriptor: Int32

  /// Opens the output; `-` is standard output.
  ///
  /// - Throws: as ``OutputTarget``.
  init(path: String) throws(Failure) {
    guard path != "-" else {
      name = "standard output"
      descriptor = STDOUT_FILENO
      // A reader that has seen enough is no error.
      signal(SIGPIPE, SIG_IGN)
      return
    }
    let target = try OutputTarget(path)
    (self.target, name, descriptor) = (target, path, target.descriptor)
    if target.isStream { signal(SIGPIPE, SIG_IGN) }
  }

  deinit {
    guard let target else { return }
    close(target.descriptor)
    target.discard()
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
      if count < 0 && errno == EPIPE && target?.isStream != false { return false }
      guard count > 0 else { throw failure() }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Makes a file durable and gives it its name.
  mutating func finish() throws(Failure) {
    guard let target else { return }
    guard target.commit() else { throw failure() }
    close(target.descriptor)
    self.target = nil
  }

  private func failure() -> Failure {
    let cause = String(cString: strerror(errno))
    return Failure(
      .inputOutput, at: name, "cannot be written (\(cause))")
  }
}
