/// The response to a pulse of which only a share arrives: tables over conductance and amplitude.
///
/// Tables stand at equal steps of the share, from the whole pulse down; between two of them the
/// conductance reached is interpolated linearly. A share below the last table is held there.
public struct PulseFamily: Sendable {
  @usableFromInline static let step: Float = 1 / 64
  @usableFromInline let tables: [PulseTable]

  /// Tabulates a model from the whole pulse to `lowestShare` of its amplitude.
  public init(
    _ model: any PulseModel, pulse: Pulse, clip: ClosedRange<Double>, spread: Bool,
    lowestShare: Double = 0.3
  ) {
    let count = max(2, Int(((1 - lowestShare) / Double(Self.step)).rounded(.up)) + 1)
    tables = (0..<count).map { index in
      let share = 1 - Double(index) * Double(Self.step)
      return PulseTable(
        model, pulse: Pulse(voltage: pulse.voltage * share, width: pulse.width), clip: clip,
        spread: spread)
    }
  }

  /// Largest mean step of the whole pulse within a range of conductances, in siemens.
  public func largestStep(within range: ClosedRange<Double>) -> Double {
    tables[0].largestStep(within: range)
  }

  /// Conductance after a pulse of which a share of the amplitude arrived.
  @inlinable @inline(__always)
  public func conductance(
    after conductance: Float, z: Float, cycle: Float = 1, share: Float
  ) -> Float {
    let position = (1 - share) / Self.step
    let last = tables.count &- 2
    let whole = position < 0 ? 0 : position >= Float(last) ? last : Int(position)
    let fraction = min(1, max(0, position - Float(whole)))
    let strong = tables[whole].conductance(after: conductance, z: z, cycle: cycle)
    let weak = tables[whole &+ 1].conductance(after: conductance, z: z, cycle: cycle)
    return strong + (weak - strong) * fraction
  }
}
