package import Devices
package import Failures

/// The currents of a wired array as a function of its line voltages, without solving it each time.
///
/// Element (i, j) of the linear part is the current into the terminals of bit line j per volt on
/// word line i, all other terminals at 0 V. By reciprocity the same matrix, transposed, answers for
/// driven bit lines and sensed word lines. Nonlinear devices add, per basis function φₖ beyond the
/// linear part, Cₖ · ψₖ(v) with ψₖ(v) = φₖ(v) − φₖ′(0) · v, in one of two ways:
/// - Where ψ carries little of the current, to first order: the extra current of device (i, j),
///   driven with the share ρ of the line voltage that reaches it, arrives at the terminals with a
///   share τ, so that Cₖ = aₖ · τ · ψₖ(ρV)/ψₖ(V): ρ³τ for a cube, ρⁿτ for a power, and at the operating
///   voltage V what is in between for sinh. ρ and τ come from two solves with all lines of one kind at
///   the same voltage.
/// - Elsewhere from the array linearised about its operating point: with all word lines at V every
///   device is replaced by its chord conductance at the voltage it has there, whose transfer matrix
///   M gives the currents of the nonlinear array exactly. Σₖ Cₖ ψₖ(V) is what (M − linear) · V
///   says, shared among the terms in the proportions of the first order.
package struct TransferMatrix: Equatable, Sendable {
  /// Number of word lines.
  package let rows: Int
  /// Number of bit lines.
  package let columns: Int
  /// Amperes per volt, row by row.
  package private(set) var linear: [Double]
  /// Nonlinear terms, empty for a linear array.
  package let corrections: [Correction]
  /// Estimated error of ``linear``'s currents under one driven line, relative to the largest.
  package let linearError: Double

  /// A nonlinear term: its function ψ and its coefficients.
  package struct Correction: Equatable, Sendable {
    /// φ, from the devices' expansion.
    package let basis: BasisFunction
    /// Coefficients when word lines are driven, row by row.
    package let forward: [Double]
    /// Coefficients when bit lines are driven, row by row.
    package let transposed: [Double]
  }

  /// Share of the current that ψ may carry for the first order to be enough: what it leaves out is
  /// of the order of the share's square times what the wires take.
  private static let firstOrderShare = 0.1

  /// Solves for the fewer of word lines and bit lines.
  ///
  /// - Parameters:
  ///   - operatingVoltage: volts up to which lines are driven; of no account for a linear array.
  ///   - tolerance: of each solve, relative to its largest current.
  package init(
    _ array: WiredArray, operatingVoltage voltage: Double, tolerance: Double = 1e-6
  ) throws(Failure) {
    rows = array.rows
    columns = array.columns
    let devices = array.devices
    let linearized = try array.linearized(at: voltage)
    let solver = try FastSolver(
      linearized, tolerance: Self.tolerance(tolerance, of: linearized, beside: array, at: voltage))
    (linear, linearError) = try Self.transfer(solver)
    if devices.isLinear {
      corrections = []
    } else if devices.nonlinearShare(at: voltage) <= Self.firstOrderShare {
      corrections = try Self.firstOrder(devices, voltage: voltage, solver: solver)
    } else {
      corrections = try Self.operatingPoint(
        array, voltage: voltage, linear: &linear, tolerance: tolerance)
    }
  }

  /// The tolerance of the linear part: of devices without a slope at 0 V little is left there, and
  /// rounding alone is a large part of that little.
  private static func tolerance(
    _ tolerance: Double, of linearized: WiredArray, beside array: WiredArray, at voltage: Double
  ) -> Double {
    guard array.devices.hasFlatDevices else { return tolerance }
    let chords = array.devices.chords(
      at: [Double](repeating: voltage, count: array.devices.count))
    let (chord, slope) = (chords.max() ?? 0, linearized.devices.slopesAtZero.max() ?? 0)
    return max(tolerance, min(1e-3, tolerance * chord / slope))
  }

  /// Currents per volt of a linear array, row by row, and the largest estimated error.
  private static func transfer(
    _ solver: FastSolver
  ) throws(Failure) -> (currents: [Double], error: Double) {
    let (rows, columns) = (solver.array.rows, solver.array.columns)
    let byRows = rows <= columns
    let inputs = (0..<min(rows, columns)).map { line in
      var input = LineEnds(rows: rows, columns: columns)
      if byRows {
        (input.wordFirst[line], input.wordLast[line]) = (1, 1)
      } else {
        (input.bitFirst[line], input.bitLast[line]) = (1, 1)
      }
      return input
    }
    var linear = [Double](repeating: 0, count: rows * columns)
    var worst = 0.0
    for (line, result) in try solver.currents(inputs).enumerated() {
      let outputs = byRows ? result.currents.bitTotals : result.currents.wordTotals
      for (other, current) in outputs.enumerated() {
        linear[byRows ? line * columns + other : other * columns + line] = current
      }
      let largest = result.currents.largestMagnitude
      if largest > 0 { worst = max(worst, result.error / largest) }
    }
    return (linear, worst)
  }

  private static func firstOrder(
    _ devices: DeviceGrid, voltage: Double, solver: FastSolver
  ) throws(Failure) -> [Correction] {
    let uniform = try solver.solve([
      LineEnds(rows: devices.rows, columns: devices.columns, word: 1, bit: 0),
      LineEnds(rows: devices.rows, columns: devices.columns, word: 0, bit: -1),
    ])
    let fromWords = uniform[0].nodes.deviceVoltages
    let fromBits = uniform[1].nodes.deviceVoltages
    return zip(devices.basis, devices.coefficients).compactMap { basis, coefficients in
      guard basis != .linear else { return nil }
      var (forward, transposed) = (coefficients, coefficients)
      for index in coefficients.indices {
        let (x, y) = (fromWords[index], fromBits[index])
        forward[index] *= basis.remainderRatio(x, at: voltage) * y
        transposed[index] *= basis.remainderRatio(y, at: voltage) * x
      }
      return Correction(basis: basis, forward: forward, transposed: transposed)
    }
  }

  /// Terms that make the currents those of the solved array with all word lines at the voltage.
  ///
  /// With all bit lines at −V instead every potential is lower by V and every device as it was: one
  /// operating point serves both directions.
  private static func operatingPoint(
    _ array: WiredArray, voltage: Double, linear: inout [Double], tolerance: Double
  ) throws(Failure) -> [Correction] {
    let devices = array.devices
    let terminals = LineEnds(rows: array.rows, columns: array.columns, word: voltage, bit: 0)
    let voltages = try FastSolver(array, tolerance: tolerance).solve(terminals)
      .nodes.deviceVoltages
    let chords = try WiredArray(
      devices: DeviceGrid(
        rows: array.rows, columns: array.columns, conductances: devices.chords(at: voltages)),
      wires: array.wires)
    let driven = try transfer(FastSolver(chords, tolerance: tolerance)).currents
    // Per device ρ, and what its terms arrive with in place of τ.
    let shares = voltages.map { $0 / voltage }
    var arriving = shares
    for index in arriving.indices {
      let firstOrder = zip(devices.basis, devices.coefficients).reduce(0.0) { sum, term in
        sum + term.1[index] * term.0.remainder(at: voltages[index])
      }
      let wanted = (driven[index] - linear[index]) * voltage
      // Terms that are small or cancel at this voltage say nothing of how the rest is shared, which
      // stays with the linear part.
      if abs(firstOrder) > 1e-3 * abs(chords.devices.coefficients[0][index] * voltages[index]) {
        arriving[index] = wanted / firstOrder
      } else {
        linear[index] += (wanted - firstOrder * arriving[index]) / voltage
      }
    }
    return zip(devices.basis, devices.coefficients).compactMap { basis, coefficients in
      guard basis != .linear else { return nil }
      let terms = coefficients.indices.map { index in
        coefficients[index] * basis.remainderRatio(shares[index], at: voltage) * arriving[index]
      }
      return Correction(basis: basis, forward: terms, transposed: terms)
    }
  }

  /// Currents into the bit lines' terminals for word-line voltages.
  package func currents(_ voltages: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: columns)
    accumulate(linear, voltages, into: &result)
    for term in corrections {
      accumulate(term.forward, voltages.map(term.basis.remainder), into: &result)
    }
    return result
  }

  /// Currents into the word lines' terminals for bit-line voltages.
  package func transposedCurrents(_ voltages: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rows)
    func add(_ matrix: [Double], _ vector: [Double]) {
      for row in 0..<rows {
        for column in 0..<columns { result[row] += matrix[row * columns + column] * vector[column] }
      }
    }
    add(linear, voltages)
    for term in corrections { add(term.transposed, voltages.map(term.basis.remainder)) }
    return result
  }

  private func accumulate(_ matrix: [Double], _ vector: [Double], into result: inout [Double]) {
    for row in 0..<rows {
      for column in 0..<columns { result[column] += vector[row] * matrix[row * columns + column] }
    }
  }

  /// Largest error of the currents for some word-line voltages, against a solve of the array,
  /// relative to the largest current.
  ///
  /// - Parameter array: the array the matrix was made from, or what has become of it since.
  package func measuredError(
    against array: WiredArray, voltages: [[Double]], tolerance: Double = 1e-8
  ) throws(Failure) -> Double {
    let solver = try FastSolver(array, tolerance: tolerance)
    let grounded = [Double](repeating: 0, count: columns)
    let solved = try solver.currents(voltages.map { LineEnds(word: $0, bit: grounded) })
    var worst = 0.0
    for (voltages, result) in zip(voltages, solved) {
      let truth = result.currents.bitTotals
      let scale = truth.largestMagnitude
      for (estimate, exact) in zip(currents(voltages), truth) where scale > 0 {
        worst = max(worst, (abs(estimate - exact) + result.error) / scale)
      }
    }
    return worst
  }
}

