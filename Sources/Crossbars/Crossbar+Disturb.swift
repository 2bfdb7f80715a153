import Devices
public import Mathematics

/// The answer of devices to the voltages that a write scheme leaves on those it does not select.
///
/// The model's own tail far below its calibrated amplitudes: an estimate.
struct DisturbTables: Sendable {
  /// To a SET and to a RESET phase of one of the device's lines.
  let set: PulseFamily
  let reset: PulseFamily
  /// To phases that select neither line, of the opposite sign; nil where those leave 0 V.
  let oppositeSet: PulseFamily?
  let oppositeReset: PulseFamily?
  /// Largest mean step of each within the window, in siemens.
  let largestSteps: (set: Double, reset: Double, oppositeSet: Double, oppositeReset: Double)

  /// Tabulates a device for a scheme.
  init(_ device: DeviceModel, _ conditions: ArrayConditions) {
    func family(_ pulse: Pulse, _ share: Double) -> PulseFamily {
      PulseFamily(
        device.pulseModel, pulse: Pulse(voltage: pulse.voltage * share, width: pulse.width),
        clip: conditions.clip, spread: conditions.pulseVariation,
        lowestShare: conditions.lowestShare)
    }
    let (scheme, setPulse, resetPulse) = (
      conditions.scheme, conditions.setPulse, conditions.resetPulse
    )
    set = family(setPulse, scheme.share)
    reset = family(resetPulse, scheme.share)
    let isOpposed = scheme.oppositeShare != 0
    oppositeSet = isOpposed ? family(setPulse, scheme.oppositeShare) : nil
    oppositeReset = isOpposed ? family(resetPulse, scheme.oppositeShare) : nil
    func largest(_ family: PulseFamily?) -> Double {
      family?.largestStep(within: conditions.window) ?? 0
    }
    largestSteps = (largest(set), largest(reset), largest(oppositeSet), largest(oppositeReset))
  }
}

extension Crossbar {
  /// Drift by estimate, relative to the window, at which pending exposures are applied.
  private static let driftTolerance = 0.005
  /// Exposures that a counter surely holds.
  private static let countLimit = 60_000
  /// Word lines handled by one block of work.
  private static let rowBlock = 64

  /// Lets half-selected devices drift once their exposures since the last time may have moved one
  /// of them by more than 0.5 % of the window's width; see ``drift(workers:)``.
  ///
  /// The estimate takes the most exposures of any word line and bit line together, and the largest
  /// mean step within the window.
  ///
  /// - Returns: Σ|ΔG| over all devices in siemens.
  public func driftWhenDue(workers: Workers = .one) -> Double {
    guard let exposures, let tables = technology.disturb else { return 0 }
    let most = exposures.most
    let steps = tables.largestSteps
    let drift =
      Double(most.lineSets) * steps.set + Double(most.lineResets) * steps.reset
      + Double(most.tileSets) * steps.oppositeSet + Double(most.tileResets) * steps.oppositeReset
    let window = technology.conditions.window
    guard
      drift > Self.driftTolerance * (window.upperBound - window.lowerBound)
        || max(most.tileSets, most.tileResets) > Self.countLimit
    else { return 0 }
    return self.drift(workers: workers)
  }

  /// Lets every device drift by the model's own tail at the voltages its exposures left it.
  ///
  /// A device on exactly one line that a phase selected sees the scheme's share of the amplitude;
  /// under V/3 all others of the tile see a third with the opposite sign. Wires leave of either
  /// what ``WriteAttenuation`` finds. Exposures are applied together, which differs from their
  /// order in second order only.
  ///
  /// - Returns: Σ|ΔG| over all devices in siemens; zero unless the conditions ask for disturb.
  public func drift(workers: Workers = .one) -> Double {
    guard let exposures, let tables = technology.disturb,
      exposures.tileSets.buffer.contains(where: { $0 > 0 })
        || exposures.tileResets.buffer.contains(where: { $0 > 0 })
    else { return 0 }
    let blocks = (wordLines + Self.rowBlock - 1) / Self.rowBlock
    let moved = Storage<Double>(count: blocks, repeating: 0)
    let parts = [
      DriftPass(plus, exposures.plus, plusGains, self, exposures, tables),
      hasMinusDevices
        ? DriftPass(minus, exposures.minus, minusGains, self, exposures, tables) : nil,
    ]
    workers.forEachBlock(of: wordLines, size: Self.rowBlock) { rows in
      for case let part? in parts {
        moved[rows.lowerBound / Self.rowBlock] += rows.reduce(0) { $0 + part.run(row: $1) }
      }
    }
    exposures.clear()
    rebuild()
    return moved.buffer.reduce(0, +)
  }
}

