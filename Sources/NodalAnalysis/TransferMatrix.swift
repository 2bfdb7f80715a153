package import Devices
package import Failures

/// The currents of a wired array as a function of its line voltages, without solving it each time.
///
/// Element (i, j) of the linear part is the current into the terminals of bit line j per volt on
/// word line i, all other terminals at 0 V. By reciprocity the same matrix, transposed, answers for
/// driven bit lines and sensed word lines. Nonlinear devices add, per basis function φₖ beyond the
/// linear part, Cₖ · ψₖ(v) with ψₖ(v) = φₖ(v) − φₖ′(0) · v: to first order in the nonlinearity the
/// extra current of device (i, j), driven with the share ρ of the line voltage that reaches it,
/// arrives at the terminals with a share τ; Cₖ = aₖ · ρ³ · τ, ψ being cubic in leading order. ρ and
/// τ come from two solves with all lines of one kind at the same voltage.
package struct TransferMatrix: Equatable, Sendable {
  /// Number of word lines.
  package let rows: Int
  /// Number of bit lines.
  package let columns: Int
  /// Amperes per volt, row by row.
  package let linear: [Double]
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

    /// ψ(v) = φ(v) − φ′(0) · v.
    package func remainder(_ voltage: Double) -> Double {
      basis.value(at: voltage) - basis.derivative(at: 0) * voltage
    }
  }

  /// Solves for the fewer of word lines and bit lines.
  ///
  /// - Parameter tolerance: of each solve, relative to its largest current.
  package init(_ array: WiredArray, tolerance: Double = 1e-6) throws(Failure) {
    rows = array.rows
    columns = array.columns
    let linearized = try array.linearized()
    let solver = try FastSolver(linearized, tolerance: tolerance)
    let byRows = rows <= columns
    let inputs = (0..<min(rows, columns)).map { line in
      var input = LineEnds(rows: array.rows, columns: array.columns)
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
    self.linear = linear
    linearError = worst
    corrections =
      array.devices.isLinear ? [] : try Self.corrections(array.devices, solver: solver)
  }

  private static func corrections(
    _ devices: DeviceGrid, solver: FastSolver
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
        forward[index] *= x * x * x * y
        transposed[index] *= y * y * y * x
      }
      return Correction(basis: basis, forward: forward, transposed: transposed)
    }
  }

  /// Currents into the bit lines' terminals for word-line voltages.
  package func currents(_ voltages: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: columns)
    accumulate(linear, voltages, into: &result)
    for term in corrections {
      accumulate(term.forward, voltages.map(term.remainder), into: &result)
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
    for term in corrections { add(term.transposed, voltages.map(term.remainder)) }
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

extension WiredArray {
  /// The array with every device replaced by its conductance at 0 V.
  package func linearized() throws(Failure) -> WiredArray {
    if devices.isLinear { return self }
    return try WiredArray(
      devices: DeviceGrid(rows: rows, columns: columns, conductances: devices.slopesAtZero),
      wires: wires)
  }
}