extension TransferMatrix {
  /// What wires leave of each device's terms, by basis function: factors on the coefficients that
  /// make Σₖ aₖ · gainₖ · φₖ(v) the matrix's currents, or, where φ has a slope at 0 V and wires take
  /// another share of ψ, nearest to them by least squares up to the voltage.
  ///
  /// - Parameter devices: those of the array the matrix was made from.
  package func gains(
    of devices: DeviceGrid, upTo voltage: Double
  ) -> (forward: [[Double]], transposed: [[Double]]) {
    let slopes = devices.slopesAtZero
    let ohmic = zip(linear, slopes).map { $1 > 0 ? $0 / $1 : 1 }
    var terms = corrections.makeIterator()
    var (forward, transposed): ([[Double]], [[Double]]) = ([], [])
    for (function, values) in zip(devices.basis, devices.coefficients) {
      guard function != .linear, let term = terms.next() else {
        forward.append(ohmic)
        transposed.append(ohmic)
        continue
      }
      let weight = Self.remainderWeight(function, upTo: voltage)
      func gains(_ coefficients: [Double]) -> [Double] {
        values.indices.map { index in
          let bent = values[index] != 0 ? coefficients[index] / values[index] : 1
          return weight == 1 ? bent : ohmic[index] + weight * (bent - ohmic[index])
        }
      }
      forward.append(gains(term.forward))
      transposed.append(gains(term.transposed))
    }
    return (forward, transposed)
  }