/// Applies pending exposures to the devices of one polarity, word line by word line.
private struct DriftPass: Sendable {
  private let bank: DeviceBank
  private let own: ExposureRecords.Bank
  private let gains: WireGains?
  private let layout: TileLayout
  private let exposures: ExposureRecords
  private let tables: DisturbTables

  init(
    _ bank: DeviceBank, _ own: ExposureRecords.Bank, _ gains: WireGains?, _ crossbar: Crossbar,
    _ exposures: ExposureRecords, _ tables: DisturbTables
  ) {
    self.bank = bank
    self.own = own
    self.gains = gains
    layout = crossbar.layout
    self.exposures = exposures
    self.tables = tables
  }

  /// Moves the devices of a word line and returns Σ|ΔG|.
  func run(row: Int) -> Double {
    let tileRow = row / layout.tileRows
    var moved = 0.0
    for tileColumn in 0..<layout.columnsOfTiles {
      let tile = tileRow * layout.columnsOfTiles + tileColumn
      let word = layout.wordLine(row, tileColumn: tileColumn)
      let sets = (all: exposures.tileSets[tile], onRow: exposures.rowSets[word])
      let resets = (all: exposures.tileResets[tile], onRow: exposures.rowResets[word])
      guard sets.all > 0 || resets.all > 0 else { continue }
      for column in layout.outputs(of: tileColumn) {
        let device = row * layout.outputs + column
        let line = layout.bitLine(column, tileRow: tileRow)
        let set = Exposure(sets, own.lineSets[line], own.ownSets[device])
        let reset = Exposure(resets, own.lineResets[line], own.ownResets[device])
        let before = bank.conductance[device]
        let after = drifted(before, device, set: set, reset: reset)
        bank.conductance[device] = after
        moved += abs(Double(after) - Double(before))
      }
    }
    return moved
  }

  /// Phases in which only a device's word line was selected, only its bit line, and neither.
  private struct Exposure {
    let wordMate: Float
    let bitMate: Float
    let other: Float

    init(_ phases: (all: Int32, onRow: Int32), _ onColumn: Int32, _ own: UInt16) {
      let own = Int32(own)
      wordMate = Float(phases.onRow - own)
      bitMate = Float(onColumn - own)
      other = Float(phases.all - phases.onRow - onColumn + own)
    }
  }

  private func drifted(
    _ conductance: Float, _ device: Int, set: Exposure, reset: Exposure
  ) -> Float {
    let (zSet, zReset) = (bank.setDeviation[device], bank.resetDeviation[device])
    var moved = conductance
    func apply(_ family: PulseFamily?, z: Float, times count: Float, share: Storage<Float>?) {
      guard let family, count > 0 else { return }
      moved = family.conductance(
        after: moved, z: z, cycle: count, share: share.map { $0[device] } ?? 1)
    }
    for (family, z, exposure) in [(tables.set, zSet, set), (tables.reset, zReset, reset)] {
      apply(family, z: z, times: exposure.wordMate, share: gains?.wordMate)
      apply(family, z: z, times: exposure.bitMate, share: gains?.bitMate)
    }
    // The opposite of a SET pulse resets, and the reverse.
    apply(tables.oppositeSet, z: zReset, times: set.other, share: gains?.other)
    apply(tables.oppositeReset, z: zSet, times: reset.other, share: gains?.other)
    return moved
  }
}
