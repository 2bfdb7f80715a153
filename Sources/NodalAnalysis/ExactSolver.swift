package import Failures

/// Nodal analysis by Newton's method with a sparse Cholesky factor: the reference for every faster
/// method.
///
/// The factor of a linear array is kept, so that a further set of potentials costs one substitution;
/// a nonlinear array keeps the ordering and the symbolic analysis. Solutions are refined until
/// Kirchhoff's law holds to 10⁻¹² of the largest current or as far as the potentials can be stored
/// (16 units in the last place of the largest potential over the smallest resistance).
package final class ExactSolver {
  /// The array whose equations are analysed; other devices need another solver.
  package let array: WiredArray
  private let equations: NodalEquations
  private let factor: SparseCholesky?
  private var holdsLinearFactor = false

  /// Newton steps allowed.
  static let stepLimit = 60

  /// Numbers the nodes and analyses the pattern.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the factor would not fit in memory.
  package init(_ array: WiredArray) throws(Failure) {
    try array.requireMemory(400 * Double(array.devices.count))
    self.array = array
    equations = NodalEquations(array)
    guard equations.count > 0 else {
      factor = nil
      return
    }
    let factor = try SparseCholesky(
      columnPointers: equations.columnPointers, rowIndices: equations.rowIndices,
      eliminationOrder: NestedDissection.order(array, equations: equations))
    try array.requireMemory(factor.factorBytes)
    self.factor = factor
  }

  /// Solves for the potentials at the terminals.
  ///
  /// - Throws: ``Failure`` of kind `badData` for potentials that do not fit the array, and when
  ///   Newton's method does not converge, with the reason.
  package func solve(_ potentials: LineEnds) throws(Failure) -> ArraySolution {
    try array.validate(potentials)
    var state = NewtonState(array: array, equations: equations, potentials: potentials)
    guard let factor else {
      return array.solution(
        nodes: state.nodes, potentials: potentials, iterations: 0, innerIterations: 0)
    }
    if array.devices.isLinear {
      try solveLinear(&state, factor)
    } else {
      try solveNonlinear(&state, factor)
    }
    return array.solution(
      nodes: state.nodes, potentials: potentials, iterations: state.steps,
      innerIterations: state.refinements)
  }

  /// Solves for several sets of potentials with one factor.
  package func solve(_ inputs: [LineEnds]) throws(Failure) -> [ArraySolution] {
    var solutions: [ArraySolution] = []
    for potentials in inputs { solutions.append(try solve(potentials)) }
    return solutions
  }

  private func solveLinear(_ state: inout NewtonState, _ factor: SparseCholesky) throws(Failure) {
    if !holdsLinearFactor {
      try factor.factorize(equations.values(slopes: array.devices.slopesAtZero))
      holdsLinearFactor = true
    }
    try step(&state, factor)
    state.steps = 1
    try refine(&state, factor)
  }

  private func solveNonlinear(
    _ state: inout NewtonState, _ factor: SparseCholesky
  ) throws(Failure) {
    // The linearised array gives the first potentials.
    try factor.factorize(equations.values(slopes: state.slopeGuard.start))
    state.evaluate(linearized: true)
    try step(&state, factor)
    state.evaluate()
    while state.steps < Self.stepLimit {
      let before = state.residual
      try factor.factorize(equations.values(slopes: state.slopes))
      let direction = try direction(state, factor)
      state.steps += 1
      try dampedStep(&state, direction, from: before)
      if state.residual <= state.acceptable { return try refine(&state, factor) }
    }
    throw Failure(
      .badData, at: "nodal analysis",
      "Newton's method has not converged after \(Self.stepLimit) steps: residual "
        + "\(state.residual) A of \(state.largestCurrent) A",
      remedy: "check that the device is monotone at these voltages")
  }

  /// Shortens a step until it lowers the residual.
  private func dampedStep(
    _ state: inout NewtonState, _ direction: [Double], from before: Double
  ) throws(Failure) {
    let start = state.nodes
    var length = 1.0
    for _ in 0..<40 {
      state.nodes = start
      state.move(along: direction, by: length)
      state.evaluate()
      if state.residual < before || state.residual <= state.acceptable { return }
      length /= 2
    }
    throw Failure(
      .badData, at: "nodal analysis",
      "Newton's method is stuck at a residual of \(before) A after \(state.steps) steps",
      remedy: "check that the device is monotone at these voltages")
  }

  /// Repeats the step with the factor at hand while it lowers the residual, up to rounding.
  private func refine(_ state: inout NewtonState, _ factor: SparseCholesky) throws(Failure) {
    state.evaluate()
    for _ in 0..<4 {
      let (before, start) = (state.residual, state.nodes)
      guard before > 0.25 * state.acceptable else { break }
      try step(&state, factor)
      state.evaluate()
      state.refinements += 1
      if !(state.residual < before) {
        state.nodes = start
        state.evaluate()
        break
      }
    }
    guard state.residual <= state.acceptable else {
      throw Failure(
        .badData, at: "nodal analysis",
        "Kirchhoff's law is violated by \(state.residual) A where \(state.acceptable) A is "
          + "rounding: the equations are too ill-conditioned")
    }
  }

  private func step(_ state: inout NewtonState, _ factor: SparseCholesky) throws(Failure) {
    state.move(along: try direction(state, factor), by: 1)
  }

  private func direction(
    _ state: NewtonState, _ factor: SparseCholesky
  ) throws(Failure) -> [Double] {
    var vector = state.rightHandSide
    try factor.solve(&vector)
    return vector
  }
}
