import Crossbars
import Foundation
import Mathematics

/// A layer whose weights are devices: reads for signals, pulses for updates.
///
/// Weight and difference of conductances (at V_read) are related by
/// W = (G⁺ − G⁻) · W_max / (G_high − G_low). The bias is an extra word line.
struct CrossbarLayer: TrainableLayer {
  let crossbar: Crossbar
  /// Weight per siemens.
  private let weightPerSiemens: Float
  private let plan: ProgrammingPlan
  private let readVoltage: Float
  /// Whether the layer takes the network's input, whose ones map to V_read.
  private let takesNetworkInput: Bool
  private let pulseChoice: RandomStream
  private var voltages = Storage<Float>(count: 0, repeating: 0)
  private var gradient: Matrix
  private var choice: Storage<UInt32>
  private var requests: SignMatrix

  var inputs: Int { crossbar.wordLines - 1 }
  var outputs: Int { crossbar.outputs }

  /// A layer on an array of its own.
  ///
  /// - Parameters:
  ///   - weights: initial weights, (inputs + 1) × outputs with the bias last; what `initial` in
  ///     the plan says is done to write them.
  ///   - largestWeight: W_max, the weight of a pair that spans the window.
  init(
    _ technology: ArrayTechnology, plan: TrainingPlan, name: String, weights: Matrix,
    largestWeight: Double, takesNetworkInput: Bool, ledger: inout EnergyLedger
  ) {
    let window = plan.program.window
    weightPerSiemens = Float(largestWeight / (window.upperBound - window.lowerBound))
    self.plan = plan.program
    self.takesNetworkInput = takesNetworkInput
    readVoltage = Float(plan.read.voltage)
    crossbar = Crossbar(
      technology, wordLines: weights.rows, outputs: weights.columns, name: name,
      deviceSeed: plan.deviceSeed, seed: plan.seed,
      signs: plan.program.pairing == .singleWithSign
        ? weights.elements.map { $0 < 0 ? -1 : 1 } : [])
    pulseChoice = RandomStream(seed: plan.seed, name: name + "/pulse-choice")
    gradient = Matrix(rows: weights.rows, columns: weights.columns)
    choice = Storage(count: weights.rows * Self.paddedColumns(weights.columns), repeating: 0)
    requests = SignMatrix(rows: weights.rows, columns: weights.columns)
    let targets = weights.elements.map { $0 / weightPerSiemens }
    switch plan.program.initial {
    case .verified: ledger += crossbar.writeVerified(targets: targets, draw: 0).ledger
    case .blind: crossbar.writeBlind(targets: targets)
    }
  }

  /// Columns of a row of random words: 64 rows then hold a whole number of groups of 256.
  private static func paddedColumns(_ columns: Int) -> Int { (columns + 3) / 4 * 4 }

  mutating func forward(
    _ input: Matrix, into output: inout Matrix, _ context: inout StepContext
  ) {
    let largest = input.largestMagnitude
    let scale = takesNetworkInput ? max(1, largest) : (largest > 0 ? largest : 1)
    context.ledger.forward += read(
      input, scale: scale, .forward, into: &output, context: &context)
  }

  mutating func backward(
    _ delta: Matrix, into inputDelta: inout Matrix, _ context: inout StepContext
  ) {
    let largest = delta.largestMagnitude
    context.ledger.backward += read(
      delta, scale: largest > 0 ? largest : 1, .transposed, into: &inputDelta, context: &context)
  }

  /// Drives lines with signal · V_read / scale and returns weighted sums in units of the signal.
  ///
  /// A forward read drives the bias word line at V_read; the bias thus carries the input `scale`.
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
    if isForward { voltages.part(inputs * samples, samples).update(repeating: readVoltage) }
    let currents = voltages.part(lines * samples, sensed * samples)
    let energy = crossbar.read(
      MatrixView(base: voltages.base, rows: lines, columns: samples), direction,
      into: MatrixView(
        base: voltages.base + lines * samples, rows: sensed, columns: samples),
      draw: context.draw, workers: context.workers)
    context.draw += 1
    context.ledger.seconds += crossbar.technology.conditions.read.time * Double(samples)
    result.elements.withUnsafeMutableBufferPointer { result in
      BufferKernels.scale(
        UnsafeBufferPointer(rebasing: currents[..<result.count]),
        by: weightPerSiemens * scale / readVoltage, into: result)
    }
    return energy
  }

  mutating func settle() { crossbar.rebuild() }

  func state(name: String) -> [TrainerState.NamedArray] {
    let state = crossbar.state
    let shape = [crossbar.wordLines, crossbar.outputs]
    return [
      .init(name: name + ".plus", shape: shape, values: state.plus),
      .init(name: name + ".minus", shape: shape, values: state.minus),
    ]
  }

  mutating func restore(_ state: TrainerState, name: String) throws(StateMismatch) {
    let count = crossbar.wordLines * crossbar.outputs
    crossbar.setState(
      plus: try state.values(name + ".plus", count: count),
      minus: try state.values(name + ".minus", count: count))
  }
}

