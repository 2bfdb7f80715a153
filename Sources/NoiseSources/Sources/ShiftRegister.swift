package import ArrayOperations
import Mathematics

/// A maximal-length linear feedback shift register, one bit per clock: the cheap digital way.
///
/// Fibonacci form, taps 16, 14, 13, 11 (period 65,535) or 32, 22, 2, 1 (period 2³² − 1). Energy and
/// time are not booked: no figure for its technology is known here.
package struct ShiftRegister: BitSource {
  /// Length of the register.
  package enum Width: Int, Sendable {
    case bits16 = 16
    case bits32 = 32
  }

  package let name: String
  package let width: Width
  package private(set) var monitor: HealthMonitor
  private let seeds: RandomStream
  private var state: UInt32 = 1

  init(_ width: Width, name: String, seeds: RandomStream, tests: HealthTests) {
    self.width = width
    self.name = name
    self.seeds = seeds
    monitor = HealthMonitor(tests)
    restart(at: 0)
  }

  package mutating func restart(at position: UInt64) {
    monitor = HealthMonitor(monitor.tests)
    let word = seeds.word(at: 0, substream: position)
    let mask: UInt32 = width == .bits16 ? 0xFFFF : .max
    state = word & mask == 0 ? 1 : word & mask
  }

  package mutating func produce(into bits: inout BitQueue, ledger: inout EnergyLedger) {
    var word: UInt64 = 0
    for _ in 0..<64 { word = word &<< 1 | UInt64(clock()) }
    monitor.observe(word)
    bits.append(word, count: 64)
  }

  @inline(__always)
  private mutating func clock() -> UInt32 {
    let output = state & 1
    switch width {
    case .bits16:
      let feedback = (state ^ state >> 2 ^ state >> 3 ^ state >> 5) & 1
      state = state >> 1 | feedback << 15
    case .bits32:
      let feedback = (state ^ state >> 10 ^ state >> 30 ^ state >> 31) & 1
      state = state >> 1 | feedback << 31
    }
    return output
  }
}
