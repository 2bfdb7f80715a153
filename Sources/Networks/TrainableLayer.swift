package import ArrayOperations
import Crossbars
import Failures
package import Mathematics

/// A linear map with bias that carries signals both ways and can be trained.
///
/// What the adversarial training loop knows of its hardware: crossbars and floating-point numbers
/// answer the same three requests. Batches are line-major, a row per unit, a column per sample.
protocol TrainableLayer {
  var inputs: Int { get }
  var outputs: Int { get }
  /// Whether updates move weights; pools are fixed.
  var isTrained: Bool { get }

  /// The weights held, (inputs + 1) × outputs with the bias last, as single reads would find them.
  var weights: Matrix { get }

  /// output = W · (input, 1): inputs × B to outputs × B.
  mutating func forward(_ input: Matrix, into output: inout Matrix, _ context: inout StepContext)

  /// inputDelta = Wᵀ · delta without the bias: outputs × B to inputs × B.
  mutating func backward(
    _ delta: Matrix, into inputDelta: inout Matrix, _ context: inout StepContext)

  /// Whether updates need to know how strong a batch's signals were.
  var needsSquares: Bool { get }

  /// Moves the weights against the gradient Σ input · deltaᵀ of the batch; leaves it in the
  /// context's ``StepContext/gradients`` instead when those are collected.
  ///
  /// - Throws: ``Failure`` when wires cannot be solved or the layer has no such update.
  mutating func update(
    input: Matrix, delta: Matrix, _ context: inout StepContext
  ) throws(Failure)

  /// The same from slopes summed over the batch.
  mutating func update(_ slopes: BatchSlopes, _ context: inout StepContext) throws(Failure)

  /// How often the layer's array is read in one pass of a batch: draws of noise that it uses.
  func reads(samples: Int) -> Int

  /// The changing state as named arrays, and back.
  func state(name: String) -> [TrainerState.NamedArray]
  mutating func restore(_ state: TrainerState, name: String) throws(StateMismatch)

  /// Goes on under other conditions of its arrays, between epochs.
  mutating func adopt(_ technology: ArrayTechnology, workers: Workers) throws(Failure)

  /// How far the wires in use are from solved ones, on a few tiles; empty without wires.
  func wireErrors(draw: UInt64) throws(Failure) -> WireErrors

  /// Called between epochs, before a checkpoint; books what it applies.
  mutating func finishEpoch(workers: Workers, ledger: inout EnergyLedger) throws(Failure)
}

extension TrainableLayer {
  func reads(samples: Int) -> Int { 1 }
  var isTrained: Bool { true }
  var needsSquares: Bool { false }
}

/// A saved state lacks an array, or has one that cannot be.
package struct StateMismatch: Error {
  let name: String
  var problem = "is missing or has another length"
}

extension TrainerState {
  /// The values of an array that must be there with a given length.
  package func values(_ name: String, count: Int) throws(StateMismatch) -> [Float] {
    guard let array = arrays.first(where: { $0.name == name }), array.values.count == count
    else { throw StateMismatch(name: name) }
    return array.values
  }

  /// Conductances in siemens: numbers, none of them negative.
  func conductances(_ name: String, count: Int) throws(StateMismatch) -> [Float] {
    let values = try values(name, count: count)
    guard values.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw StateMismatch(name: name, problem: "holds something that is no conductance")
    }
    return values
  }
}

/// What a step lends to the layers: where it stands, who works, and the books.
package struct StepContext {
  /// Step since the start of the run.
  package var step: UInt64 = 0
  /// Names the noise of the next read; unique over all reads of a layer.
  var draw: UInt64 = 0
  /// Largest magnitude of the whole signal, when an array gets it in parts.
  var peak: Float?
  /// Whether dropout switches open at random; they are closed when samples are drawn.
  var isTraining = true
  /// One over the batch: turns a batch-summed gradient into a mean.
  var meanScale: Float = 1
  /// Images of a step, real ones and fakes.
  package var images = 1
  /// Update probability: fraction of the devices pulsed in this step: in the network whose turn it is, and in either.
  package var updateProbability = 1.0
  var updateProbabilities = (generator: 1.0, discriminator: 1.0)
  /// Gradients in the order of the updates that they take the place of; nil in training.
  var gradients: [Matrix]?
  package var workers: Workers
  package var ledger = EnergyLedger()
  /// Tiles whose wires were solved anew.
  var solvedTiles = 0

  package init(workers: Workers) { self.workers = workers }

  /// Keeps a gradient in the place of an update, when gradients are collected.
  mutating func collects(_ gradient: @autoclosure () -> Matrix) -> Bool {
    guard gradients != nil else { return false }
    gradients?.append(gradient())
    return true
  }
}
