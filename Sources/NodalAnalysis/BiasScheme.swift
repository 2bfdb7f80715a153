package import Failures

/// What the lines that are not selected are held at, for a voltage V from the selected word line to
/// the selected bit line.
package enum BiasScheme: String, Sendable, CaseIterable {
  /// All other lines at 0 V.
  case grounded
  /// All other lines unconnected.
  case floating
  /// All other lines at V/2: half-selected devices see V/2, the rest 0.
  case half
  /// Other word lines at V/3, other bit lines at 2V/3: every other device sees V/3.
  case third

  /// Schemes for writing; the others would disturb or not isolate.
  package static let writing: [BiasScheme] = [.half, .third]

  /// Potentials of (other word lines, other bit lines) over V; nil when they float.
  var fractions: (word: Double, bit: Double)? {
    switch self {
    case .grounded: (0, 0)
    case .floating: nil
    case .half: (0.5, 0.5)
    case .third: (1.0 / 3, 2.0 / 3)
    }
  }
}

/// An array under a bias: which ends are connected, and to what.
package struct BiasedArray: Equatable, Sendable {
  /// The devices with their wires; ends that float have infinite resistance.
  package var array: WiredArray
  /// Potentials of the terminals in volts; without effect where an end floats.
  package var potentials: LineEnds
}

extension WiredArray {
  /// The array with one device selected: its word line at `voltage`, its bit line at 0 V.
  ///
  /// - Throws: ``Failure`` of kind `usage` when the device is not in the array, or of kind `badData`
  ///   when floating lines leave a part of it unconnected.
  package func biased(
    _ scheme: BiasScheme, row: Int, column: Int, voltage: Double
  ) throws(Failure) -> BiasedArray {
    guard (0..<rows).contains(row), (0..<columns).contains(column) else {
      throw Failure(
        .usage, at: "selected device", "(\(row), \(column)) is not in a \(rows) × \(columns) array",
        remedy: "rows and columns count from 0")
    }
    var wires = wires
    let others = scheme.fractions ?? (0, 0)
    var word = [Double](repeating: others.word * voltage, count: rows)
    var bit = [Double](repeating: others.bit * voltage, count: columns)
    word[row] = voltage
    bit[column] = 0
    if scheme == .floating {
      for line in 0..<rows where line != row {
        wires.ends.wordFirst[line] = .infinity
        wires.ends.wordLast[line] = .infinity
      }
      for line in 0..<columns where line != column {
        wires.ends.bitFirst[line] = .infinity
        wires.ends.bitLast[line] = .infinity
      }
    }
    return BiasedArray(
      array: try WiredArray(devices: devices, wires: wires),
      potentials: LineEnds(word: word, bit: bit))
  }

  /// Reads or writes one device under a scheme, by the exact solver.
  package func select(
    row: Int, column: Int, scheme: BiasScheme, voltage: Double
  ) throws(Failure) -> Selection {
    let biased = try biased(scheme, row: row, column: column, voltage: voltage)
    let solution = try ExactSolver(biased.array).solve(biased.potentials)
    return Selection(
      row: row, column: column, voltage: voltage, scheme: scheme, solution: solution,
      devices: devices)
  }
}

/// The state of an array while one of its devices is selected.
package struct Selection: Equatable, Sendable {
  /// Word line of the selected device, from 0.
  package let row: Int
  /// Bit line of the selected device, from 0.
  package let column: Int
  /// Volts between the selected lines' sources.
  package let voltage: Double
  /// What the other lines are held at.
  package let scheme: BiasScheme
  /// Potentials and currents of the whole array.
  package let solution: ArraySolution
  /// Voltages of all devices in volts, row by row.
  package let deviceVoltages: [Double]
  /// What of ``voltage`` reaches the selected device, in volts.
  package let selectedVoltage: Double
  /// Current through the selected device in amperes.
  package let selectedCurrent: Double
  /// Current into the terminals of the selected bit line in amperes.
  package let sensedCurrent: Double
  /// Largest voltage magnitude of any other device, in volts.
  package let largestDisturb: Double

  init(
    row: Int, column: Int, voltage: Double, scheme: BiasScheme, solution: ArraySolution,
    devices: DeviceGrid
  ) {
    self.row = row
    self.column = column
    self.voltage = voltage
    self.scheme = scheme
    self.solution = solution
    let selected = row * devices.columns + column
    let voltages = solution.nodes.deviceVoltages
    deviceVoltages = voltages
    selectedVoltage = voltages[selected]
    selectedCurrent = devices.currents(at: voltages)[selected]
    sensedCurrent = solution.outputs[column]
    largestDisturb = voltages.indices.reduce(0) {
      $1 == selected ? $0 : max($0, abs(voltages[$1]))
    }
  }

  /// Sensed current that does not pass the selected device, amperes.
  package var sneakCurrent: Double { sensedCurrent - selectedCurrent }

  /// Sneak current over sensed current.
  package var sneakFraction: Double { sensedCurrent == 0 ? 0 : sneakCurrent / sensedCurrent }

  /// Power taken from all sources, watts.
  package var power: Double { solution.report.suppliedPower }
}
