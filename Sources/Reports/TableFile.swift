package import Failures
import Files
import Foundation

/// A CSV file written row by row that appears under its name only when it is complete.
package final class TableFile {
  private let target: OutputTarget
  private var buffer: [UInt8] = []
  private var isClosed = false
  private var hasFailed = false

  /// Opens a file for the given columns.
  ///
  /// - Throws: as ``OutputTarget``.
  package init(path: String, columns: [String]) throws(Failure) {
    target = try OutputTarget(path)
    buffer.reserveCapacity(1 << 20)
    buffer += Array((CSV.row(columns) + "\n").utf8)
  }

  deinit {
    if !isClosed {
      close(target.descriptor)
      target.discard()
    }
  }

  /// Adds a row: words first, then numbers.
  package func append(_ words: [String], _ numbers: [Double]) {
    var isFirst = true
    for word in words {
      if !isFirst { buffer.append(0x2C) }
      buffer += CSV.cell(word).utf8
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
      let written = rest.withUnsafeBytes { write(target.descriptor, $0.baseAddress, $0.count) }
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
  package func finish() throws(Failure) {
    flush()
    let isComplete = !hasFailed && target.commit()
    close(target.descriptor)
    isClosed = true
    guard isComplete else {
      target.discard()
      throw Failure(.inputOutput, at: target.path, "cannot be written")
    }
  }
}
