/// Philox4x32-10, a counter-based generator: the block at a counter is a pure function of it.
///
/// J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011). Because nothing
/// is carried from one block to the next, results do not depend on threads, order or restarts.
package enum Philox {
  package typealias Key = (UInt32, UInt32)
  package typealias Block = (UInt32, UInt32, UInt32, UInt32)

  /// Four words for a 128-bit counter given as four words, least significant first.
  ///
  /// The rounds are spelled out so that a loop over counters is one straight line per lane, which
  /// the compiler turns into vector code; the 32 × 32 → 64 products are single instructions there.
  @inline(__always)
  package static func block(_ counter: Block, key: Key) -> Block {
    var c = counter
    var k = key
    round(&c, &k)
    round(&c, &k)
    round(&c, &k)
    round(&c, &k)
    round(&c, &k)
    round(&c, &k)
    round(&c, &k)
    round(&c, &k)
    round(&c, &k)
    round(&c, &k)
    return c
  }

  @inline(__always)
  private static func round(_ c: inout Block, _ k: inout Key) {
    let p0 = UInt64(0xD251_1F53 as UInt32) &* UInt64(c.0)
    let p1 = UInt64(0xCD9E_8D57 as UInt32) &* UInt64(c.2)
    c = (
      UInt32(truncatingIfNeeded: p1 &>> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: p1),
      UInt32(truncatingIfNeeded: p0 &>> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: p0)
    )
    k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
  }
}
