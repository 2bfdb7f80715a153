public import Crossbars
public import Devices
import Foundation

/// Everything that decides what a training run computes; resolved, validated, SI units.
///
/// Two runs with equal plans and equal data give the same bits. Where and how fast a run happens
/// (folder, threads, progress) is not part of it.
public struct TrainingPlan: Equatable, Sendable {
  public var networks = NetworkPlan()
  public var backend = Backend.crossbar
  public var optimizer = DigitalOptimizer.adam()
  public var epochs = 10
  public var batch = 64
  /// Decides noise, shuffling, initial weights and pulse choice.
  public var seed: UInt64 = 1
  /// Decides the frozen variation of every device: which chip this is.
  public var deviceSeed: UInt64 = 1
  public var noise = NoisePlan()
  /// Standard deviation of Gaussian noise added to the discriminator's inputs.
  public var inputNoise = 0.3
  public var read = ReadOperation()
  public var program = ProgrammingPlan()

  public init() {}
}

/// What multiplies and what learns.
public enum Backend: String, Sendable, CaseIterable {
  /// Simulated crossbars, sign-only pulses.
  case crossbar
  /// The digital twin: the same network in 32-bit floating point.
  case digital
}

/// Sizes and activations of the two networks.
public struct NetworkPlan: Equatable, Sendable {
  /// Units per layer, from the latent vector to the image.
  public var generator = [100, 128, 784]
  /// Units per layer, from the image to one logit.
  public var discriminator = [784, 128, 1]
  /// Slope of the leaky rectifier below zero, in hidden layers.
  public var generatorSlope: Float = 0.2
  public var discriminatorSlope: Float = 0.2

  public init() {}
}

/// Update rule of the digital twin.
public enum DigitalOptimizer: Equatable, Sendable {
  case adam(rate: Float = 2e-4, beta1: Float = 0.5, beta2: Float = 0.999)
  /// Plain gradient descent on the batch-summed loss.
  case sgd(rate: Float = 1e-3)
}

/// How weights live on devices and how pulses move them.
public struct ProgrammingPlan: Equatable, Sendable {
  public var pairing = Pairing.twoSided
  public var rule = UpdateRule.batch
  public var setPulse = Pulse(voltage: 0.8, width: 1e-7)
  public var resetPulse = Pulse(voltage: -0.9, width: 1e-7)
  /// Conductances between which weights are mapped; a pair that spans it has the largest weight.
  public var window: ClosedRange<Double> = 30e-6...100e-6
  /// Conductances at which devices are clipped.
  public var clip: ClosedRange<Double> = 3.2e-6...315e-6
  /// Whether the response is interpolated over the logarithm of conductance between bins.
  public var interpolatesResponse = true
  /// Random share of the devices pulsed per step, falling geometrically over the run.
  public var share = Schedule(first: 0.3, last: 0.003)
  /// Largest weight of the window per layer; the last entry serves deeper layers too.
  public var generatorScale: [Double] = [2, 1]
  public var discriminatorScale: [Double] = [1, 0.1]
  public var initial = InitialProgramming.verified
  /// Whether half-selected devices drift by the model's own tail at V/2, outside its calibration.
  public var disturbsHalfSelected = false
  /// Steps between refreshes of saturated pairs; SET-only pairing needs it.
  public var refreshInterval = 200
  /// Frozen device-to-device spread of the static characteristic.
  public var staticVariation = true
  /// Frozen device-to-device spread of the pulse response.
  public var pulseVariation = true
  public var readNoise = true
  /// Wires of the tiles that arrays are cut into; nil is ideal wires.
  public var wires: TileWires?

  public init() {}
}

/// When the sign of the gradient is taken.
public enum UpdateRule: String, Sendable, CaseIterable {
  /// Sign of the batch-summed gradient, one word line at a time.
  case batch
  /// sign(δ) · sign(x) of every sample, four phases for a whole layer.
  case perSample = "per-sample"
}

/// How the initial weights are written.
public enum InitialProgramming: String, Sendable, CaseIterable {
  /// Pulse and read until the current at V_read fits.
  case verified = "verify"
  /// The nominal state is set; the device's gain error stays.
  case blind
}

/// A quantity that falls (or rises) geometrically over a run.
public struct Schedule: Equatable, Sendable {
  public var first: Double
  public var last: Double

  public init(first: Double, last: Double) {
    self.first = first
    self.last = last
  }

  /// The value at step k of n: first · (last/first)^(k/(n−1)).
  public func value(step: Int, of count: Int) -> Double {
    guard count > 1, first > 0 else { return first }
    return first * Foundation.pow(last / first, Double(step) / Double(count - 1))
  }
}
