package import Failures
package import Foundation

/// Whole files that either appear complete and durable under their name, or not at all.
package enum AtomicFile {
  /// Writes `data` aside, flushes it to disk and gives it its name.
  ///
  /// Pipes and devices are written as they are. The folder's entry is flushed as well, so that after
  /// a return the new content survives a power cut; before it, the old content does.
  ///
  /// - Parameter links: whether a symbolic link at `path` stays and points to the new content.
  /// - Throws: ``Failure`` of kind `cannotCreate` when the file cannot be begun and `inputOutput`
  ///   when writing fails part way; nothing is left behind.
  package static func write(
    _ data: Data, to path: String, links: OutputTarget.Links = .followed
  ) throws(Failure) {
    let target = try OutputTarget(path, links: links)
    let complete = write(data, to: target.descriptor) && target.commit()
    let cause = lastSystemError()
    close(target.descriptor)
    guard complete else {
      target.discard()
      throw Failure(.inputOutput, at: path, "cannot be written (\(cause))")
    }
    flushFolder(of: target.path)
  }

  /// Writes text as UTF-8; see ``write(_:to:links:)-(Data,_,_)``.
  package static func write(
    _ text: String, to path: String, links: OutputTarget.Links = .followed
  ) throws(Failure) {
    try write(Data(text.utf8), to: path, links: links)
  }

  /// Writes all bytes to a descriptor.
  ///
  /// - Returns: false with `errno` set when that fails.
  package static func write(_ data: Data, to descriptor: Int32) -> Bool {
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
