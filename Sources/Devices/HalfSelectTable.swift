public import Mathematics

/// The answers to a SET and to a RESET pulse at a share of their amplitudes, side by side: what devices
/// of one line need that see both again and again.
///
/// Steps are interpolated linearly over conductance and over the share; see ``PulseFamily``.
public struct HalfSelectTable: Sendable {
  /// Table after table: mean step and relative spread of SET, then of RESET, per node.
  @usableFromInline let nodes: Storage<SIMD4<Float>>
  @usableFromInline let grid: ConductanceGrid
  @usableFromInline let lastTable: Int
  /// Conductances in siemens that bound devices.
  public let bounds: ClosedRange<Float>

  /// Joins the answers to two pulses, tabulated for the same bounds and down to the same voltage ratio.
  package init(set: PulseFamily, reset: PulseFamily) {
    precondition(
      set.grid == reset.grid && set.bounds == reset.bounds && set.lastTable == reset.lastTable,
      "tables of different devices")
    nodes = Storage(zip(set.nodes, reset.nodes).map { SIMD4(lowHalf: $0, highHalf: $1) })
    grid = set.grid
    bounds = set.bounds
    lastTable = set.lastTable
  }

  /// Mean steps in siemens and relative spreads at a conductance, of SET and of RESET, for each of two
  /// shares of the amplitude.
  @inlinable @inline(__always)
  public func steps(
    at conductance: Float, voltageRatios: (Float, Float)
  ) -> (SIMD4<Float>, SIMD4<Float>) {
    let (node, fraction) = grid.locate(conductance)
    return (
      steps(node, fraction, voltageRatios.0), steps(node, fraction, voltageRatios.1)
    )
  }

  @inlinable @inline(__always)
  func steps(_ node: Int, _ fraction: Float, _ voltageRatio: Float) -> SIMD4<Float> {
    let (table, between) = PulseFamily.locate(voltageRatio, lastTable: lastTable)
    let strong = nodes.base + (table &* grid.count &+ node)
    let weak = strong + grid.count
    let ofStrong = strong[0] + (strong[1] - strong[0]) * fraction
    let ofWeak = weak[0] + (weak[1] - weak[0]) * fraction
    return ofStrong + (ofWeak - ofStrong) * between
  }
}
