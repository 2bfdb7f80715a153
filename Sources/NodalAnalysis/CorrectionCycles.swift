import Failures

/// Cycles of double-precision residual and conjugate-gradient correction for one lane group.
final class CorrectionCycles<Element: Lanes> {
  let state: LaneState<Element>
  private let array: WiredArray
  private let sweeps: LineSweeps<Element>
  private let gradients: ConjugateGradients<Element>
  private let bounds: LineBounds
  private let slopes: [Double]
  private let wordResidual: Buffer<Element>
  private let wordCorrection: Buffer<Element>
  /// Residuals are computed in these units, so that single precision keeps its range.
  private var unit = 1.0
  /// The full scale to aim at before one has been computed: a part of what ideal wires would carry.
  private var expectedScale = Element.Wide.zero
  private(set) var cycles = 0
  private(set) var steps = 0
  /// Error estimates of the terminal currents, amperes.
  private(set) var errors = Element.Wide.zero

  init(_ array: WiredArray, factors: LineFactors<Element.Number>, bounds: LineBounds) {
    self.array = array
    self.bounds = bounds
    slopes = array.devices.slopesAtZero
    sweeps = LineSweeps(factors)
    gradients = ConjugateGradients(sweeps)
    wordResidual = Buffer(count: sweeps.count, repeating: .zero)
    wordCorrection = Buffer(count: sweeps.count, repeating: .zero)
    state = LaneState(array, padded: sweeps.count)
  }

  /// Takes new potentials at the terminals; see ``LaneState/reset(inputs:guesses:)``.
  func reset(inputs: [LineEnds], guesses: [NodePotentials]) {
    state.reset(inputs: inputs, guesses: guesses)
    cycles = 0
    steps = 0
    expectedScale = state.largestBitCurrent(slopes: slopes)
    let largest = (0..<Element.laneCount).reduce(0) { max($0, expectedScale.lane($1)) }
    unit = largest > 0 ? largest : 1
    expectedScale = expectedScale * Element.Wide(repeating: 0.25)
  }

  /// Corrects until the estimated errors are below the tolerance times the full scale.
  func run(tolerance: Double) throws(Failure) {
    var previous = Double.infinity
    while cycles < FastSolver.cycleLimit {
      prepare()
      let worst = worstRelativeError()
      if worst <= tolerance { return }
      guard cycles == 0 || worst < 0.5 * previous else {
        throw Failure(
          .badData, at: "fast solver",
          "the error stays at \(worst) of the largest current",
          remedy: "ask for a larger tolerance or use the exact method")
      }
      previous = worst
      correct(tolerance: tolerance)
      cycles += 1
    }
  }

  /// Residual of the present potentials, word lines eliminated, and error estimates.
  private func prepare() {
    slopes.withUnsafeBufferPointer { slopes in
      state.residual(
        scale: 1 / unit, wordResidual: wordResidual.pointer, bitResidual: gradients.rightHandSide
      ) { index, voltage in voltage * Element.Wide(repeating: slopes[index]) }
    }
    let wordEnergy = sweeps.eliminateWords(
      wordResidual.pointer, into: wordCorrection.pointer, addingTo: gradients.rightHandSide)
    gradients.start()
    for lane in 0..<Element.laneCount {
      let energy = wordEnergy.lane(lane) + gradients.energy.lane(lane) / bounds.gap
      errors.setLane(lane, unit * (energy * bounds.currentPerEnergy).squareRoot())
    }
  }

  private func worstRelativeError() -> Double {
    (0..<Element.laneCount).reduce(0) { worst, lane in
      let error = errors.lane(lane)
      return error == 0 ? worst : max(worst, error / state.fullScale.lane(lane))
    }
  }

  private func correct(tolerance: Double) {
    var target = Element.zero
    for lane in 0..<Element.laneCount {
      let scale = cycles == 0 ? expectedScale.lane(lane) : state.fullScale.lane(lane)
      let aim = 0.5 * tolerance * scale / unit
      target.setLane(lane, aim * aim * bounds.gap / bounds.currentPerEnergy)
    }
    gradients.run(target: target, limit: FastSolver.stepLimit)
    steps += gradients.steps
    sweeps.followWords(gradients.correction.pointer, addingTo: wordCorrection.pointer)
    let volts = Element.Wide(repeating: unit)
    for index in 0..<array.devices.count {
      state.word.pointer[index] += wordCorrection[index].wide * volts
      state.bit.pointer[index] += gradients.correction[index].wide * volts
    }
  }
}
