package import ArrayOperations
package import Failures
import Files
import Foundation

/// Bits from a file, in any layout of ``BitRecording``.
///
/// Every position begins at the file's start until ``expect(bitsPerPosition:positions:)`` gives each
/// its own part, so that no bit is used twice in a run.
package struct RecordedBits: BitSource {
  package let name: String
  package let path: String
  package private(set) var monitor: HealthMonitor
  private var bitsPerPosition = 0
  /// Whether the recording begins anew when it ends.
  package let wraps: Bool
  private let bytes: [UInt8]
  private var next = 0

  /// Reads the file.
  ///
  /// - Throws: ``Failure``: `noInput` when it is absent, `badData` when it holds fewer than 64 bits.
  init(path: String, name: String, wraps: Bool, tests: HealthTests) throws(Failure) {
    self.path = path
    self.name = name
    self.wraps = wraps
    let recording = try BitRecording(path: path)
    (bytes, count) = (recording.bytes, recording.count)
    guard count >= 64 else {
      throw Failure(.badData, at: path, "holds \(count) bits, at least 64 are needed")
    }
    monitor = HealthMonitor(tests)
  }

  /// Bits in the file.
  package let count: Int

  /// Divides the recording among positions.
  ///
  /// - Throws: ``Failure`` of kind `badData` when it is too short and does not wrap.
  mutating func expect(bitsPerPosition: Int, positions: Int) throws(Failure) {
    let (needed, overflow) = bitsPerPosition.multipliedReportingOverflow(by: positions)
    guard wraps || (!overflow && needed <= count) else {
      throw Failure(
        .badData, at: path,
        "the recording has \(count) bits, \(bitsPerPosition) × \(positions) are needed",
        remedy: "record more, or use fewer bits per latent entry or reuse latent vectors")
    }
    self.bitsPerPosition = bitsPerPosition
  }

  package mutating func restart(at position: UInt64) {
    monitor = HealthMonitor(monitor.tests)
    let (offset, overflow) = Int(clamping: position).multipliedReportingOverflow(
      by: bitsPerPosition)
    next = overflow ? Int.max / 2 : offset
  }

  package mutating func produce(
    into bits: inout BitQueue, ledger: inout EnergyLedger
  ) throws(Failure) {
    if wraps { next %= count }
    guard next < count else {
      throw Failure(
        .badData, at: path, "the recording of \(count) bits has ended",
        remedy: "record more bits, or use fewer per latent entry")
    }
    // Positions need not begin at a byte: the first one may give a few bits.
    let taken = min(8 - next % 8, count - next)
    let rest = UInt64(bytes[next / 8]) & (0xFF >> UInt64(next % 8))
    // The last byte may hold fewer than eight bits.
    let word = rest >> UInt64(8 - next % 8 - taken)
    if taken == 8, next + 64 <= count {
      let whole = (0..<8).reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[next / 8 + $1]) }
      monitor.observe(whole)
      bits.append(whole, count: 64)
      next += 64
    } else {
      bits.append(word, count: taken)
      next += taken
    }
  }
}
