import Failures

/// The response to a pulse of which only a share arrives: tables over conductance and amplitude.
///
/// Tables stand at equal steps of the share, from the whole pulse down; between two of them the
/// conductance reached is interpolated linearly. A share below the last table is held there.
public struct PulseFamily: Sendable {
  @usableFromInline static let step: Float = 1 / 64
  /// Nodes of all tables, table after table, on one grid.
  @usableFromInline let nodes: [SIMD2<Float>]
  @usableFromInline let grid: ConductanceGrid
  @usableFromInline let bounds: ClosedRange<Float>
  @usableFromInline let lastTable: Int
  private let whole: PulseTable

  /// Tabulates a model from the whole pulse to `lowestShare` of its amplitude.
  package init(
    _ model: any PulseModel, pulse: Pulse, bounds: ClosedRange<Double>, spread: Bool,
    lowestVoltageRatio: Double = 0.3
  ) {
    let count =
      1 + Int(clamping: (1 - lowestVoltageRatio) / Double(Self.step), rule: .up, to: 1...10_000)
    let tables = (0..<count).map { index in
      let voltageRatio = 1 - Double(index) * Double(Self.step)
      return PulseTable(
        model, pulse: Pulse(voltage: pulse.voltage * voltageRatio, width: pulse.width),
        bounds: bounds,
        spread: spread)
    }
    whole = tables[0]
    grid = whole.grid
    self.bounds = whole.bounds
    nodes = tables.flatMap(\.nodes)
    lastTable = count - 1
  }

  /// Largest mean step of the whole pulse within a range of conductances, in siemens.
  package func largestStep(within range: ClosedRange<Double>) -> Double {
    whole.largestStep(within: range)
  }

  /// Conductance after a pulse of which a share of the amplitude arrived.
  @inlinable @inline(__always)
  public func conductance(
    after conductance: Float, z: Float, cycle: Float = 1, voltageRatio: Float
  ) -> Float {
    let (table, fraction) = Self.locate(voltageRatio, lastTable: lastTable)
    let (node, between) = grid.locate(conductance)
    return nodes.withUnsafeBufferPointer { nodes in
      func reached(_ table: Int) -> Float {
        let at = table &* grid.count &+ node
        let response = nodes[at] + (nodes[at &+ 1] - nodes[at]) * between
        return PulseTable.moved(conductance, by: response, z: z, cycle: cycle, within: bounds)
      }
      let strong = reached(table)
      return strong + (reached(table &+ 1) - strong) * fraction
    }
  }

  /// The table above a share, and the fraction of the way to the next.
  @inlinable @inline(__always)
  static func locate(_ voltageRatio: Float, lastTable: Int) -> (table: Int, fraction: Float) {
    let position = (1 - voltageRatio) / step
    let last = lastTable &- 1
    // A share that is no number takes the first table.
    let table = position >= Float(last) ? last : position > 0 ? Int(position) : 0
    return (table, min(1, max(0, position - Float(table))))
  }
}
