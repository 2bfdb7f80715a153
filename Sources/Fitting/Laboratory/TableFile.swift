public import Failures
import Files
import Foundation

/// A CSV file written row by row that appears under its name only when it is complete.
public final class TableFile {
  private let path: String
  /// The file under its working name; a pipe or a device is written as it is.
  private let temporary: String?
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isClosed = false
  private var hasFailed = false

  /// Opens a file for the given columns.
  ///
  /// - Throws: ``Failure`` of kind `cannotCreate`.
  public init(path: String, columns: [String]) throws(Failure) {
    let (path, takesBytes) = AtomicFile.target(of: path)
    self.path = path
    let name = path + ".part-\(ProcessInfo.processInfo.processIdentifier)"
    temporary = takesBytes ? nil : name
    descriptor =
      takesBytes
      ? open(path, O_WRONLY | O_CLOEXEC)
      : open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Failure(
        .cannotCreate, at: path, "cannot be created",
        remedy: "check that the folder exists and is writable")
    }
    buffer.reserveCapacity(1 << 20)
    buffer += Array((columns.joined(separator: ",") + "\n").utf8)
  }

  deinit {
    if !isClosed {
      close(descriptor)
      if let temporary { unlink(temporary) }
    }
  }

  /// Adds a row: words first, then numbers.
  public func append(_ words: [String], _ numbers: [Double]) {
    var isFirst = true
    for word in words {
      if !isFirst { buffer.append(0x2C) }
      buffer += word.utf8
      isFirst = false
    }
    for number in numbers {
      if !isFirst { buffer.append(0x2C) }
      // The shortest decimal that reads back as the same number.
      var text = number.description
      text.withUTF8 { buffer.append(contentsOf: $0) }
      isFirst = false
    }
    buffer.append(0x0A)
    if buffer.count > 1 << 20 { flush() }
  }

  private func flush() {
    var rest = buffer[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        hasFailed = true
        break
      }
      rest = rest.dropFirst(written)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Completes the file.
  ///
  /// - Throws: ``Failure`` of kind `inputOutput` when something could not be written; nothing is
  ///   left behind then.
  public func finish() throws(Failure) {
    flush()
    // Pipes and devices hold nothing that could be flushed.
    let isComplete = !hasFailed && (temporary == nil || fsync(descriptor) == 0)
    close(descriptor)
    isClosed = true
    guard isComplete, temporary.map({ rename($0, path) == 0 }) ?? true else {
      if let temporary { unlink(temporary) }
      throw Failure(.inputOutput, at: path, "cannot be written")
    }
  }
}
