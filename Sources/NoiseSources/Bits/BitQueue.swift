/// Bits in order, packed: what a source appends and a reader takes.
package struct BitQueue: Equatable, Sendable {
  /// The first bit is the most significant one of the first word.
  private var words: [UInt64] = []
  private var head = 0
  private var tail = 0

  package init() {}

  /// Bits that wait.
  package var count: Int { tail - head }

  /// Appends the `count` ≤ 64 lowest bits of a word, the most significant of them first.
  @inline(__always)
  package mutating func append(_ bits: UInt64, count: Int) {
    guard count > 0 else { return }
    let value = bits &<< UInt64(64 &- count)
    let offset = tail & 63
    if offset == 0 {
      words.append(value)
    } else {
      words[words.count &- 1] |= value &>> UInt64(offset)
      if offset &+ count > 64 { words.append(value &<< UInt64(64 &- offset)) }
    }
    tail &+= count
  }

  /// Takes the next `count` ≤ 64 bits as the lowest of a word, the first the most significant.
  ///
  /// There must be as many.
  @inline(__always)
  package mutating func take(_ count: Int) -> UInt64 {
    precondition(count > 0 && count <= 64 && count <= self.count, "more bits than there are")
    let (word, offset) = (head >> 6, head & 63)
    var value = words[word] &<< UInt64(offset)
    if offset &+ count > 64 { value |= words[word &+ 1] &>> UInt64(64 &- offset) }
    head &+= count
    if head & 0xFFFF < count { discardTaken() }
    return value &>> UInt64(64 &- count)
  }

  /// Forgets everything.
  package mutating func removeAll() {
    words.removeAll(keepingCapacity: true)
    head = 0
    tail = 0
  }

  private mutating func discardTaken() {
    let whole = head >> 6
    words.removeFirst(whole)
    head &-= whole &* 64
    tail &-= whole &* 64
  }
}
