package import Crossbars
package import Devices
package import Failures
package import Mathematics

/// How what a batch says about an array's weights becomes pulses.
///
/// An update rule of the list ``UpdateRule/all`` makes one per array.
package protocol WeightUpdate {
  /// Whether updates need to know how strong a batch's signals were.
  var needsSquares: Bool { get }

  /// Moves weights against the gradient Σ (input, 1) · deltaᵀ; input is inputs × B, delta
  /// outputs × B.
  mutating func update(
    _ array: ProgrammedArray, input: Matrix, delta: Matrix, _ context: inout StepContext
  ) throws(Failure)

  /// The same from slopes that are summed over the batch already.
  mutating func update(
    _ array: ProgrammedArray, _ slopes: BatchSlopes, _ context: inout StepContext
  ) throws(Failure)

  /// Forgets what is incomplete: called between epochs.
  mutating func endEpoch()

  /// What changes beside the array, as named arrays of the array's shape, and back.
  func state(_ array: ProgrammedArray, name: String) -> [TrainerState.NamedArray]
  mutating func restore(
    _ state: TrainerState, _ array: ProgrammedArray, name: String
  ) throws(StateMismatch)
}

extension WeightUpdate {
  package var needsSquares: Bool { false }

  package mutating func update(
    _ array: ProgrammedArray, input: Matrix, delta: Matrix, _ context: inout StepContext
  ) throws(Failure) {
    var slopes = BatchSlopes(lines: array.inputs + 1, outputs: array.outputs)
    slopes.take(
      input, delta, continues: false, squares: needsSquares, workers: context.workers)
    try update(array, slopes, &context)
  }

  package mutating func endEpoch() {}

  package func state(_ array: ProgrammedArray, name: String) -> [TrainerState.NamedArray] { [] }

  package mutating func restore(
    _ state: TrainerState, _ array: ProgrammedArray, name: String
  ) throws(StateMismatch) {}
}

/// An array as an update rule sees it.
package struct ProgrammedArray {
  package let crossbar: Crossbar
  /// Weight per siemens of difference.
  package let weightPerSiemens: Float
  /// How weights live on devices and how pulses move them.
  package let plan: ProgrammingPlan
  /// What circuits beside the array cost.
  package let periphery: PeripheryCosts

  /// Word lines without the bias.
  package var inputs: Int { crossbar.wordLines - 1 }
  package var outputs: Int { crossbar.outputs }
  /// Weights with biases.
  package var weights: Int { crossbar.wordLines * crossbar.outputs }
  package var shape: [Int] { [crossbar.wordLines, crossbar.outputs] }
  package var hasPairs: Bool { plan.pairing != .singleWithSign }
}
