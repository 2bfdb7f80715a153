public import Failures
public import Foundation

/// Whole files that either appear complete and durable under their name, or not at all.
public enum AtomicFile {
  /// Writes `data` to a temporary neighbour, flushes it to disk and renames it over `path`.
  ///
  /// A symbolic link keeps pointing where it does; pipes and devices are written as they are.
  ///
  /// The folder's entry is flushed as well, so that after a return the new content survives a power
  /// cut; before it, the old content does.
  ///
  /// - Throws: ``Failure`` of kind `cannotCreate` when the temporary cannot be opened and
  ///   `inputOutput` when writing fails part way; the temporary is removed.
  public static func write(_ data: Data, to path: String) throws(Failure) {
    let (path, takesBytes) = target(of: path)
    if takesBytes {
      try writeThrough(data, to: path)
      return
    }
    let temporary = path + ".part-\(ProcessInfo.processInfo.processIdentifier)"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Failure(
        .cannotCreate, at: path, "cannot be created (\(lastSystemError()))",
        remedy: "check that the folder exists and is writable")
    }
    let complete = writeAll(data, to: descriptor) && fsync(descriptor) == 0
    let cause = lastSystemError()
    close(descriptor)
    guard complete, rename(temporary, path) == 0 else {
      let cause = complete ? lastSystemError() : cause
      unlink(temporary)
      throw Failure(.inputOutput, at: path, "cannot be written (\(cause))")
    }
    flushFolder(of: path)
  }

  /// The place that a write to `path` means: what a symbolic link points to, and whether it is
  /// there and no regular file (a pipe, a device), which takes bytes and must not be replaced.
  public static func target(of path: String) -> (path: String, takesBytes: Bool) {
    var status = stat()
    guard stat(path, &status) == 0 else { return (path, false) }
    let kind = status.st_mode & S_IFMT
    let resolved = realpath(path, nil)
    defer { free(resolved) }
    return (
      resolved.map { String(cString: $0) } ?? path, kind != S_IFREG && kind != S_IFDIR
    )
  }

  /// Writes text as UTF-8; see ``write(_:to:)-(Data,_)``.
  public static func write(_ text: String, to path: String) throws(Failure) {
    try write(Data(text.utf8), to: path)
  }

  /// Writes into a pipe or a device as it is.
  private static func writeThrough(_ data: Data, to path: String) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0, writeAll(data, to: descriptor) else {
      let cause = lastSystemError()
      if descriptor >= 0 { close(descriptor) }
      throw Failure(.inputOutput, at: path, "cannot be written (\(cause))")
    }
    close(descriptor)
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
