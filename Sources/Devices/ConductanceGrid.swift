/// Nodes in conductance between which per-state quantities are interpolated in hot loops.
///
/// Nodes are the single-precision numbers whose mantissa has `subdivisionBits` bits: 256 equal
/// steps per octave. A node and the fraction above it are the high and low bits of a conductance,
/// so that locating it takes a shift and a mask, no logarithm and no search.
public struct ConductanceGrid: Equatable, Sendable {
  @usableFromInline static let subdivisionBits: UInt32 = 8
  @usableFromInline static let shift: UInt32 = 23 - subdivisionBits
  @usableFromInline static let fractionMask: UInt32 = 1 << shift - 1
  @usableFromInline static let fractionScale: Float = 1 / Float(1 << shift)

  /// High bits of the first node.
  @usableFromInline let firstKey: UInt32
  /// Number of nodes.
  public let count: Int

  /// The nodes that enclose a range of positive conductances in siemens.
  package init(covering range: ClosedRange<Double>) {
    firstKey = Float(range.lowerBound).nextDown.bitPattern >> Self.shift
    let lastKey = Float(range.upperBound).nextUp.bitPattern >> Self.shift + 1
    count = Int(lastKey - firstKey) + 1
  }

  /// Conductance of a node.
  package func node(_ index: Int) -> Double {
    Double(Float(bitPattern: (firstKey + UInt32(index)) << Self.shift))
  }

  /// The node at or below a conductance and the fraction of the way to the next.
  ///
  /// A conductance outside the grid is held at its ends.
  @inlinable @inline(__always)
  func locate(_ conductance: Float) -> (node: Int, fraction: Float) {
    let bits = conductance.bitPattern
    let node = Int(bits &>> Self.shift) &- Int(firstKey)
    if node < 0 { return (0, 0) }
    if node >= count &- 1 { return (count &- 2, 1) }
    return (node, Float(bits & Self.fractionMask) * Self.fractionScale)
  }
}
