package import ArrayOperations
package import Crossbars
package import Devices
package import DigitalNetworks
import Foundation

/// Everything that decides what a training run computes; resolved, validated, SI units.
///
/// Two runs with equal plans and equal data give the same bits. Where and how fast a run happens
/// (folder, threads, progress) is not part of it.
package struct TrainingPlan: Equatable, Sendable {
  /// Sizes and activations of generator and discriminator.
  package var networks = NetworkPlan()
  /// What multiplies and what learns.
  package var backend = Backend.crossbar
  /// Update rule of the digital twin; crossbars follow ``program``.
  package var optimizer = DigitalOptimizer.adam()
  /// Passes over the training images, at least one.
  package var epochs = 10
  /// Real images per step, 1 to 65536; an incomplete last batch is left out.
  package var batch = 64
  /// Decides noise, shuffling, initial weights and pulse choice.
  package var seed: UInt64 = 1
  /// Decides the frozen variation of every device: which chip this is.
  package var deviceSeed: UInt64 = 1
  /// Where the generator's input comes from.
  package var noise = NoisePlan()
  /// Standard deviation of Gaussian noise added to the discriminator's inputs.
  package var inputNoise = 0.3
  /// How every array is read; V_read is what the largest signal maps to.
  package var read = TrainingPlan.defaultRead
  /// Bandwidth in hertz of the discriminator's first array, whose read noise acts as noise on the
  /// discriminator's inputs; nil leaves it at that of ``read``.
  package var discriminatorBandwidth: Double?
  /// What circuits beside the arrays cost; the digital twin has none.
  package var periphery = PeripheryCosts()
  /// Standard deviation of the initial weights of dense layers.
  package var initialWeights = DenseLayer.InitialWeights.normalized
  /// What the code published with arXiv:2111.14484 does otherwise; crossbars only.
  package var published = PublishedProcedure()
  /// How crossbars hold weights and learn; the digital twin does not use it.
  package var program = ProgrammingPlan()

  private static var defaultRead: ReadOperation {
    var read = ReadOperation()
    read.voltage = OperatingPoint.standard.readVoltage
    read.curvatureTolerance = 1e-3
    return read
  }

  /// The default plan: two-layer networks on crossbars, for images of 28 × 28.
  package init() {}
}

/// What multiplies and what learns.
package enum Backend: String, Sendable, CaseIterable {
  /// Simulated crossbars, sign-only pulses.
  case crossbar
  /// The digital twin: the same network in 32-bit floating point.
  case digital
}

/// Update rule of the digital twin.
package enum DigitalOptimizer: Equatable, Sendable {
  case adam(rate: Float = 2e-4, beta1: Float = 0.5, beta2: Float = 0.999)
  /// Plain gradient descent on the batch-summed loss.
  case sgd(rate: Float = 1e-3)
}

