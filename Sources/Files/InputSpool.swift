import Failures
import Foundation
import Synchronization

/// What pipes and devices gave, kept so that an input may be read twice like a file.
enum InputSpool {
  /// Bytes of a pipe or a device at most.
  private static let limit = 1 << 30

  /// Names of the copies by the paths they were read from.
  private static let copies = Mutex<[String: String]>([:])

  /// A path that can be opened as often as needed: the one given, or that of an unnamed copy.
  ///
  /// - Throws: ``Failure``: `noInput` when there is nothing to read, `badData` beyond a gibibyte.
  static func seekable(_ path: String) throws(Failure) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFREG, kind != S_IFDIR else { return path }
    if let copy = copies.withLock({ $0[path] }) { return copy }
    let source = open(path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { return path }
    defer { close(source) }
    let copy = "/proc/self/fd/\(try unnamedCopy(of: source, path: path))"
    copies.withLock { $0[path] = copy }
    return copy
  }

  /// A file without a name that holds everything a descriptor gives; open as long as the process.
  private static func unnamedCopy(of source: Int32, path: String) throws(Failure) -> Int32 {
    guard let file = tmpfile() else {
      throw Failure(.inputOutput, at: path, "cannot be kept aside (\(lastSystemError()))")
    }
    let copy = fileno(file)
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var size = 0
    while true {
      let count = read(source, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw Failure(.noInput, at: path, "cannot be read (\(lastSystemError()))")
      }
      if count == 0 { return copy }
      size += count
      guard size <= limit else {
        throw Failure(.badData, at: path, "gives more than the \(limit) bytes that are read")
      }
      guard AtomicFile.write(Data(chunk[..<count]), to: copy) else {
        throw Failure(.inputOutput, at: path, "cannot be kept aside (\(lastSystemError()))")
      }
    }
  }
}
