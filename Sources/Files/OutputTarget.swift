package import Failures
import Foundation

/// An opened place to write to: a file under a working name until it is complete, or a pipe or a
/// device that takes bytes as they come.
package struct OutputTarget: Sendable {
  /// Where the bytes belong; a symbolic link is followed and stays.
  package let path: String
  /// The working name beside `path`; nil for pipes and devices, which must not be replaced.
  package let temporary: String?
  /// Open for writing; whoever opened the target closes it.
  package let descriptor: Int32

  /// Opens the place that `path` means.
  ///
  /// - Throws: ``Failure`` of kind `cannotCreate`, or `inputOutput` for a pipe or a device.
  package init(_ path: String) throws(Failure) {
    let resolved = realpath(path, nil)
    defer { free(resolved) }
    self.path = resolved.map { String(cString: $0) } ?? path
    var status = stat()
    let kind = stat(path, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
    guard kind == S_IFREG || kind == S_IFDIR else {
      temporary = nil
      descriptor = open(self.path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw Failure(.inputOutput, at: path, "cannot be written (\(lastSystemError()))")
      }
      return
    }
    let name = self.path + ".part-\(ProcessInfo.processInfo.processIdentifier)"
    temporary = name
    descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Failure(
        .cannotCreate, at: path, "cannot be created (\(lastSystemError()))",
        remedy: "check that the folder exists and is writable")
    }
  }

  /// Flushes what was written and gives it its name; pipes and devices hold nothing to flush.
  ///
  /// - Returns: false with `errno` set when that fails.
  package func commit() -> Bool {
    guard let temporary else { return true }
    return fsync(descriptor) == 0 && rename(temporary, path) == 0
  }

  /// Removes what was begun.
  package func discard() {
    if let temporary { unlink(temporary) }
  }
}
