package import Crossbars
package import Devices
package import Failures
package import Mathematics

extension GANTrainer {
  /// A trainer whose trained weights have been written, blind, to arrays with other non-idealities.
  ///
  /// Train ideal, then transfer: of arrays every conductance is the target of a write, of a digital
  /// twin every weight, the largest of a layer spanning the window. Targets go to the nearest level
  /// where there are levels; a write misses its target by the write variability.
  ///
  /// - Parameters:
  ///   - plan: the plan that trained `state`.
  ///   - nonIdealities: non-idealities of the arrays written to.
  ///   - deviceSeed: which chip is written to.
  package static func transferring(
    _ state: TrainerState, trainedBy plan: TrainingPlan, to nonIdealities: NonIdealities,
    deviceSeed: UInt64, device: DeviceModel, workers: Workers
  ) throws(Failure) -> GANTrainer {
    var target = plan
    target.program.nonIdealities = nonIdealities
    target.deviceSeed = deviceSeed
    target.backend = .crossbar
    try target.validate()
    var conductances = state
    if plan.backend == .digital {
      conductances = try target.mapOntoDevices(state)
    }
    for index in conductances.arrays.indices {
      target.writeBlind(&conductances.arrays[index], array: index)
    }
    return try GANTrainer(plan: target, device: device, workers: workers, restoring: conductances)
  }
}

extension TrainingPlan {
  /// Conductances of pairs that hold a digital twin's weights; sets the scales they are read with.
  fileprivate mutating func mapOntoDevices(_ state: TrainerState) throws(Failure) -> TrainerState {
    var arrays: [TrainerState.NamedArray] = []
    guard program.pairing != .singleWithSign else {
      throw Failure(
        .usage, at: "weights.pairing",
        "weights of a digital twin are transferred to pairs of devices only")
    }
    let isOneSided = program.pairing == .oneFixed
    let suffix = ".weights"
    let centre = arrayConditions.centre
    let width = program.window.upperBound - program.window.lowerBound
    var scales: [String: [Double]] = ["generator": [], "discriminator": []]
    let pools = try untrainedLayers()
    for array in state.arrays where array.name.hasSuffix(suffix) {
      let name = String(array.name.dropLast(suffix.count))
      let largest = array.values.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
      if !pools.contains(name), let network = name.split(separator: ".").first {
        scales[String(network), default: []].append(Double(largest) * (isOneSided ? 2 : 1))
      }
      let half = array.values.map { Double($0) / Double(largest) * width / 2 }
      arrays.append(
        .init(name: name + ".plus", shape: array.shape, values: half.map { Float(centre + $0) }))
      arrays.append(
        .init(
          name: name + ".minus", shape: array.shape,
          values: half.map { Float(isOneSided ? centre : centre - $0) }))
      if program.pairing == .referencedPair {
        // Ideal weights need no zero of their own.
        for polarity in ["plus", "minus"] {
          let values = [Float](repeating: Float(centre), count: array.values.count)
          arrays.append(
            .init(name: "\(name).reference-\(polarity)", shape: array.shape, values: values))
        }
      }
    }
    // A twin's bias is the weight of a signal of one.
    program.biasInput = 1
    program.generatorScale = scales["generator"] ?? []
    program.discriminatorScale = scales["discriminator"] ?? []
    return TrainerState(epoch: state.epoch, arrays: arrays)
  }

  /// Names of the layers that are not trained.
  private func untrainedLayers() throws(Failure) -> Set<String> {
    var names: Set<String> = []
    for (name, network) in [
      ("generator", networks.generator), ("discriminator", networks.discriminator),
    ] {
      for (index, layer) in try network.placed(at: "networks.\(name)").enumerated()
      where !layer.description.isTrained { names.insert("\(name).\(index)") }
    }
    return names
  }

  /// Rounds targets to levels and lets writes miss them.
  fileprivate func writeBlind(_ array: inout TrainerState.NamedArray, array index: Int) {
    let nonIdealities = program.nonIdealities
    guard nonIdealities.levels > 0 || nonIdealities.writeVariability > 0 else { return }
    let stream = RandomStream(seed: deviceSeed, name: "transfer/\(array.name)")
    for device in array.values.indices {
      var value = nonIdealities.nearestLevel(Double(array.values[device]), in: program.window)
      if nonIdealities.writeVariability > 0 {
        value *=
          1 + nonIdealities.writeVariability * Double(stream.gaussian(at: device, substream: 0))
      }
      array.values[device] = Float(
        min(max(value, program.conductanceBounds.lowerBound), program.conductanceBounds.upperBound))
    }
  }
}
