package import Failures
package import Foundation

/// Whole files that either appear complete and durable under their name, or not at all.
package enum AtomicFile {
  /// Writes `data` to a temporary neighbour, flushes it to disk and renames it over `path`.
  ///
  /// A symbolic link keeps pointing where it does; pipes and devices are written as they are.
  ///
  /// The folder's entry is flushed as well, so that after a return the new content survives a power
  /// cut; before it, the old content does.
  ///
  /// - Throws: ``Failure`` of kind `cannotCreate` when the temporary cannot be opened and
  ///   `inputOutput` when writing fails part way; the temporary is removed.
  package static func write(_ data: Data, to path: String) throws(Failure) {
    let target = try OutputTarget(path)
    let complete = writeAll(data, to: target.descriptor) && target.commit()
    let cause = lastSystemError()
    close(target.descriptor)
    guard complete else {
      target.discard()
      throw Failure(.inputOutput, at: path, "cannot be written (\(cause))")
    }
    flushFolder(of: target.path)
  }

  /// Writes text as UTF-8; see ``write(_:to:)-(Data,_)``.
  package static func write(_ text: String, to path: String) throws(Failure) {
    try write(Data(text.utf8), to: path)
  }

  private static func writeAll(_ data: Data, to descriptor: Int32) -> Bool {
    data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = Foundation.write(
          descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if written < 0 && errno == EINTR { continue }
        if written <= 0 { return false }
        offset += written
      }
      return true
    }
  }

  private static func flushFolder(of path: String) {
    let folder = (path as NSString).deletingLastPathComponent
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// The C library's text for `errno`.
func lastSystemError() -> String { String(cString: strerror(errno)) }
