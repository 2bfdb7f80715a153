/// A named, seeded family of random numbers addressed by position.
///
/// Element `i` of substream `s` is a pure function of (seed, name, s, i): a step number as the
/// substream and a device or output number as the element give the same bits on any thread count
/// and after a resume. Words come from Philox4x32-10; 256 elements come from
/// 64 neighbouring counters.
package struct RandomStream: Sendable {
  let key: Philox.Key

  /// The stream called `name` under a seed; different names are independent streams.
  package init(seed: UInt64, name: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let mixed = Self.mixed(Self.mixed(seed) ^ hash)
    key = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
  }

  /// SplitMix64's finaliser (Steele, Lea, Flood 2014): spreads nearby seeds over all keys.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Elements in a group; word w of the group's counter l is element w · 64 + l.
  static let groupSize = 4 * countersPerGroup
  static let countersPerGroup = 64

  /// One 32-bit word by the plain definition; the fills below give the same values faster.
  package func word(at element: Int, substream: UInt64) -> UInt32 {
    let withinGroup = element % Self.groupSize
    let index = element / Self.groupSize * Self.countersPerGroup
    let block = block(at: index + withinGroup % Self.countersPerGroup, substream: substream)
    switch withinGroup / Self.countersPerGroup {
    case 0: return block.0
    case 1: return block.1
    case 2: return block.2
    default: return block.3
    }
  }

  @inline(__always)
  private func block(at counter: Int, substream: UInt64) -> Philox.Block {
    Philox.block(
      (
        UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter &>> 32),
        UInt32(truncatingIfNeeded: substream), UInt32(truncatingIfNeeded: substream &>> 32)
      ), key: key)
  }

  /// A uniform number in (0, 1), 24 bits, from one word.
  package func uniform(at element: Int, substream: UInt64) -> Float {
    ElementaryFunctions.unitInterval(word(at: element, substream: substream))
  }

  /// A standard normal number, for the few that are drawn one at a time.
  package func gaussian(at element: Int, substream: UInt64) -> Float {
    ElementaryFunctions.boxMuller(
      word(at: 2 * element, substream: substream), word(at: 2 * element + 1, substream: substream)
    ).0
  }

  /// A uniform number in (0, 1) with 53 bits, from two words, for what is drawn once.
  package func preciseUniform(at element: Int, substream: UInt64) -> Double {
    let high = UInt64(word(at: 2 * element, substream: substream))
    let low = UInt64(word(at: 2 * element + 1, substream: substream))
    return (Double((high << 32 | low) >> 11) + 0.5) * 0x1p-53
  }
}

extension RandomStream {
  /// Fills `target` with the words of a substream, from element `first`, a multiple of 256.
  package func fillWords(
    _ target: UnsafeMutableBufferPointer<UInt32>, from first: Int = 0, substream: UInt64
  ) {
    fill(target, from: first, substream: substream, zero: 0) { block in block }
  }

  /// Fills `target` with uniform numbers in (0, 1), from element `first`, a multiple of 256.
  package func fillUniform(
    _ target: UnsafeMutableBufferPointer<Float>, from first: Int = 0, substream: UInt64
  ) {
    fill(target, from: first, substream: substream, zero: 0) { block in
      (
        ElementaryFunctions.unitInterval(block.0), ElementaryFunctions.unitInterval(block.1),
        ElementaryFunctions.unitInterval(block.2), ElementaryFunctions.unitInterval(block.3)
      )
    }
  }

  /// Fills `target` with standard normal numbers, from element `first`, a multiple of 256.
  ///
  /// Box–Muller on pairs of words: magnitudes reach 5.9, where 24-bit uniforms end.
  package func fillGaussian(
    _ target: UnsafeMutableBufferPointer<Float>, from first: Int = 0, substream: UInt64
  ) {
    fill(target, from: first, substream: substream, zero: 0) { block in
      let (a, b) = ElementaryFunctions.boxMuller(block.0, block.1)
      let (c, d) = ElementaryFunctions.boxMuller(block.2, block.3)
      return (a, b, c, d)
    }
  }

  /// Fills `target` group by group; a last, partial group goes through a whole one on the stack.
  @inline(__always)
  private func fill<Value>(
    _ target: UnsafeMutableBufferPointer<Value>, from first: Int, substream: UInt64, zero: Value,
    _ transform: (Philox.Block) -> (Value, Value, Value, Value)
  ) {
    precondition(first % Self.groupSize == 0, "random elements are addressed in groups of 256")
    guard let output = target.baseAddress else { return }
    var counter = first / Self.groupSize &* Self.countersPerGroup
    var at = 0
    while at &+ Self.groupSize <= target.count {
      fillGroup(output + at, counter: counter, substream: substream, transform)
      at &+= Self.groupSize
      counter &+= Self.countersPerGroup
    }
    guard at < target.count else { return }
    withUnsafeTemporaryAllocation(of: Value.self, capacity: Self.groupSize) { whole in
      whole.initialize(repeating: zero)
      guard let rest = whole.baseAddress else { return }
      fillGroup(rest, counter: counter, substream: substream, transform)
      (output + at).update(from: rest, count: target.count - at)
    }
  }

  @inline(__always)
  private func fillGroup<Value>(
    _ output: UnsafeMutablePointer<Value>, counter: Int, substream: UInt64,
    _ transform: (Philox.Block) -> (Value, Value, Value, Value)
  ) {
    for lane in 0..<Self.countersPerGroup {
      let values = transform(block(at: counter &+ lane, substream: substream))
      output[lane] = values.0
      output[lane &+ Self.countersPerGroup] = values.1
      output[lane &+ 2 &* Self.countersPerGroup] = values.2
      output[lane &+ 3 &* Self.countersPerGroup] = values.3
    }
  }
}

/// A sequential generator over one substream, for shuffles and whatever draws one value at a time.
package struct RandomSequence: RandomNumberGenerator, Sendable {
  private let stream: RandomStream
  private let substream: UInt64
  private var position = 0

  /// The sequence from the start of a substream.
  package init(_ stream: RandomStream, substream: UInt64 = 0) {
    self.stream = stream
    self.substream = substream
  }

  /// The next two words of the substream as one, the first in the upper half.
  package mutating func next() -> UInt64 {
    defer { position += 2 }
    let high = UInt64(stream.word(at: position, substream: substream))
    return high << 32 | UInt64(stream.word(at: position + 1, substream: substream))
  }
}
