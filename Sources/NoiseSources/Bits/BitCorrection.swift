/// What turns raw bits of one device into better ones.
package enum BitCorrection: Equatable, Hashable, Sendable {
  case none
  /// Pairs 10 and 01 give 1 and 0, equal pairs nothing (von Neumann 1951): exact for independent
  /// bits of any constant bias.
  case vonNeumann
  /// Parity of k bits: a bias ε becomes 2^(k−1)·ε^k. k is 2, 4, 8, 16 or 32.
  case exclusiveOr(Int)

  /// The group sizes that fill a word.
  package static let groups = [2, 4, 8, 16, 32]

  /// The word for it in a source's specification.
  package var word: String {
    switch self {
    case .none: "raw"
    case .vonNeumann: "von-neumann"
    case .exclusiveOr(let size): "xor\(size)"
    }
  }

  /// The correction that a word stands for.
  package init?(word: String) {
    let all = [Self.none, .vonNeumann] + Self.groups.map(Self.exclusiveOr)
    guard let correction = all.first(where: { $0.word == word }) else { return nil }
    self = correction
  }
}

/// Carries a correction out on 64 raw bits at a time, the first the most significant.
struct BitCorrector {
  let correction: BitCorrection
  /// For every byte the bits that von Neumann's rule leaves, and above them, from bit 4 on, how many.
  private let pairs: [UInt8]

  init(_ correction: BitCorrection) {
    self.correction = correction
    pairs = (0..<256).map { byte in
      var (bits, count): (UInt8, UInt8) = (0, 0)
      for shift in [6, 4, 2, 0] {
        let pair = byte >> shift & 3
        guard pair == 1 || pair == 2 else { continue }
        bits = bits << 1 | (pair == 2 ? 1 : 0)
        count += 1
      }
      return count << 4 | bits
    }
  }

  /// The corrected bits as the lowest of a word, with their number.
  @inline(__always)
  func apply(_ raw: UInt64) -> (bits: UInt64, count: Int) {
    switch correction {
    case .none: (raw, 64)
    case .vonNeumann: pairwise(raw)
    case .exclusiveOr(let size): parities(raw, size)
    }
  }

  @inline(__always)
  private func pairwise(_ raw: UInt64) -> (bits: UInt64, count: Int) {
    var (bits, count): (UInt64, UInt64) = (0, 0)
    pairs.withUnsafeBufferPointer { pairs in
      for byte in 0..<8 {
        let entry = UInt64(pairs[Int(truncatingIfNeeded: raw &>> UInt64(56 &- 8 &* byte)) & 255])
        bits = bits &<< (entry &>> 4) | entry & 15
        count &+= entry &>> 4
      }
    }
    return (bits, Int(count))
  }

  @inline(__always)
  private func parities(_ raw: UInt64, _ size: Int) -> (bits: UInt64, count: Int) {
    var folded = raw
    var distance = 1
    while distance < size {
      folded ^= folded &>> UInt64(distance)
      distance &*= 2
    }
    // The lowest bit of every group now holds its parity.
    var bits: UInt64 = 0
    var shift = 64 &- size
    while shift >= 0 {
      bits = bits &<< 1 | folded &>> UInt64(shift) & 1
      shift &-= size
    }
    return (bits, 64 / size)
  }
}
