import CIsolation
import Failures
import Foundation

/// Reads a file in a copy of the process that can do nothing but read, and hands its arrays over.
///
/// The libraries of HDF5 and MATLAB files are large and were not made for files from strangers: what
/// makes them fall, run in circles or take all memory ends the copy and is a refusal here. What the
/// copy may do is decided in `isolation_start`.
enum IsolatedReader {
  /// Processor time of a copy, s.
  private static let seconds: UInt64 = 120

  /// - Parameter library: what reads the file, for the message.
  /// - Throws: ``Failure``: what `body` throws; `badData` when the library does not survive the file.
  static func read(
    _ path: String, with library: String, _ body: () throws(Failure) -> ArrayFile
  ) throws(Failure) -> ArrayFile {
    var descriptor: Int32 = -1
    let process = isolation_start(&descriptor, seconds, UInt64(MemoryBudget.bytes / 2))
    if process == 0 { serve(descriptor, body) }
    guard process > 0 else {
      throw Failure(.inputOutput, at: path, "no process can be started to read it")
    }
    let bytes = content(of: descriptor)
    close(descriptor)
    let status = isolation_wait(process)
    var parcel = ParcelReader(bytes)
    guard status == 0, let answer = parcel.answer(path: path) else {
      throw Failure(
        .badData, at: path,
        status < 0
          ? "the library \(library) does not survive it (signal \(-status))"
          : "the library \(library) gives no whole answer",
        remedy: "it is damaged, or larger than memory; export it as text or NPY")
    }
    return try answer.get()
  }

  /// The part of the copy; does not return.
  private static func serve(_ descriptor: Int32, _ body: () throws(Failure) -> ArrayFile) -> Never {
    var parcel = ParcelWriter()
    do throws(Failure) {
      parcel.put(try body())
    } catch {
      parcel = ParcelWriter()
      parcel.put(error)
    }
    let isWritten = parcel.bytes.withUnsafeBytes { source in
      var sent = 0
      while sent < source.count {
        let count = write(descriptor, source.baseAddress.map { $0 + sent }, source.count - sent)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
    isolation_end(isWritten ? 0 : 1)
  }

  private static func content(of descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
