import ArrayOperations
import Crossbars
import Devices
import Failures
import Foundation
import Mathematics

/// A layer whose weights are devices: reads for signals, pulses for updates.
///
/// Weight and difference of conductances (at V_read) are related by
/// W = (G⁺ − G⁻) · W_max / (G_high − G_low), behind wires with what arrives of the difference times
/// the amplifiers' gain. The bias is an extra word line.
struct CrossbarLayer: TrainableLayer {
  private let array: ProgrammedArray
  private let readVoltage: Float
  /// The signal that the bias line always carries.
  private let biasInput: Float
  /// Whether the layer takes the network's input, whose ones map to V_read.
  private let takesNetworkInput: Bool
  /// Read bandwidth in hertz of this array alone.
  private let bandwidth: Double?
  /// Turns batches into pulses.
  private var rule: any WeightUpdate
  private var voltages = Storage<Float>(count: 0, repeating: 0)

  private var crossbar: Crossbar { array.crossbar }
  private var weightPerSiemens: Float { array.weightPerSiemens }

  var needsSquares: Bool { rule.needsSquares }
  var inputs: Int { crossbar.wordLines - 1 }
  var outputs: Int { crossbar.outputs }

  /// A layer on an array of its own.
  ///
  /// - Parameters:
  ///   - weights: initial weights, (inputs + 1) × outputs with the bias last; what `initial` in
  ///     the plan says is done to write them.
  ///   - largestWeight: W_max, the weight of a pair that spans the window.
  ///   - rule: makes what turns batches into pulses; by default the plan's rule.
  /// - Throws: ``Failure`` when the wires of a tile cannot be solved.
  init(
    _ technology: ArrayTechnology, plan: TrainingPlan, _ layer: LayerSpecification,
    rule: ((ProgrammedArray, RandomStream) -> any WeightUpdate)? = nil, workers: Workers,
    ledger: inout EnergyLedger
  ) throws(Failure) {
    let (program, weights, name) = (plan.program, layer.weights, layer.role.description)
    let perSiemens = Float(
      layer.largestWeight * technology.conditions.readGain
        / (program.window.upperBound - program.window.lowerBound))
    takesNetworkInput = layer.role.index == 0
    readVoltage = Float(plan.read.voltage)
    biasInput = Float(program.biasInput)
    bandwidth =
      layer.role == LayerRole(.discriminator, 0) ? plan.discriminatorBandwidth : nil
    let crossbar = try Crossbar(
      technology, wordLines: weights.rows, outputs: weights.columns, name: name,
      deviceSeed: plan.deviceSeed, seed: plan.seed,
      signs: program.pairing == .singleWithSign
        ? weights.elements.map { $0 < 0 ? -1 : 1 } : [])
    array = ProgrammedArray(
      crossbar: crossbar, weightPerSiemens: perSiemens, plan: program, periphery: plan.periphery)
    let targets = weights.elements.map { $0 / perSiemens }
    try crossbar.solveStaleWires(workers: workers)
    switch program.initial {
    case .verified: ledger += crossbar.writeVerified(targets: targets, draw: 0)
    case .blind: crossbar.writeBlind(targets: targets)
    }
    crossbar.adopt(bandwidth.map(technology.reading(through:)) ?? technology)
    try crossbar.solveWires(workers: workers)
    let stream = RandomStream(seed: plan.seed, name: name + "/pulse-choice")
    self.rule = (rule ?? program.rule.make)(array, stream)
  }

  var weights: Matrix {
    var weights = Matrix(
      rows: crossbar.wordLines, columns: crossbar.outputs,
      elements: crossbar.readDifferences().map { $0 * weightPerSiemens })
    for output in 0..<outputs { weights[inputs, output] *= biasInput }
    return weights
  }

  mutating func forward(
    _ input: Matrix, into output: inout Matrix, _ context: inout StepContext
  ) {
    let largest = context.peak ?? input.largestMagnitude
    // The bias line is a signal like any other and must not exceed V_read either.
    let scale = max(biasInput, takesNetworkInput ? max(1, largest) : largest)
    context.ledger.forward += read(
      input, scale: scale, .forward, into: &output, context: &context)
  }

  mutating func backward(
    _ delta: Matrix, into inputDelta: inout Matrix, _ context: inout StepContext
  ) {
    let largest = context.peak ?? delta.largestMagnitude
    context.ledger.backward += read(
      delta, scale: largest > 0 ? largest : 1, .transposed, into: &inputDelta, context: &context)
  }

  mutating func update(
    input: Matrix, delta: Matrix, _ context: inout StepContext
  ) throws(Failure) {
    let workers = context.workers
    guard !context.collects(.gradient(input, delta, workers: workers)) else { return }
    try rule.update(array, input: input, delta: delta, &context)
    try finishUpdate(&context)
  }

