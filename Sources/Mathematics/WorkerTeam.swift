import CProcessor
import Foundation
import Synchronization

/// Threads that stay awake for a while between two pieces of work.
///
/// A training step hands out some sixty pieces of work of tens of microseconds. A thread that sleeps
/// in between is woken as often, which takes as long as the work; one that looks for more work for a
/// moment first is at hand. It sleeps when there is none: an idle program takes no processor time.
///
/// One piece of work at a time: who finds a team at work has to go elsewhere.
final class WorkerTeam: Sendable {
  private static let teams = Mutex<[Int: WorkerTeam]>([:])

  private let isTaken = Atomic<Bool>(false)
  /// Pieces of work so far; a change calls the threads.
  private let calls = Atomic<Int>(0)
  /// Whether the present piece still takes threads in.
  private let isOpen = Atomic<Bool>(false)
  /// Threads that may be at the present piece, the caller's aside.
  private let active = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let workArrives = Bell()
  private let workIsDone = Bell()
  /// The present piece.
  ///
  /// Sound: written by the calling thread alone, while no worker is active; the bells order it before their reads.
  private nonisolated(unsafe) var piece: Piece?

  private struct Piece {
    let total: Int
    let body: @Sendable (Int) -> Void
  }

  /// The team that, with the caller, is so many threads; two or more.
  static func of(_ count: Int) -> WorkerTeam {
    teams.withLock { teams in
      if let team = teams[count] { return team }
      let team = WorkerTeam(threads: count - 1)
      teams[count] = team
      return team
    }
  }

  private init(threads: Int) {
    for _ in 0..<threads {
      let thread = Thread { [self] in serve() }
      thread.name = "worker"
      thread.start()
    }
  }

  /// Runs `body` for every index below `total`, in any order, on all threads.
  ///
  /// - Returns: false, with nothing done, when the team is at work already.
  func run(_ total: Int, _ body: @Sendable (Int) -> Void) -> Bool {
    guard !isTaken.exchange(true, ordering: .acquiring) else { return false }
    withoutActuallyEscaping(body) { body in
      piece = Piece(total: total, body: body)
      next.store(0, ordering: .relaxed)
      isOpen.store(true, ordering: .sequentiallyConsistent)
      calls.wrappingAdd(1, ordering: .sequentiallyConsistent)
      workArrives.ring(for: total - 1)
      takePart()
      isOpen.store(false, ordering: .sequentiallyConsistent)
      workIsDone.wait { active.load(ordering: .sequentiallyConsistent) == 0 }
      piece = nil
    }
    isTaken.store(false, ordering: .releasing)
    return true
  }

  /// The life of a thread.
  private func serve() {
    var seen = 0
    while true {
      workArrives.wait { calls.load(ordering: .sequentiallyConsistent) != seen }
      seen = calls.load(ordering: .sequentiallyConsistent)
      // Counted before looking: a caller that has closed a piece waits for whoever saw it open.
      active.wrappingAdd(1, ordering: .sequentiallyConsistent)
      if isOpen.load(ordering: .sequentiallyConsistent) { takePart() }
      active.wrappingSubtract(1, ordering: .sequentiallyConsistent)
      workIsDone.ring(for: 1)
    }
  }

  /// Never inlined: the piece is let go of before its thread is no longer active.
  @inline(never)
  private func takePart() {
    guard let piece else { return }
    Workers.takeIndices(from: next, below: piece.total, piece.body)
  }
}

/// What threads wait at for something that others make true and then ring for.
private final class Bell: Sendable {
  /// Looks before a thread sleeps: about a tenth of a millisecond.
  private static let patience = 10_000

  private let sleepers = Atomic<Int>(0)
  private let condition = NSCondition()

  /// Returns when something holds.
  func wait(until holds: () -> Bool) {
    for _ in 0..<Self.patience {
      if holds() { return }
      relax_processor()
    }
    condition.lock()
    // Counted before the last look: who makes it true after that look finds a sleeper to wake.
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while !holds() { condition.wait() }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
  }

  /// Wakes so many of those that sleep; what they wait for is true already.
  func ring(for count: Int) {
    let asleep = sleepers.load(ordering: .sequentiallyConsistent)
    guard asleep > 0 else { return }
    condition.lock()
    for _ in 0..<min(asleep, count) { condition.signal() }
    condition.unlock()
  }
}
