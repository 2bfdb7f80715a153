import Devices
public import Mathematics

extension Crossbar {
  /// Lets every half-selected device of a batch-rule step drift by the model's own tail at V/2.
  ///
  /// That tail is outside the calibrated amplitudes: an estimate, off by default. A device on word
  /// line i sees one SET exposure when its line had a SET phase in which it was not selected, plus
  /// one for every other word line whose SET phase selected its bit line; RESET likewise. Exposures
  /// of a step are applied together, which differs from their order in second order only.
  ///
  /// - Parameter requests: the sign matrix that ``program(_:step:workers:)`` was given.
  public func disturb(_ requests: SignMatrix, workers: Workers = .one) {
    let exposures = Exposures(requests, self)
    let (rows, width) = (wordLines, outputs)
    let banks = hasMinusDevices ? [plus, minus] : [plus]
    let halfTables = (technology.halfSetTable, technology.halfResetTable)
    workers.forEachBlock(of: rows, size: 64) { range in
      for (polarity, bank) in banks.enumerated() {
        for row in range {
          for column in 0..<width {
            let device = row * width + column
            let before = bank.conductance[device]
            let set = exposures.set(polarity, row: row, column: column)
            let reset = exposures.reset(polarity, row: row, column: column)
            let raised = halfTables.0.conductance(
              after: before, z: bank.setDeviation[device], cycle: set)
            bank.conductance[device] = halfTables.1.conductance(
              after: raised, z: bank.resetDeviation[device], cycle: reset)
          }
        }
      }
    }
    rebuild()
  }
}

/// How often each device is half-selected in one step of the batch rule.
private struct Exposures: Sendable {
  private let requests: SignMatrix
  private let signs: Storage<Float>?
  private let raising: PulseAssignment
  private let lowering: PulseAssignment
  /// Whether a word line has a SET or RESET phase.
  private var rowHasSet: [Bool]
  private var rowHasReset: [Bool]
  /// Selections per physical bit line, plus then minus.
  private var columnSets: [[Int]]
  private var columnResets: [[Int]]

  init(_ requests: SignMatrix, _ crossbar: Crossbar) {
    self.requests = requests
    signs = crossbar.signs
    raising = PulseAssignment(crossbar.technology.conditions.pairing, raises: true)
    lowering = PulseAssignment(crossbar.technology.conditions.pairing, raises: false)
    rowHasSet = [Bool](repeating: false, count: requests.rows)
    rowHasReset = rowHasSet
    columnSets = [[Int]](repeating: [Int](repeating: 0, count: requests.columns), count: 2)
    columnResets = columnSets
    for row in 0..<requests.rows {
      for column in 0..<requests.columns {
        for polarity in 0..<2 {
          let (sets, resets) = selected(polarity, row: row, column: column)
          columnSets[polarity][column] += sets ? 1 : 0
          columnResets[polarity][column] += resets ? 1 : 0
          rowHasSet[row] = rowHasSet[row] || sets
          rowHasReset[row] = rowHasReset[row] || resets
        }
      }
    }
  }

  /// Whether a device is fully selected for SET and for RESET.
  private func selected(_ polarity: Int, row: Int, column: Int) -> (set: Bool, reset: Bool) {
    let request = requests[row, column]
    guard request != 0 else { return (false, false) }
    let isRaise =
      signs.map { $0[row * requests.columns + column] < 0 } ?? false
      ? request < 0 : request > 0
    let assignment = isRaise ? raising : lowering
    return polarity == 0
      ? (assignment.setsPlus, assignment.resetsPlus)
      : (assignment.setsMinus, assignment.resetsMinus)
  }

  func set(_ polarity: Int, row: Int, column: Int) -> Float {
    let isSelected = selected(polarity, row: row, column: column).set
    let onRow = rowHasSet[row] && !isSelected ? 1 : 0
    return Float(onRow + columnSets[polarity][column] - (isSelected ? 1 : 0))
  }

  func reset(_ polarity: Int, row: Int, column: Int) -> Float {
    let isSelected = selected(polarity, row: row, column: column).reset
    let onRow = rowHasReset[row] && !isSelected ? 1 : 0
    return Float(onRow + columnResets[polarity][column] - (isSelected ? 1 : 0))
  }
}
