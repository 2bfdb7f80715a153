import Failures

/// Cycles of double-precision residual and conjugate-gradient correction for one lane group.
///
/// With nonlinear devices, which go one input at a time, a cycle is a step of Newton's method that
/// is solved as far as it is worth.
final class CorrectionCycles<Element: Lanes> {
  let state: LaneState<Element>
  private let array: WiredArray
  private let factors: LineFactors<Element.Number>
  private let sweeps: LineSweeps<Element>
  private let gradients: ConjugateGradients<Element>
  private let wordResidual: Buffer<Element>
  private let wordCorrection: Buffer<Element>
  private var bounds: LineBounds
  /// Lower bound of the eigenvalues of the preconditioned equations.
  private var gap: Double
  private var slopeGuard: SlopeGuard
  /// dI/dV of every device, and its current where it is not the product of slope and voltage.
  private var slopes: [Double]
  private var deviceCurrents: [Double]
  /// The full scale to aim at before one has been computed: a part of what ideal wires would carry.
  private var expectedScale = Element.Wide.zero
  private(set) var cycles = 0
  private(set) var steps = 0
  /// Steps of the last correction.
  private var lastSteps = 0
  /// Error estimates of the terminal currents, amperes.
  private(set) var errors = Element.Wide.zero

  init(_ array: WiredArray) {
    self.array = array
    slopeGuard = SlopeGuard(array.devices, scale: 1)
    slopes = slopeGuard.start
    deviceCurrents = array.devices.isLinear ? [] : slopes
    bounds = LineBounds(array, slopes: slopes)
    gap = bounds.gap
    factors = LineFactors(array, slopes: slopes)
    sweeps = LineSweeps(factors)
    gradients = ConjugateGradients(sweeps)
    wordResidual = Buffer(count: sweeps.count, repeating: .zero)
    wordCorrection = Buffer(count: sweeps.count, repeating: .zero)
    state = LaneState(array, padded: sweeps.count)
    updateGap()
  }

  /// Takes the wires' bound where it is good, else one from the coupling itself.
  private func updateGap() {
    gap = bounds.gap
    if gap < Self.goodGap { gap = max(gap, 1 - gradients.largestCoupling()) }
  }

  /// A gap above which a better bound is not worth its sweeps.
  private static var goodGap: Double { 0.02 }

  /// Takes new potentials at the terminals; see ``LaneState/reset(inputs:guesses:)``.
  func reset(inputs: [LineEnds], guesses: [NodePotentials]) {
    state.reset(inputs: inputs, guesses: guesses)
    cycles = 0
    steps = 0
    if array.devices.hasFlatDevices {
      let scale = inputs.reduce(0) { max($0, $1.largestMagnitude) }
      slopeGuard = SlopeGuard(array.devices, scale: scale)
      slopes = slopeGuard.start
    }
    expectedScale =
      state.largestBitCurrent(slopes: slopes) * Element.Wide(repeating: 0.25)
  }

  /// Corrects until the estimated errors are below the tolerance times the full scale.
  func run(tolerance: Double) throws(Failure) {
    var previous = Double.infinity
    var length = 1.0
    var aim = 0.5
    while cycles < FastSolver.cycleLimit {
      prepare()
      let relative = worstRelativeError()
      if relative <= tolerance { return }
      let worst = (0..<Element.laneCount).reduce(0) { max($0, errors.lane($1)) }
      if worst < 0.7 * previous {
        previous = worst
        correct(aim: aim * tolerance, relative: relative)
        length = 1
      } else if array.devices.isLinear || lastSteps == 0, aim > 1e-3 {
        // The correction had all it was asked for; what is left at the terminals takes more.
        aim /= 8
        correct(aim: aim * tolerance, relative: relative)
      } else if array.devices.isLinear || length < 1e-6 {
        throw Self.failure(relative)
      } else {
        // Newton's step was too long: take back half of what is left of it.
        length /= 2
        move(by: -length)
      }
      cycles += 1
    }
    throw Self.failure(worstRelativeError())
  }

  private static func failure(_ error: Double) -> Failure {
    Failure(
      .badData, at: "fast solver", "the error stays at \(error) of the largest current",
      remedy: "ask for a larger tolerance or use the exact method")
  }

  /// Residual of the present potentials, word lines eliminated, and error estimates.
  private func prepare() {
    if array.devices.isLinear {
      leaveOver { slopes, index, voltage in voltage * Element.Wide(repeating: slopes[index]) }
    } else {
      array.devices.evaluate(
        at: state.nodes(lane: 0).deviceVoltages, currents: &deviceCurrents, slopes: &slopes)
      slopeGuard.apply(to: &slopes)
      factors.update(array, slopes: slopes)
      bounds = LineBounds(array, slopes: slopes)
      updateGap()
      let currents = deviceCurrents
      currents.withUnsafeBufferPointer { currents in
        leaveOver { _, index, _ in Element.Wide(repeating: currents[index]) }
      }
    }
    let wordEnergy = sweeps.eliminateWords(
      wordResidual.pointer, into: wordCorrection.pointer, addingTo: gradients.rightHandSide)
    gradients.start()
    for lane in 0..<Element.laneCount {
      let energy = wordEnergy.lane(lane) + gradients.energy.lane(lane) / gap
      errors.setLane(
        lane, (energy * bounds.currentPerEnergy).squareRoot() + state.endResidual.lane(lane))
    }
  }

  private func leaveOver(
    _ current: (UnsafeBufferPointer<Double>, Int, Element.Wide) -> Element.Wide
  ) {
    slopes.withUnsafeBufferPointer { slopes in
      state.residual(
        wordResidual: wordResidual.pointer, bitResidual: gradients.rightHandSide
      ) { index, voltage in current(slopes, index, voltage) }
    }
  }

  private func worstRelativeError() -> Double {
    (0..<Element.laneCount).reduce(0) { worst, lane in
      let error = errors.lane(lane)
      return error == 0 ? worst : max(worst, error / state.fullScale.lane(lane))
    }
  }

  /// Solves for a correction and takes it.
  ///
  /// A Newton step is solved to the accuracy its linearisation can be expected to have, others to
  /// `aim`, a share of full scale, or as far as the arithmetic carries.
  private func correct(aim: Double, relative: Double) {
    let fraction =
      array.devices.isLinear ? Self.attainable : min(1e-2, max(relative, 1e-5))
    var target = Element.zero
    for lane in 0..<Element.laneCount {
      let scale = cycles == 0 ? expectedScale.lane(lane) : state.fullScale.lane(lane)
      let error = aim * scale
      target.setLane(
        lane,
        max(
          error * error * gap / bounds.currentPerEnergy,
          fraction * fraction * gradients.energy.lane(lane)))
    }
    gradients.run(target: target, limit: FastSolver.stepLimit)
    lastSteps = gradients.steps
    steps += lastSteps
    sweeps.followWords(gradients.correction.pointer, addingTo: wordCorrection.pointer)
    move(by: 1)
  }

  /// What conjugate gradients reach of their right-hand side before rounding stops them.
  private static var attainable: Double { Double(Element.Number.ulpOfOne) * 16 }

  private func move(by length: Double) {
    let factor = Element.Wide(repeating: length)
    for index in 0..<array.devices.count {
      state.word.pointer[index] += wordCorrection[index].wide * factor
      state.bit.pointer[index] += gradients.correction[index].wide * factor
    }
  }
}
