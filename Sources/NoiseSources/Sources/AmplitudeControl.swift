import Devices
import Foundation
import Mathematics

/// Holds the switching probability at one half by moving the SET amplitudes.
///
/// After a block in which a device switched in a share s of its cycles, its amplitude changes by
/// −g·σ·(s − ½), with σ the cycle-to-cycle spread and g = 1/320. The loop averages over some 50,000
/// cycles: amplitudes wander by 0.004 σ (0.16 % in probability, at the cost of 0.4 % of the
/// min-entropy). Alone it would follow a drift of one σ in 10⁶ cycles at a distance of 2 % in
/// probability; but drift is common to the devices, so a second loop with the mean share m of them
/// all moves every amplitude by −g'·σ·(m − ½) + d and learns the drift d per block from
/// d ← d − (g'²/4√(2π))·σ·(m − ½), which is critically damped. g' = min(0.1, g·devices/2) keeps its
/// own wander below the first one's.
///
/// From nothing, amplitudes are found by halving an interval that covers the population and then by
/// steps that shrink as 1/n (Robbins and Monro 1951) down to g, some 52,000 cycles in all.
package struct AmplitudeControl: Sendable {
  /// What shares an amplitude.
  package enum Scope: String, Sendable, CaseIterable {
    case device
    /// One amplitude per column: most devices then never switch or always do.
    case column
    /// The median threshold for all.
    case none
  }

  let scope: Scope
  private let model: SwitchingModel
  /// The common drift per block, in volts.
  private var driftEstimate = 0.0

  /// g, in cycle-to-cycle standard deviations per unit of probability.
  static let gain = 1.0 / 320
  static let halvings = 10
  /// Blocks of a search.
  static let searchBlocks = halvings + 800
  /// Slope of Φ at one half, per standard deviation.
  private static let slope = 1 / (2 * Double.pi).squareRoot()

  init(scope: Scope, model: SwitchingModel) {
    self.scope = scope
    self.model = model
  }

  /// Sets all amplitudes to the population's median.
  mutating func begin(_ devices: inout [SwitchingDevice]) {
    driftEstimate = 0
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

  /// Sets amplitudes as long tracking leaves them.
  ///
  /// A device's is off by a draw of its stationary wander, √(g/(8·64·slope))·σ; a column's begins at
  /// the population's median, near which averaging over its devices holds it.
  mutating func settle(
    _ devices: inout [SwitchingDevice], from stream: RandomStream, substream: UInt64
  ) {
    begin(&devices)
    let wander =
      model.cycleSpread
      * (Self.gain / (8 * Double(SwitchingArray.blockLength) * Self.slope)).squareRoot()
    guard scope == .device else { return }
    for index in devices.indices {
      let draw = Double(stream.gaussian(at: index, substream: substream))
      devices[index].amplitude = devices[index].threshold + wander * draw
    }
  }

  /// A step of the tracking after a block.
  mutating func follow(_ devices: inout [SwitchingDevice]) {
    guard scope != .none else { return }
    let cycles = Double(devices.count * SwitchingArray.blockLength)
    let excess = Double(devices.reduce(0) { $0 + $1.switched }) / cycles - 0.5
    let common = min(0.1, Self.gain * Double(devices.count) / 2)
    driftEstimate -= common * common * Self.slope / 4 * model.cycleSpread * excess
    let shift = driftEstimate - common * model.cycleSpread * excess
    adjust(&devices) { shift - Self.gain * model.cycleSpread * ($0 - 0.5) }
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
