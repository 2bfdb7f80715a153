import Mathematics

/// Switches in the lines behind layers that open at random in training.
///
/// An open switch leaves its line at 0 V. Signals that pass are not scaled up; when samples are
/// drawn all switches are closed and the line's amplifier is set to the share that training let pass.
struct DropoutSwitches {
  /// Share of open switches per layer; nil where there are none.
  private var probabilities: [Double?] = []
  private var stream: RandomStream?

  init() {}

  init(probabilities: [Double?], seed: UInt64, name: String) {
    self.probabilities = probabilities
    stream = RandomStream(seed: seed, name: name + "/dropout")
  }

  func isPresent(behind layer: Int) -> Bool { probability(behind: layer) > 0 }

  private func probability(behind layer: Int) -> Double {
    layer < probabilities.count ? probabilities[layer] ?? 0 : 0
  }

  /// Opens switches anew and takes the signals of opened lines away.
  func forward(
    _ output: inout Matrix, behind layer: Int, switches: inout Matrix, _ context: StepContext
  ) {
    let probability = Float(probability(behind: layer))
    guard probability > 0, let stream else { return }
    guard context.isTraining else {
      return output.elements.withUnsafeMutableBufferPointer {
        BufferKernels.scaleInPlace($0, by: 1 - probability)
      }
    }
    for index in switches.elements.indices {
      // The draw names the read that has just been done: unique per layer, pass and step.
      let isOpen = stream.uniform(at: index, substream: context.draw) < probability
      switches.elements[index] = isOpen ? 0 : 1
      if isOpen { output.elements[index] = 0 }
    }
  }

  /// Open lines carry nothing back either.
  func backward(_ delta: inout Matrix, switches: Matrix) {
    for index in switches.elements.indices { delta.elements[index] *= switches.elements[index] }
  }
}
