import Failures
import Foundation

/// Refuses what cannot fit before the system starts to swap or kill.
enum MemoryBudget {
  /// - Throws: ``Failure`` of kind `badData` when `bytes` exceed the machine's memory.
  static func check(bytes: Double, for array: WiredArray) throws(Failure) {
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    guard bytes > available else { return }
    let (needed, there) = (bytes / 0x1p30, available / 0x1p30)
    throw Failure(
      .badData, at: "nodal analysis",
      "a \(array.rows) × \(array.columns) array needs \(String(format: "%.1f", needed)) GiB, "
        + "the machine has \(String(format: "%.1f", there)) GiB",
      remedy: "use a smaller array or the fast method")
  }
}
