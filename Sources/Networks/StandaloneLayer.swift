package import ArrayOperations
import Crossbars
package import Devices
package import Failures
package import Mathematics

/// One trained layer on an array, driven by a training loop from outside.
///
/// The layer that generators and discriminators are made of, with the books and counters that a
/// trainer keeps for it: signals go through reads, updates are pulses by the plan's rule.
package struct StandaloneLayer {
  private var layer: UnrolledLayer<CrossbarLayer>
  private let plan: TrainingPlan
  private var context: StepContext
  /// Batches since the last step: signals of every input and derivatives of every output.
  private var batches: [(input: Matrix, delta: Matrix)] = []
  private let placed: PlacedLayer

  /// Shape of the weights, (lines + 1, columns) with the biases last.
  package var weightShape: (rows: Int, columns: Int) { (placed.lines + 1, placed.columns) }
  /// Units of a sample that enter and leave.
  package var inputs: Int { placed.input.units }
  package var outputs: Int { placed.output.units }
  /// Channels, rows and columns of what leaves.
  package var outputShape: MapShape { placed.output }
  /// What everything so far has cost, writing the weights included.
  package var ledger: EnergyLedger { context.ledger }
  /// Steps made so far.
  package var steps: UInt64 { context.step }

  /// A layer with its weights written as the plan says.
  ///
  /// - Parameters:
  ///   - words: the shape of the input and the layer, as configurations spell them.
  ///   - weights: as ``weightShape``, row by row.
  ///   - largestWeight: the weight of a pair that spans the window.
  ///   - index: place in a network: names the layer's random numbers; the first layer maps a signal
  ///     of one to V_read, later ones their largest signal.
  /// - Throws: ``Failure`` for words that make no layer, weights that do not fit it, and wires that
  ///   cannot be solved.
  package init(
    _ words: [String], weights: [Float], largestWeight: Double, index: Int, plan: TrainingPlan,
    device: DeviceModel, workers: Workers
  ) throws(Failure) {
    let description = try NetworkDescription(words: words, at: "layer")
    guard let placed = try description.placed(at: "layer").first, description.layers.count == 1,
      placed.description.isTrained
    else { throw Failure(.usage, at: "layer", "is not one layer with weights") }
    guard weights.count == (placed.lines + 1) * placed.columns else {
      throw Failure(
        .badData, at: "weights",
        "\(weights.count) numbers for \(placed.lines + 1) × \(placed.columns) weights, biases included"
      )
    }
    guard weights.allSatisfy(\.isFinite) else {
      throw Failure(.badData, at: "weights", "hold something that is no finite number")
    }
    guard largestWeight > 0, largestWeight.isFinite else {
      throw Failure(.usage, at: "largest weight", "must be a positive number")
    }
    self.plan = plan
    self.placed = placed
    context = StepContext(workers: workers)
    var matrix = Matrix(rows: placed.lines + 1, columns: placed.columns, elements: weights)
    // A bias line carries the plan's constant input: the bias is that many times its weight.
    for column in 0..<placed.columns {
      matrix[placed.lines, column] /= Float(plan.program.biasInput)
    }
    let specification = LayerSpecification(
      role: LayerRole(.generator, index), placed: placed, weights: matrix,
      largestWeight: largestWeight)
    var ledger = EnergyLedger()
    let array = try CrossbarLayer(
      plan.technology(of: device), plan: plan, specification, workers: workers, ledger: &ledger)
    context.ledger = ledger
    layer = UnrolledLayer(array, as: placed)
  }

  /// output = W · (input, 1) by reads: inputs × B to outputs × B.
  package mutating func forward(_ input: Matrix) -> Matrix {
    var output = Matrix(rows: outputs, columns: input.columns)
    layer.forward(input, into: &output, &context)
    return output
  }

  /// inputDelta = Wᵀ · delta by transposed reads: outputs × B to inputs × B.
  package mutating func backward(_ delta: Matrix) -> Matrix {
    var inputDelta = Matrix(rows: inputs, columns: delta.columns)
    layer.backward(delta, into: &inputDelta, &context)
    return inputDelta
  }

  /// The slope Σ (input, 1) · deltaᵀ of a batch, computed digitally; as ``weightShape``.
  package mutating func gradient(_ input: Matrix, _ delta: Matrix) throws(Failure) -> Matrix {
    context.gradients = []
    defer { context.gradients = nil }
    try layer.update(input: input, delta: delta, &context)
    return context.gradients?.first
      ?? Matrix(rows: weightShape.rows, columns: weightShape.columns)
  }

  /// Keeps a batch for the next ``step(updateProbability:)``.
  package mutating func keep(_ input: Matrix, _ delta: Matrix) { batches.append((input, delta)) }

  /// Forgets the batches that are kept.
  package mutating func forget() { batches = [] }

  /// Pulses by the plan's rule against the slope of the batches kept; does nothing without any.
  package mutating func step(updateProbability: Double) throws(Failure) {
    guard let first = batches.first else { return }
    var batch = first
    if batches.count > 1 {
      batch.input = Matrix(joining: batches.map(\.input))
      batch.delta = Matrix(joining: batches.map(\.delta))
    }
    batches = []
    context.images = batch.input.columns
    context.meanScale = 1 / Float(batch.input.columns)
    context.updateProbability = updateProbability
    try layer.update(input: batch.input, delta: batch.delta, &context)
    context.step += 1
  }

  /// What belongs between epochs: drift that is due, and wires solved anew.
  package mutating func finishEpoch() throws(Failure) {
    var ledger = EnergyLedger()
    try layer.finishEpoch(workers: context.workers, ledger: &ledger)
    context.ledger += ledger
  }

  /// The weights as single reads would find them, as ``weightShape``.
  package var weights: Matrix { layer.weights }

  /// Conductances in siemens and references, by name.
  package var state: [TrainerState.NamedArray] { layer.state(name: "layer") }

  /// Goes on from conductances saved by ``state``.
  ///
  /// - Throws: ``Failure`` of kind `badData` where an array is missing or does not fit.
  package mutating func restore(_ arrays: [TrainerState.NamedArray]) throws(Failure) {
    do throws(StateMismatch) {
      try layer.restore(TrainerState(epoch: 0, arrays: arrays), name: "layer")
    } catch {
      throw Failure(.badData, at: "state", "array \(error.name) \(error.problem)")
    }
    var ledger = EnergyLedger()
    try layer.finishEpoch(workers: context.workers, ledger: &ledger)
  }
}

extension Matrix {
  /// Matrices of as many rows side by side.
  fileprivate init(joining parts: [Matrix]) {
    let (rows, columns) = (parts[0].rows, parts.reduce(0) { $0 + $1.columns })
    self.init(rows: rows, columns: columns)
    var first = 0
    for part in parts {
      for row in 0..<rows {
        for column in 0..<part.columns { self[row, first + column] = part[row, column] }
      }
      first += part.columns
    }
  }
}