/// How weights live on devices and how pulses move them.
package struct ProgrammingPlan: Equatable, Sendable {
  /// Which devices make a weight, and which of them pulses move.
  package var pairing = Pairing.twoSided
  /// How far a gradient moves a weight.
  package var rule = UpdateRule.manhattan
  /// What a gradient is summed over before it moves a weight; stored signs need
  /// ``UpdateGranularity/batch``.
  package var granularity = UpdateGranularity.batch
  /// Raises conductance by one step; positive volts.
  package var setPulse = OperatingPoint.standard.setPulse
  /// Lowers conductance by one step; negative volts.
  package var resetPulse = OperatingPoint.standard.resetPulse
  /// The SET pulse of the last epoch, geometric between; nil leaves it at ``setPulse``.
  package var lastSetPulse: Pulse?
  /// The same for RESET.
  package var lastResetPulse: Pulse?
  /// Conductances in siemens between which weights are mapped; the largest weight spans them.
  package var window = OperatingPoint.standard.window
  /// Conductances in siemens at which devices are clipped.
  package var conductanceBounds = OperatingPoint.standard.conductanceBounds
  /// Whether the response is interpolated over the logarithm of conductance between bins.
  package var interpolatesResponse = true
  /// Probability that a step pulses a weight, geometric over the run; where significance decides,
  /// that of a weight whose gradient is as large as noise makes it.
  package var updateProbability = Schedule(first: 0.4, last: 0.013)
  /// The same for the discriminator; nil leaves it at ``updateProbability``.
  package var discriminatorUpdateProbability: Schedule?
  /// Factor on ``updateProbability`` in the generator.
  package var generatorUpdateRatio = NetworkPreset.fullyConnected.generatorUpdateRatio
  /// Which weights a step pulses.
  package var sampling = UpdateSampling.significance
  /// Batches whose gradients are summed before the sign is taken; more than one need a counter per
  /// weight, booked at ``PeripheryCosts/counter`` a batch.
  package var accumulatedBatches = 1
  /// Significance of a gradient up to which there is no pulse, in standard deviations of noise.
  package var gradientThreshold = 1.35
  /// Largest weight of the window per generator layer; the last entry serves deeper layers too.
  package var generatorScale = NetworkPreset.fullyConnected.scales.generator
  /// The same for the discriminator.
  package var discriminatorScale = NetworkPreset.fullyConnected.scales.discriminator
  /// The signal that bias lines always carry: a pulse moves a bias by as many times a weight's step.
  package var biasInput = OperatingPoint.standard.biasInput
  /// How weights get onto the devices before the first step.
  package var initial = InitialProgramming.verified
  /// SET pulses, and RESET pulses, that carry every device of a one-fixed or referenced pair to its
  /// symmetry point.
  ///
  /// References are then written to what the devices read there; zero puts references at the window's
  /// centre. A blind start does without.
  package var zeroShiftPulsePairs = 3000
  /// What lines that are not selected are held at while devices are pulsed.
  package var scheme = WriteScheme.half
  /// Whether half-selected devices drift by the model's own tail, outside its calibration; nil lets
  /// them where arrays have wires.
  package var disturbsHalfSelected: Bool?
  /// Steps between refreshes of saturated pairs; SET-only pairing needs it.
  package var refreshInterval = 200
  /// Frozen device-to-device spread of the static characteristic.
  package var staticVariation = true
  /// Frozen device-to-device spread of the pulse response.
  package var pulseVariation = true
  /// Johnson noise of every reading, where the device's model has it.
  package var readNoise = true
  /// Learning rate of proportional updates, on the batch-summed gradient.
  package var rate = 1e-3
  /// Non-idealities of the arrays beside those of the device's model.
  package var nonIdealities = NonIdealities()
  /// Wires of the tiles that arrays are cut into; nil is ideal wires.
  package var wires: TileWires?

  /// The default programming; a calibration's operating point is not in it.
  package init() {}

  /// Shares of devices pulsed at a step of a run, in the generator and in the discriminator.
  package func updateProbabilities(step: Int, of count: Int) -> (
    generator: Double, discriminator: Double
  ) {
    let common = updateProbability.value(step: step, of: count)
    return (
      min(1, common * generatorUpdateRatio),
      discriminatorUpdateProbability?.value(step: step, of: count) ?? common
    )
  }

  /// Whether pulses change from epoch to epoch.
  var schedulesPulses: Bool { lastSetPulse != nil || lastResetPulse != nil }

  /// The pulses of an epoch: amplitudes and widths on geometric courses, held for an epoch each.
  package func pulses(epoch: Int, of count: Int) -> (set: Pulse, reset: Pulse) {
    func pulse(_ first: Pulse, _ last: Pulse?) -> Pulse {
      guard let last else { return first }
      func course(_ first: Double, _ last: Double) -> Double {
        Schedule(first: first, last: last).value(step: epoch, of: count)
      }
      // Whole millivolts, as a driver is set.
      let volts = (course(abs(first.voltage), abs(last.voltage)) * 1000).rounded() / 1000
      return Pulse(
        voltage: first.isSet ? volts : -volts, width: course(first.width, last.width))
    }
    return (pulse(setPulse, lastSetPulse), pulse(resetPulse, lastResetPulse))
  }

  /// Whether half-selected devices drift.
  package var disturbs: Bool { disturbsHalfSelected ?? (wires != nil) }
}

/// How the initial weights are written.
package enum InitialProgramming: String, Sendable, CaseIterable {
  /// Pulse and read until the current at V_read fits.
  case verified = "verify"
  /// The nominal state is set; the device's gain error stays.
  case blind
}

/// A quantity that falls (or rises) geometrically over a run.
package struct Schedule: Equatable, Sendable {
  /// Value at the first step.
  package var first: Double
  /// Value at the last step.
  package var last: Double

  /// A schedule between two positive values; equal ones stay constant.
  package init(first: Double, last: Double) {
    self.first = first
    self.last = last
  }

  /// The value at step k of n: first · (last/first)^(k/(n−1)).
  package func value(step: Int, of count: Int) -> Double {
    guard count > 1, first > 0 else { return first }
    return first * Foundation.pow(last / first, Double(step) / Double(count - 1))
  }
}
