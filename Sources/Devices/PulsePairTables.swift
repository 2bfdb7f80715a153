public import Mathematics

/// The answers to a SET and to a RESET pulse, whole and weakened, in one table: the form in which
/// millions of pulses of either kind follow each other.
///
/// Which of both it is, is a distance in the table, not a choice between two of them.
public struct PulsePairTables: Sendable {
  /// Tables of the SET pulse, then of the RESET pulse; see ``PulseFamily``.
  @usableFromInline let nodes: Storage<SIMD2<Float>>
  @usableFromInline let grid: ConductanceGrid
  @usableFromInline let bounds: ClosedRange<Float>
  @usableFromInline let lastTable: Int

  /// Joins the answers to two pulses, tabulated for the same bounds and down to the same voltage ratio.
  package init(set: PulseFamily, reset: PulseFamily) {
    precondition(
      set.grid == reset.grid && set.bounds == reset.bounds && set.lastTable == reset.lastTable,
      "tables of different devices")
    nodes = Storage(set.nodes + reset.nodes)
    grid = set.grid
    bounds = set.bounds
    lastTable = set.lastTable
  }

  /// Conductance after a whole pulse; see ``PulseTable/conductance(after:z:cycle:)``.
  @inlinable @inline(__always)
  public func conductance(
    after conductance: Float, isSet: Bool, z: Float, cycle: Float = 1
  ) -> Float {
    reached(conductance, from: start(isSet: isSet), at: grid.locate(conductance), z, cycle)
  }

  /// Conductance after a pulse of which a share of the amplitude arrived.
  @inlinable @inline(__always)
  public func conductance(
    after conductance: Float, isSet: Bool, z: Float, cycle: Float = 1, voltageRatio: Float
  ) -> Float {
    let (table, fraction) = PulseFamily.locate(voltageRatio, lastTable: lastTable)
    let place = grid.locate(conductance)
    let base = start(isSet: isSet) + table &* grid.count
    let strong = reached(conductance, from: base, at: place, z, cycle)
    let weak = reached(conductance, from: base + grid.count, at: place, z, cycle)
    return strong + (weak - strong) * fraction
  }

  /// Mean step in siemens, not held within the bounds, of a pulse of which a fraction of the amplitude
  /// arrived.
  package func meanStep(at conductance: Float, isSet: Bool, voltageRatio: Float) -> Float {
    let (table, fraction) = PulseFamily.locate(voltageRatio, lastTable: lastTable)
    let (node, between) = grid.locate(conductance)
    func step(_ table: Int) -> Float {
      let nodes = start(isSet: isSet) + table &* grid.count + node
      return (nodes[0] + (nodes[1] - nodes[0]) * between)[0]
    }
    let strong = step(table)
    return strong + (step(table + 1) - strong) * fraction
  }

  @inlinable @inline(__always)
  func start(isSet: Bool) -> UnsafeMutablePointer<SIMD2<Float>> {
    nodes.base + (isSet ? 0 : (lastTable &+ 1) &* grid.count)
  }

  @inlinable @inline(__always)
  func reached(
    _ conductance: Float, from table: UnsafeMutablePointer<SIMD2<Float>>,
    at place: (node: Int, fraction: Float), _ z: Float, _ cycle: Float
  ) -> Float {
    let low = table[place.node]
    let response = low + (table[place.node &+ 1] - low) * place.fraction
    return PulseTable.moved(conductance, by: response, z: z, cycle: cycle, within: bounds)
  }
}
