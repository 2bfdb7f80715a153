import Devices
import Foundation

/// Holds the switching probability at one half by moving the SET amplitude.
///
/// After a block in which a device switched in a share s of its cycles, its amplitude changes by
/// −g · σ · (s − ½), with σ the cycle-to-cycle spread. With g = 1/32 the loop averages over some
/// 5,000 cycles: amplitudes wander by 0.012 σ (0.5 % in probability, costing about 1 % of the
/// min-entropy), and a drift of one σ in 10⁶ cycles is followed at a distance of 0.2 % in
/// probability.
///
/// From nothing, amplitudes are found by halving an interval that covers the population and then by
/// steps that shrink as 1/n (Robbins and Monro 1951) down to g.
public struct AmplitudeControl: Sendable {
  /// What shares an amplitude.
  public enum Scope: String, Sendable, CaseIterable {
    case device
    /// One amplitude per column: most devices then never switch or always do.
    case column
    /// The median threshold for all.
    case none
  }

  let scope: Scope
  private let model: SwitchingModel

  /// g, in cycle-to-cycle standard deviations per unit of probability.
  static let gain = 1.0 / 32
  static let halvings = 10
  /// Blocks of a search.
  static let searchBlocks = halvings + 80
  /// Slope of Φ at one half, per standard deviation.
  private static let slope = 1 / (2 * Double.pi).squareRoot()

  init(scope: Scope, model: SwitchingModel) {
    self.scope = scope
    self.model = model
  }

  /// Sets all amplitudes to the population's median.
  func begin(_ devices: inout [SwitchingDevice]) {
    for index in devices.indices { devices[index].amplitude = model.thresholdMean }
  }

  /// A step of the search after a block.
  func search(_ devices: inout [SwitchingDevice], step: Int) {
    if step < Self.halvings {
      let reach = 5 * (model.deviceSpread + model.cycleSpread)
      let stride = reach * exp2(-Double(step + 1))
      adjust(&devices) { $0 > 0.5 ? -stride : stride }
    } else {
      let count = Double(step - Self.halvings + 4)
      let gain = max(Self.gain, 1 / (count * Self.slope))
      adjust(&devices) { -gain * model.cycleSpread * ($0 - 0.5) }
    }
  }

  /// A step of the tracking after a block.
  func follow(_ devices: inout [SwitchingDevice]) {
    adjust(&devices) { -Self.gain * model.cycleSpread * ($0 - 0.5) }
  }

  /// Moves each amplitude by what `change` says to the share of its cycles that switched.
  @inline(__always)
  private func adjust(_ devices: inout [SwitchingDevice], _ change: (Double) -> Double) {
    let cycles = Double(SwitchingArray.blockLength)
    switch scope {
    case .none: return
    case .device:
      for index in devices.indices {
        devices[index].amplitude += change(Double(devices[index].switched) / cycles)
      }
    case .column:
      for column in 0..<model.columns {
        let range = column * model.rows..<(column + 1) * model.rows
        let switched = devices[range].reduce(0) { $0 + $1.switched }
        let step = change(Double(switched) / (cycles * Double(model.rows)))
        for index in range { devices[index].amplitude += step }
      }
    }
  }
}
