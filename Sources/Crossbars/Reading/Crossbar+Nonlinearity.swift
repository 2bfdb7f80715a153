import ArrayOperations
import Devices
import Mathematics

extension ArrayTechnology {
  /// Voltages tried between zero and V_read.
  private static let voltageSteps = 64

  /// Up to which voltage each basis function adds less than the tolerance to the current of the mean
  /// device at the window's centre; negative for the first, which is never left out.
  static func linearLimits(_ device: DeviceModel, _ conditions: ArrayConditions) -> [Float] {
    let (read, basis) = (conditions.read, device.staticModel.basis)
    let means = device.staticModel.coefficients(
      conductance: conditions.centre, temperature: read.temperature
    ).mean
    func isLinear(_ term: Int, _ voltage: Double) -> Bool {
      abs(means[term] * basis[term].chord(at: voltage))
        <= read.curvatureTolerance * abs(means[0] * basis[0].chord(at: voltage))
    }
    return basis.indices.map { term in
      guard term > 0, read.curvatureTolerance > 0 else { return -1 }
      let voltages = (1...voltageSteps).map {
        read.voltage * Double($0) / Double(voltageSteps)
      }
      return Float(voltages.prefix { isLinear(term, $0) }.last ?? -1)
    }
  }
}

/// Reads that follow the curvature of single devices on strongly driven lines only.
///
/// In a batch most lines carry a fraction of V_read, and the cubic part of a device's current goes
/// with its square: at a quarter of 0.05 V it is 3 · 10⁻⁴ of the Nili model's current, where
/// writes are verified to 2 · 10⁻³. What such a line's devices have in common is folded into its
/// voltage, φ₀(V) + (Σaₖ / Σa₀) · φₖ(V); what is left out is how they differ.
extension Crossbar {
  /// Adds what one basis function contributes to the currents of a read; the first one sets them.
  func addCurrents(
    of term: Int, _ direction: ReadDirection, lines: Int, to currents: MatrixView,
    workers: Workers
  ) {
    let isForward = direction == .forward
    let matrix = MatrixView(
      base: (isForward ? difference : transposedDifference).base + term * wordLines * outputs,
      rows: wordLines, columns: outputs)
    let values = MatrixView(
      base: scratch.basisValues.base + term * lines * currents.columns, rows: lines,
      columns: currents.columns)
    // Picking lines out costs about as much as their product.
    guard let nonlinear = listNonlinearLines(of: term, lines: lines), nonlinear.count <= lines / 2
    else {
      MatrixProduct.multiply(
        matrix, transposed: isForward, values, keeping: term == 0 ? 0 : 1, into: currents,
        workers: workers)
      return
    }
    guard !nonlinear.isEmpty else { return }
    MatrixProduct.multiply(
      isForward
        ? wordLines(nonlinear, of: matrix) : outputs(nonlinear, of: matrix, workers: workers),
      transposed: isForward, rows(nonlinear, of: values), keeping: 1, into: currents,
      workers: workers)
  }

  /// The driven lines whose curvature is followed; nil for a term that is never folded.
  private func listNonlinearLines(of term: Int, lines: Int) -> UnsafeBufferPointer<Int32>? {
    guard technology.linearLimits[term] > 0 else { return nil }
    let list = scratch.nonlinearLines.base
    var count = 0
    for line in 0..<lines {
      list[count] = Int32(truncatingIfNeeded: line)
      count &+= scratch.isNonlinear[term &* lines &+ line] ? 1 : 0
    }
    return UnsafeBufferPointer(start: list, count: count)
  }

  /// The coefficients of some word lines.
  private func wordLines(
    _ lines: UnsafeBufferPointer<Int32>, of matrix: MatrixView
  ) -> MatrixView {
    scratch.prepareNonlinear(coefficients: lines.count * outputs)
    let picked = MatrixView(
      base: scratch.nonlinearCoefficients.base, rows: lines.count, columns: outputs)
    for (place, line) in lines.enumerated() {
      _ = picked.row(place).update(fromContentsOf: matrix.row(Int(line)))
    }
    return picked
  }

  /// The coefficients of some outputs.
  private func outputs(
    _ columns: UnsafeBufferPointer<Int32>, of matrix: MatrixView, workers: Workers
  ) -> MatrixView {
    scratch.prepareNonlinear(coefficients: columns.count * wordLines)
    let picked = MatrixView(
      base: scratch.nonlinearCoefficients.base, rows: wordLines, columns: columns.count)
    // Sound: only read, and `forEachBlock` returns before the buffer does.
    nonisolated(unsafe) let columns = columns
    workers.forEachBlock(of: wordLines, size: 128) { rows in
      for row in rows {
        let (source, target) = (matrix.row(row), picked.row(row))
        for (place, column) in columns.enumerated() { target[place] = source[Int(column)] }
      }
    }
    return picked
  }

  /// Moves some rows of values together, in place; rows come in rising order.
  private func rows(_ lines: UnsafeBufferPointer<Int32>, of values: MatrixView) -> MatrixView {
    for (place, line) in lines.enumerated() where place != Int(line) {
      _ = values.row(place).update(fromContentsOf: values.row(Int(line)))
    }
    return MatrixView(base: values.base, rows: lines.count, columns: values.columns)
  }
}

/// Folds the terms of weakly driven lines into their first one.
///
/// Sound: it holds storage, not the array, so that addresses stay valid, and each thread works on lines of its
/// own.
struct MeanNonlinearity: @unchecked Sendable {
  private let linearLimits: [Float]
  private let totals: Storage<Double>
  private let values: Storage<Float>
  private let isNonlinear: Storage<Bool>

  /// Nothing where no term is ever folded.
  ///
  /// - Parameter totals: Σaₖ per basis function and driven line.
  init?(_ technology: ArrayTechnology, totals: Storage<Double>, _ scratch: Workspace) {
    guard technology.linearLimits.contains(where: { $0 > 0 }) else { return nil }
    linearLimits = technology.linearLimits
    self.totals = totals
    (values, isNonlinear) = (scratch.basisValues, scratch.isNonlinear)
  }

  /// Folds what may be folded of one line's φₖ and marks the terms that stay.
  func callAsFunction(_ line: Int, of voltages: MatrixView) {
    let (lines, samples) = (voltages.rows, voltages.columns)
    let largest = BufferKernels.largestMagnitude(UnsafeBufferPointer(voltages.row(line)))
    for term in 1..<linearLimits.count {
      let isLinear = largest <= linearLimits[term] && totals[line] > 0
      isNonlinear[term * lines + line] = !isLinear
      guard isLinear else { continue }
      let own = values.part((term * lines + line) * samples, samples)
      BufferKernels.add(
        UnsafeBufferPointer(own), times: Float(totals[term * lines + line] / totals[line]),
        to: values.part(line * samples, samples))
      own.update(repeating: 0)
    }
  }
}