  /// Σ φψ / Σ φ² over voltages up to one: the weight of ψ's gain in that of φ.
  private static func remainderWeight(_ function: BasisFunction, upTo voltage: Double) -> Double {
    guard function.derivative(at: 0) != 0 else { return 1 }
    var (mixed, square) = (0.0, 0.0)
    for step in 1...4 {
      let v = voltage * Double(step) / 4
      mixed += function.value(at: v) * function.remainder(at: v)
      square += function.value(at: v) * function.value(at: v)
    }
    return square > 0 ? mixed / square : 0
  }
}

extension DeviceGrid {
  /// Share of the devices' current at a voltage that is not proportional to it.
  fileprivate func nonlinearShare(at voltage: Double) -> Double {
    let chords = chords(at: [Double](repeating: voltage, count: count))
    let excess = zip(chords, slopesAtZero).reduce(0) { $0 + abs($1.0 - $1.1) }
    let total = chords.reduce(0) { $0 + abs($1) }
    return total > 0 ? excess / total : 0
  }
}

extension WiredArray {
  /// What of its chord conductance a device without slope at 0 V conducts in ``linearized(at:)``.
  private static let leakShare = 1e-6

  /// The array with every device replaced by its conductance at 0 V; by 10⁻⁶ of that at a voltage
  /// where it vanishes, so that no line is cut off.
  package func linearized(at voltage: Double) throws(Failure) -> WiredArray {
    if devices.isLinear { return self }
    let slopes = devices.slopesAtZero(flatAt: voltage, share: Self.leakShare)
    return try WiredArray(
      devices: DeviceGrid(rows: rows, columns: columns, conductances: slopes), wires: wires)
  }
}
