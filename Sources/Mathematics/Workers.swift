import COpenBLAS
import Dispatch
import Synchronization

/// A number of threads that share work in blocks whose borders do not depend on that number.
///
/// Every block writes its own part of a result, or a partial sum of its own that the caller adds in
/// block order; so one thread and many give the same bits.
package struct Workers: Sendable {
  /// Threads used at once, at least one.
  package let count: Int

  /// One thread: the caller's.
  package static let one = Workers(count: 1)

  /// At least one thread; OpenBLAS is told once to stay on the calling one.
  package init(count: Int) {
    self.count = max(1, count)
    _ = Self.openBLASStaysOnTheCallingThread
  }

  private static let openBLASStaysOnTheCallingThread: Void = openblas_use_calling_thread_only()

  /// Runs `body` for consecutive ranges of `size` that cover `0..<total`, in any order.
  package func forEachBlock(
    of total: Int, size: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    let blocks = (total + size - 1) / size
    forEach(blocks) { block in body(block * size..<min(total, (block + 1) * size)) }
  }

  /// Runs `body` for every index below `total`, in any order.
  package func forEach(_ total: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 1, total > 1 else {
      for index in 0..<total { body(index) }
      return
    }
    // Work within work, and work of others at the same time, is shared out by the system.
    guard !WorkerTeam.of(count).run(total, body) else { return }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(count, total)) { _ in
      Self.takeIndices(from: next, below: total, body)
    }
  }

  /// Runs `body` for the indices that no other thread has taken from a common count.
  static func takeIndices(
    from next: borrowing Atomic<Int>, below total: Int, _ body: (Int) -> Void
  ) {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < total else { return }
      body(index)
    }
  }
}
