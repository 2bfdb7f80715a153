import Calibration
import Devices
package import Failures
package import Files
package import Mathematics
import Networks

extension TrainingRun {
  /// The trainer of the run, restored when a state is given.
  func trainer(restoring state: TrainerState?) throws(Failure) -> GANTrainer {
    try configuration.trainer(of: calibration, restoring: state, workers: workers)
  }
}

extension RunConfiguration {
  /// The device of the run's arrays, with the pulse response that the run asks for.
  func device(of calibration: Calibration) -> DeviceModel {
    calibration.device(interpolated: plan.program.interpolatesResponse)
  }

  fileprivate func trainer(
    of calibration: Calibration, restoring state: TrainerState?, workers: Workers
  ) throws(Failure) -> GANTrainer {
    let device = device(of: calibration)
    guard let state else {
      return try GANTrainer(plan: plan, device: device, workers: workers)
    }
    return try GANTrainer(plan: plan, device: device, workers: workers, restoring: state)
  }

  /// A trainer of this run's weights on other arrays.
  fileprivate func transferred(
    _ state: TrainerState, of calibration: Calibration, to options: [RunOption], workers: Workers
  ) throws(Failure) -> GANTrainer {
    var target = self
    for setting in Setting.table { try setting.apply(nil, options, to: &target) }
    return try GANTrainer.transferring(
      state, trainedBy: plan, to: target.plan.program.nonIdealities,
      deviceSeed: target.plan.deviceSeed,
      device: device(of: calibration),
      workers: workers)
  }

  /// The configuration of a run to continue.
  ///
  /// Without a configuration file the manifest's configuration is taken; whatever file and options
  /// say must agree with it.
  ///
  /// - Returns: nil when the folder holds no run yet.
  /// - Throws: ``Failure``: `usage` naming every key that differs, `badData` for a damaged manifest.
  package static func continuing(
    _ directory: RunDirectory, file: TOMLDocument?, options: [RunOption]
  ) throws(Failure) -> ResolvedConfiguration? {
    guard directory.has(directory.manifest) else { return nil }
    let manifest = try Manifest(contentsOf: directory.manifest)
    let document = { () throws(Failure) in
      try manifest.configurationDocument(place: directory.manifest)
    }
    let stored = try resolve(file: document())
    // A document remembers what was read of it: each resolution takes a fresh one.
    let requested =
      if let file { try resolve(file: file, options: options) } else {
        try resolve(file: document(), options: options)
      }
    let names = requested.configuration.differences(from: stored.configuration).map { key in
      options.first { "\($0.section).\($0.key)" == key }?.option ?? key
    }
    guard names.isEmpty else {
      throw Failure(
        .usage, at: directory.path,
        "the run was started with other values of \(names.joined(separator: ", "))",
        remedy: "leave them out to continue it, or choose another --out")
    }
    return stored
  }
}

/// A run that has been trained for at least an epoch, for sampling and evaluation.
package struct SavedRun {
  /// What the run was trained with, from its manifest.
  package let configuration: RunConfiguration
  /// Epochs the weights were trained for.
  package let completedEpochs: Int
  private var trainer: GANTrainer

  /// Loads the state at the last checkpoint.
  ///
  /// - Throws: ``Failure``: `noInput` when there is no run or no checkpoint, `badData` for damage or
  ///   a calibration that has changed.
  ///
  /// - Parameter transfer: keys of `imperfections` and the device seed that differ on the arrays
  ///   the trained weights are written to; nil leaves them where they were trained.
  package init(
    _ directory: RunDirectory, transfer: [RunOption]? = nil, workers: Workers
  ) throws(Failure) {
    guard directory.has(directory.path) else {
      throw Failure(.noInput, at: directory.path, "no such run")
    }
    let manifest = try Manifest(contentsOf: directory.manifest)
    let document = try manifest.configurationDocument(place: directory.manifest)
    let resolved = try RunConfiguration.resolve(file: document)
    let (configuration, calibration) = (resolved.configuration, resolved.calibration)
    try manifest.requireUnchanged(calibration: calibration)
    guard directory.has(directory.checkpoint) else {
      throw Failure(
        .noInput, at: directory.checkpoint, "no epoch of the run is done",
        remedy: "continue it with: crossbar-gan train --resume --out \(directory.path)")
    }
    let checkpoint = try Checkpoint(contentsOf: directory.checkpoint)
    guard checkpoint.identity == manifest.identity else {
      throw Failure(
        .badData, at: directory.checkpoint, "belongs to another run than the manifest beside it")
    }
    self.configuration = configuration
    completedEpochs = checkpoint.state.epoch
    if let transfer {
      trainer = try configuration.transferred(
        checkpoint.state, of: calibration, to: transfer, workers: workers)
    } else {
      trainer = try configuration.trainer(
        of: calibration, restoring: checkpoint.state, workers: workers)
    }
  }

  /// Weights that were trained elsewhere, written to arrays as a configuration says.
  ///
  /// - Parameter weights: a safetensors file; its hash is that of the configuration, if it has one.
  /// - Throws: ``Failure`` as resolving a configuration does.
  package init(
    weights: String, file: TOMLDocument?, options: [RunOption], workers: Workers
  ) throws(Failure) {
    let given = try CommandOption.of("weights.initial_file").given(weights)
    let resolved = try RunConfiguration.resolve(file: file, options: options + [given])
    configuration = resolved.configuration
    completedEpochs = 0
    trainer = try configuration.trainer(
      of: resolved.calibration, restoring: nil, workers: workers)
  }

  /// The same weights as a digital network: without noise, curvature and wires of the arrays.
  package var digital: SavedRun {
    get throws(Failure) {
      var copy = self
      copy.trainer = try trainer.digital
      return copy
    }
  }

  /// Weights as single reads find them, named as in PyTorch's `state_dict`, and conductances.
  package var tensors: [Tensor] { get throws(Failure) { try trainer.tensors } }

  /// 28 × 28 bytes per image from the generator; equal state, count and seed give equal bytes.
  package mutating func generate(count: Int, seed: UInt64) throws(Failure) -> [UInt8] {
    try trainer.generate(count: count, seed: seed)
  }
}
