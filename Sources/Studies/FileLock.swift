import Failures
import Foundation

/// An exclusive hold on a file or folder; the system lets go of it when the process dies.
struct FileLock: ~Copyable {
  private let descriptor: Int32

  deinit {
    // A file without a number says that nobody has it.
    _ = ftruncate(descriptor, 0)
    close(descriptor)
  }

  /// Takes a lock file, creating it, and leaves this process's number in it.
  ///
  /// - Throws: ``Failure`` of kind `cannotCreate` while another process has it.
  static func take(_ path: String) throws(Failure) -> FileLock {
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Failure(
        .cannotCreate, at: path, "cannot be created (\(String(cString: strerror(errno))))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Failure(
        .cannotCreate, at: (path as NSString).deletingLastPathComponent,
        "another process is working on this study", remedy: "wait for it, or stop it")
    }
    let number = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0, write(descriptor, number, number.count) == number.count
    else {
      let cause = String(cString: strerror(errno))
      close(descriptor)
      throw Failure(.inputOutput, at: path, "cannot be written (\(cause))")
    }
    return FileLock(descriptor: descriptor)
  }

  /// Whether a process holds a run's folder.
  static func isHeld(folder: String) -> Bool {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0
  }

  /// The process that took a lock file and still lives, found without touching the lock: asking for
  /// it could get in the way of a process that is about to take it.
  static func holder(of path: String) -> Int32? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let number = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), number > 0,
      kill(number, 0) == 0 || errno == EPERM
    else { return nil }
    return number
  }
}
