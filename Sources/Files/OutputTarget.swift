package import Failures
import Foundation

/// An opened place to write to: a file without a name until it is complete, or a pipe or a device
/// that takes bytes as they come.
///
/// Where the file system can (`O_TMPFILE`), the file under way has no name at all, so that nothing is
/// left behind by whatever ends the process. Elsewhere it is `NAME.part-PID` beside the file; what
/// processes that live no more have left there is removed when the same file is written again.
package struct OutputTarget: Sendable {
  /// Where the bytes belong.
  package let path: String
  /// Whether a pipe or a device is written to, which takes bytes as they come and is not replaced.
  package let isStream: Bool
  /// Open for writing; whoever opened the target closes it.
  package let descriptor: Int32
  /// The working name beside `path`.
  private let temporary: String
  /// Whether the working name has been given to the file.
  private let isNamed: Bool

  /// What a symbolic link at the path means.
  package enum Links: Sendable {
    /// The user named the link: what it points to is written, and it stays.
    case followed
    /// The name is the program's own: the link is replaced by the file.
    case replaced
  }

  /// Opens the place that `path` means.
  ///
  /// - Throws: ``Failure`` of kind `usage` for an empty path, `cannotCreate`, or `inputOutput` for a
  ///   pipe or a device.
  package init(_ path: String, links: Links = .followed) throws(Failure) {
    guard !path.isEmpty else { throw Failure(.usage, at: "output", "the name is empty") }
    var status = stat()
    let isThere = (links == .followed ? stat(path, &status) : lstat(path, &status)) == 0
    let kind = isThere ? status.st_mode & S_IFMT : S_IFREG
    self.path = links == .followed ? Self.resolved(path) : path
    temporary = self.path + ".part-\(getpid())"
    guard kind != S_IFDIR else { throw Failure(.cannotCreate, at: path, "is a folder") }
    isStream = kind != S_IFREG && kind != S_IFLNK
    if isStream {
      isNamed = false
      descriptor = open(self.path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw Failure(.inputOutput, at: path, "cannot be written (\(lastSystemError()))")
      }
      return
    }
    Self.removeAbandoned(of: self.path)
    let unnamed = open(Self.folder(of: self.path), Self.unnamedFile | O_WRONLY | O_CLOEXEC, 0o644)
    isNamed = unnamed < 0
    descriptor =
      unnamed >= 0
      ? unnamed : open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Failure(
        .cannotCreate, at: path, "cannot be created (\(lastSystemError()))",
        remedy: "check that the folder exists and is writable")
    }
  }

  /// `O_TMPFILE`, which is `__O_TMPFILE | O_DIRECTORY`.
  private static let unnamedFile: Int32 = 0o20000000 | O_DIRECTORY

  private static func resolved(_ path: String) -> String {
    let resolved = realpath(path, nil)
    defer { free(resolved) }
    return resolved.map { String(cString: $0) } ?? path
  }

  private static func folder(of path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  /// Flushes what was written and gives it its name; pipes and devices hold nothing to flush.
  ///
  /// - Returns: false with `errno` set when that fails.
  package func commit() -> Bool {
    if isStream { return true }
    guard fsync(descriptor) == 0 else { return false }
    if !isNamed {
      unlink(temporary)
      guard
        linkat(
          AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0
      else { return false }
    }
    return rename(temporary, path) == 0
  }

  /// Removes what was begun.
  package func discard() {
    if !isStream { unlink(temporary) }
  }
}

// MARK: - Left behind

extension OutputTarget {
  /// Removes working files of a file whose processes live no more.
  static func removeAbandoned(of path: String) {
    let name = (path as NSString).lastPathComponent
    removeAbandoned(in: folder(of: path)) { $0 == name }
  }

  /// Removes working files in a folder, of all files whose names are chosen.
  package static func removeAbandoned(
    in folder: String, of isChosen: (String) -> Bool = { _ in true }
  ) {
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard let mark = entry.range(of: ".part-", options: .backwards),
        isChosen(String(entry[..<mark.lowerBound])),
        let process = pid_t(entry[mark.upperBound...]), process > 0,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      unlink("\(folder)/\(entry)")
    }
  }
}
