import ArrayOperations
package import Devices
import Failures
import Mathematics
import NoiseSources

extension GANTrainer {
  /// Gradients of one step on the arrays beside those of a digital copy of the weights they hold.
  ///
  /// Both see the same images, latent vectors and input noise; nothing moves. The digital copy holds
  /// what reads of single devices at V_read find, which is what write-and-verify aims at.
  mutating func gradientAgreement(
    pixels: [UInt8], chosen: ArraySlice<Int>, probe: UInt64
  ) throws(Failure) -> GradientAgreement {
    var source = try plan.sampleNoise(seed: plan.seed, device: device)
    source.restart(at: probe)
    var latent = Matrix(rows: plan.networks.generator.input.units, columns: plan.batch)
    var ledger = EnergyLedger()
    try source.fill(&latent, ledger: &ledger)
    let weights = engine.weights
    var copy = try plan.training(noise: source) { (layer) throws(Failure) in
      UnrolledLayer(
        DigitalLayer(
          weights: weights[layer.role.description] ?? layer.weights, optimizer: plan.optimizer),
        as: layer.placed)
    }
    func context() -> StepContext {
      var context = StepContext(workers: workers)
      // Steps of training stay far below; draws of sampling and wires have higher bits.
      context.step = 1 << 48 | probe
      context.draw = 1 << 61 | probe << 16
      context.isTraining = false
      return context
    }
    var (arrays, digital) = (context(), context())
    let found = try engine.gradients(latent: latent, real: pixels, chosen: chosen, &arrays)
    let expected = try copy.gradients(latent: latent, real: pixels, chosen: chosen, &digital)
    var agreement = GradientAgreement()
    for (index, layer) in engine.trainedLayers.enumerated() {
      agreement.compare(found[index], with: expected[index], layer: layer)
    }
    return agreement
  }
}

/// What makes gradients on arrays differ from digital ones; each can be taken away.
package enum GradientDisturbance: String, CaseIterable, Sendable {
  /// The frozen spread of current–voltage characteristics.
  case staticVariation = "static variation"
  /// The frozen spread of pulse responses.
  case pulseVariation = "pulse variation"
  /// Noise of reads.
  case readNoise = "read noise"
  /// The curvature of current–voltage characteristics.
  case nonlinearity
  /// Resistance of the wires.
  case wires
  /// Drift of half-selected devices.
  case halfSelect = "half-select drift"

  /// Whether a plan on crossbars has the disturbance.
  package func isPresent(in plan: TrainingPlan) -> Bool {
    switch self {
    case .staticVariation: plan.program.staticVariation
    case .pulseVariation: plan.program.pulseVariation
    case .readNoise: plan.program.readNoise
    case .nonlinearity: true
    case .wires: plan.program.wires != nil
    case .halfSelect: plan.program.disturbs
    }
  }

  /// Takes the disturbance out of a plan and its device.
  package func remove(from plan: inout TrainingPlan, _ device: inout DeviceModel) {
    switch self {
    case .staticVariation: plan.program.staticVariation = false
    case .pulseVariation: plan.program.pulseVariation = false
    case .readNoise: plan.program.readNoise = false
    case .nonlinearity:
      device.staticModel = LinearizedStatic(device.staticModel, voltage: plan.read.voltage)
    case .wires: plan.program.wires = nil
    case .halfSelect: plan.program.disturbsHalfSelected = false
    }
  }
}