  mutating func update(_ slopes: BatchSlopes, _ context: inout StepContext) throws(Failure) {
    guard !context.collects(slopes.gradient) else { return }
    try rule.update(array, slopes, &context)
    try finishUpdate(&context)
  }

  /// What follows the pulses of a step.
  private func finishUpdate(_ context: inout StepContext) throws(Failure) {
    let plan = array.plan
    context.ledger.disturb += crossbar.driftWhenDue(workers: context.workers)
    if plan.pairing == .setOnly, (context.step + 1) % UInt64(plan.refreshInterval) == 0 {
      context.ledger += crossbar.refreshSaturatedPairs(draw: context.step + 1)
    }
    context.solvedTiles += try crossbar.solveStaleWires(workers: context.workers)
  }

  /// Drives lines with signal · V_read / scale and returns weighted sums in units of the signal.
  ///
  /// The bias word line carries the plan's constant input, whatever the scale.
  private mutating func read(
    _ signal: Matrix, scale: Float, _ direction: ReadDirection, into result: inout Matrix,
    context: inout StepContext
  ) -> Double {
    let samples = signal.columns
    let isForward = direction == .forward
    let lines = isForward ? crossbar.wordLines : crossbar.outputs
    // A transposed read senses the bias word line too; its current is not used.
    let sensed = isForward ? crossbar.outputs : crossbar.wordLines
    let room = (lines + sensed) * samples
    if voltages.count < room { voltages = Storage(count: room, repeating: 0) }
    signal.elements.withUnsafeBufferPointer { signal in
      BufferKernels.scale(
        signal, by: readVoltage / scale, into: voltages.part(0, signal.count))
    }
    if isForward {
      voltages.part(inputs * samples, samples).update(repeating: readVoltage * biasInput / scale)
    }
    let currents = voltages.part(lines * samples, sensed * samples)
    let energy = crossbar.read(
      MatrixView(base: voltages.base, rows: lines, columns: samples), direction,
      into: MatrixView(
        base: voltages.base + lines * samples, rows: sensed, columns: samples),
      draw: context.draw, workers: context.workers)
    context.draw += 1
    context.ledger.seconds += crossbar.technology.conditions.read.time * Double(samples)
    context.ledger.periphery +=
      Double(samples)
      * (array.periphery.driver * Double(lines) + array.periphery.sense * Double(result.rows))
    result.elements.withUnsafeMutableBufferPointer { result in
      BufferKernels.scale(
        UnsafeBufferPointer(rebasing: currents[..<result.count]),
        by: weightPerSiemens * scale / readVoltage, into: result)
    }
    return energy
  }

  /// Goes on under other conditions from the state as it stands.
  mutating func adopt(_ technology: ArrayTechnology, workers: Workers) throws(Failure) {
    crossbar.adopt(bandwidth.map(technology.reading(through:)) ?? technology)
    try crossbar.solveWires(workers: workers)
  }

  /// Tiles sampled per layer.
  private static let sampledTiles = 4

  func wireErrors(draw: UInt64) throws(Failure) -> WireErrors {
    try crossbar.wireErrors(sampling: Self.sampledTiles, draw: draw)
  }

  mutating func finishEpoch(workers: Workers, ledger: inout EnergyLedger) throws(Failure) {
    rule.endEpoch()
    ledger.disturb += crossbar.drift(workers: workers)
    try crossbar.solveWires(workers: workers)
  }

  func state(name: String) -> [TrainerState.NamedArray] {
    let state = crossbar.state
    let shape = [crossbar.wordLines, crossbar.outputs]
    let references = crossbar.referenceState.map { references in
      [
        TrainerState.NamedArray(
          name: name + ".reference-plus", shape: shape, values: references.plus),
        .init(name: name + ".reference-minus", shape: shape, values: references.minus),
      ]
    }
    return [
      .init(name: name + ".plus", shape: shape, values: state.plus),
      .init(name: name + ".minus", shape: shape, values: state.minus),
    ] + (references ?? []) + rule.state(array, name: name)
  }

  mutating func restore(_ state: TrainerState, name: String) throws(StateMismatch) {
    let count = crossbar.wordLines * crossbar.outputs
    if crossbar.technology.conditions.pairing == .referencedPair {
      crossbar.setReferenceState(
        plus: try state.conductances(name + ".reference-plus", count: count),
        minus: try state.conductances(name + ".reference-minus", count: count))
    }
    crossbar.setState(
      plus: try state.conductances(name + ".plus", count: count),
      minus: try state.conductances(name + ".minus", count: count))
    try rule.restore(state, array, name: name)
  }
}

extension Matrix {
  /// Σ (input, 1) · deltaᵀ of a batch, (inputs + 1) × outputs.
  fileprivate static func gradient(_ input: Matrix, _ delta: Matrix, workers: Workers) -> Matrix {
    var gradient = Matrix(rows: input.rows + 1, columns: delta.rows)
    gradient.accumulateGradient(input, delta, keeping: 0, workers: workers)
    return gradient
  }
}