extension CrossbarLayer {
  /// Share below which single gradients are cheaper than the whole product.
  private static let sparseShare = 0.1

  mutating func update(input: Matrix, delta: Matrix, _ context: inout StepContext) {
    switch plan.rule {
    case .batch: updateByBatch(input: input, delta: delta, &context)
    case .perSample: updateBySample(input: input, delta: delta, &context)
    }
    if plan.pairing == .setOnly, (context.step + 1) % UInt64(plan.refreshInterval) == 0 {
      context.ledger += crossbar.refreshSaturatedPairs(draw: context.step + 1).ledger
    }
  }

  /// One pulse per chosen device by the sign of the batch-summed gradient; zero gives none.
  private mutating func updateByBatch(
    input: Matrix, delta: Matrix, _ context: inout StepContext
  ) {
    chooseRequests(input: input, delta: delta, context)
    context.ledger += crossbar.program(requests, step: context.step, workers: context.workers)
    if plan.disturbsHalfSelected { crossbar.disturb(requests, workers: context.workers) }
  }

  /// Fills `requests` with −sign of the gradient for a random share of the weights.
  ///
  /// For a small share the gradient is a dot product per chosen weight; the whole matrix product
  /// gives the same numbers up to rounding.
  private mutating func chooseRequests(input: Matrix, delta: Matrix, _ context: StepContext) {
    let isSparse = context.share < Self.sparseShare
    if !isSparse {
      multiplyGradient(input: input, delta: delta, workers: context.workers)
    }
    let columns = outputs
    let padded = Self.paddedColumns(columns)
    let limit = UInt64(min(1, max(0, context.share)) * 0x1p32)
    let (stream, choice, step, samples) = (pulseChoice, choice, context.step, input.columns)
    let biasRow = inputs
    input.withReadOnlyView { input in
      delta.withReadOnlyView { delta in
        gradient.withReadOnlyView { gradient in
          requests.elements.withUnsafeMutableBufferPointer { requests in
            nonisolated(unsafe) let requests = requests
            context.workers.forEachBlock(of: biasRow + 1, size: 64) { rows in
              let words = choice.part(rows.lowerBound * padded, rows.count * padded)
              stream.fillWords(words, from: rows.lowerBound * padded, substream: step)
              for row in rows {
                for column in 0..<columns {
                  let word = words[(row &- rows.lowerBound) &* padded &+ column]
                  guard UInt64(word) < limit else {
                    requests[row &* columns &+ column] = 0
                    continue
                  }
                  let slope =
                    !isSparse
                    ? gradient.row(row)[column]
                    : row == biasRow
                      ? BufferKernels.sum(UnsafeBufferPointer(delta.row(column)))
                      : BufferKernels.dot(
                        input.row(row).baseAddress.unsafelyUnwrapped,
                        delta.row(column).baseAddress.unsafelyUnwrapped, count: samples)
                  requests[row &* columns &+ column] = slope > 0 ? -1 : slope < 0 ? 1 : 0
                }
              }
            }
          }
        }
      }
    }
  }

  /// gradient = Σ over the batch of (input, 1) · deltaᵀ.
  private mutating func multiplyGradient(input: Matrix, delta: Matrix, workers: Workers) {
    let inputs = inputs
    input.withReadOnlyView { input in
      delta.withReadOnlyView { delta in
        gradient.withView { gradient in
          MatrixProduct.multiply(
            input, transposed: false, delta, transposed: true, into: gradient.rows(0..<inputs),
            workers: workers)
          let bias = gradient.row(inputs)
          for unit in 0..<delta.rows {
            bias[unit] = BufferKernels.sum(UnsafeBufferPointer(delta.row(unit)))
          }
        }
      }
    }
  }

  /// The stochastic rule: every sample's outer product of signs, lines gated at random.
  ///
  /// Word lines and outputs are each driven with probability √share, which keeps the update an
  /// outer product and pulses the wanted share of devices.
  private mutating func updateBySample(
    input: Matrix, delta: Matrix, _ context: inout StepContext
  ) {
    let lineShare = Float(max(0, min(1, context.share)).squareRoot())
    let lines = inputs + 1
    for sample in 0..<input.columns {
      let draw = context.step * UInt64(input.columns) + UInt64(sample)
      func gated(_ value: Float, line: Int) -> Int8 {
        guard value != 0, pulseChoice.uniform(at: line, substream: draw) < lineShare
        else { return 0 }
        return value > 0 ? 1 : -1
      }
      let inputSigns = (0..<lines).map { line in
        gated(line < inputs ? input[line, sample] : 1, line: line)
      }
      let deltaSigns = (0..<outputs).map { gated(-delta[$0, sample], line: lines + $0) }
      context.ledger += crossbar.programSample(
        inputs: inputSigns, deltas: deltaSigns, step: draw)
    }
    crossbar.rebuild()
  }
}
