import Failures
import Foundation

/// Watches raw bits as they come: the continuous health tests and the entropy estimates.
///
/// Sequences of different devices are kept apart: a lane each, fed 64 bits at a time. Estimates are
/// means over the lanes, because min-entropies of independent sequences add.
package struct HealthMonitor: Equatable, Sendable {
  package let tests: HealthTests
  private var lanes: [Lane]
  /// Raw bits seen.
  package private(set) var bits = 0
  /// Ones among them.
  package private(set) var ones = 0
  /// Alarms of the repetition count test.
  package private(set) var repetitionAlarms = 0
  /// Alarms of the adaptive proportion test, and windows it completed.
  package private(set) var proportionAlarms = 0
  package private(set) var windows = 0
  private var estimates = EntropySums()

  package init(_ tests: HealthTests, lanes: Int = 1) {
    self.tests = tests
    self.lanes = Array(repeating: Lane(), count: lanes)
  }

  /// Takes the next 64 bits of a lane, the first the most significant.
  @inline(__always)
  package mutating func observe(_ word: UInt64, lane: Int = 0) {
    let ones = word.nonzeroBitCount
    bits &+= 64
    self.ones &+= ones
    let repeats = lanes[lane].repeats(word)
    repetitionAlarms &+= lanes[lane].longRuns(word, repeats, cutoff: tests.repetitionCutoff)
    if let count = lanes[lane].proportion(word, ones, window: tests.window) {
      windows &+= 1
      if count >= tests.proportionCutoff { proportionAlarms &+= 1 }
    }
    lanes[lane].count(word, ones)
    if lanes[lane].segment.bits >= EntropySegment.length {
      estimates.add(lanes[lane].segment)
      lanes[lane].segment = EntropySegment()
    }
  }

  /// Min-entropy per raw bit; nil before there are 64 bits.
  package var entropy: EntropyEstimates? {
    var sums = estimates
    for lane in lanes where lane.segment.bits > 0 { sums.add(lane.segment) }
    guard let mean = sums.mean else { return nil }
    let whole = lanes.reduce(0.0) { sum, lane in
      guard lane.bits > 0 else { return sum }
      return sum
        + Double(lane.bits) * EntropySegment.mostCommonValue(ones: lane.ones, of: lane.bits)
    }
    return EntropyEstimates(
      mostCommonValue: whole / Double(bits), mostCommonValueOfStretches: mean.mostCommonValue,
      markovOfStretches: mean.markov)
  }

  /// The lowest of the estimates of ``entropy``.
  package var leastEntropy: Double? { entropy.map(\.least) }

  /// Stops a source whose tests have failed.
  ///
  /// - Throws: ``Failure`` of kind `internal`.
  func check(_ name: String) throws(Failure) {
    guard let finding else { return }
    throw Failure(
      .internal, at: "noise source \(name)", "fails its health tests: \(finding)",
      remedy: BitStream.remedy)
  }

  /// What is wrong with the source, or nil while its alarms are explained by chance.
  package var finding: String? {
    if repetitionAlarms > 0, tests.isBeyondChance(alarms: repetitionAlarms, trials: bits) {
      return "\(repetitionAlarms) alarms of the repetition count test"
        + " (\(tests.repetitionCutoff) equal bits in a row) in \(bits) bits"
    }
    if proportionAlarms > 0, tests.isBeyondChance(alarms: proportionAlarms, trials: windows) {
      return "\(proportionAlarms) alarms of the adaptive proportion test"
        + " (\(tests.proportionCutoff) of \(tests.window) bits equal) in \(windows) windows"
    }
    return nil
  }
}

/// What the tests remember of one sequence.
private struct Lane: Equatable, Sendable {
  private var previous: UInt64 = 0
  private var hasPrevious = false
  private var run = 0
  private var windowBits = 0
  private var windowFirst: UInt64 = 0
  private var windowCount = 0
  var segment = EntropySegment()
  /// Of the whole sequence.
  private(set) var bits = 0
  private(set) var ones = 0

  /// A one wherever a bit equals the one before it.
  @inline(__always)
  func repeats(_ word: UInt64) -> UInt64 {
    let shifted = word &>> 1 | previous &<< 63
    let equal = ~(word ^ shifted)
    return hasPrevious ? equal : equal & (UInt64.max >> 1)
  }

  /// Runs that reach the cutoff, counted once for every multiple of it.
  @inline(__always)
  mutating func longRuns(_ word: UInt64, _ repeats: UInt64, cutoff: Int) -> Int {
    let leading = (~repeats).leadingZeroBitCount
    let before = run
    if leading == 64 {
      run &+= 64
      return run / cutoff &- before / cutoff
    }
    var alarms = (before &+ leading) / cutoff &- before / cutoff
    if Self.hasOnes(repeats, cutoff &- 1) {
      alarms = Self.runsFromBitByBit(repeats, before, cutoff)
    }
    run = 1 &+ (~repeats).trailingZeroBitCount
    return alarms
  }

  /// Whether a word has `length` or more neighbouring ones.
  @inline(__always)
  private static func hasOnes(_ word: UInt64, _ length: Int) -> Bool {
    var (folded, have) = (word, 1)
    while have < length, folded != 0 {
      let step = min(have, length &- have)
      folded &= folded &<< UInt64(step)
      have &+= step
    }
    return folded != 0
  }

  /// The rare, plain way: every bit in turn.
  private static func runsFromBitByBit(_ repeats: UInt64, _ before: Int, _ cutoff: Int) -> Int {
    var (run, alarms) = (before, 0)
    for shift in (0..<64).reversed() {
      run = repeats >> UInt64(shift) & 1 == 1 ? run + 1 : 1
      if run % cutoff == 0 { alarms += 1 }
    }
    return alarms
  }

  /// The count of the window's first value when the window is complete.
  @inline(__always)
  mutating func proportion(_ word: UInt64, _ ones: Int, window: Int) -> Int? {
    if windowBits == 0 { windowFirst = word &>> 63 }
    windowCount &+= windowFirst == 1 ? ones : 64 &- ones
    windowBits &+= 64
    guard windowBits == window else { return nil }
    defer { (windowBits, windowCount) = (0, 0) }
    return windowCount
  }

  /// Adds to the counts behind the entropy estimates and moves on.
  @inline(__always)
  mutating func count(_ word: UInt64, _ ones: Int) {
    let shifted = word &>> 1 | previous &<< 63
    bits &+= 64
    self.ones &+= ones
    segment.bits &+= 64
    segment.ones &+= ones
    // The first bit of a segment has no predecessor in it.
    let mask = segment.bits == 64 ? UInt64.max >> 1 : UInt64.max
    let (from, to) = (shifted & mask, word & mask)
    segment.fromOne &+= from.nonzeroBitCount
    segment.oneToOne &+= (from & to).nonzeroBitCount
    segment.toOne &+= to.nonzeroBitCount
    previous = word
    hasPrevious = true
  }
}
