import Foundation

/// Steps that shrink towards a bound of conductance, for one pulse of each polarity.
///
///     SET:    ΔG =  step·((G_max − G)/(G_max − G_min))^n
///     RESET:  ΔG = −step·((G − G_min)/(G_max − G_min))^n
///
/// n = 1 are soft bounds (exponential saturation), n = 0 is linear, anything else a power law.
/// Measured with one amplitude and width per polarity, it says nothing of others: a pulse weaker
/// than `threshold` does nothing, any other is taken as the measured one.
package struct SoftBoundsResponse: PulseModel, Equatable {
  /// Parameters of one polarity.
  package struct Branch: Equatable, Sendable {
    /// Step at the far end of the range in siemens, > 0.
    package var step: Double
    /// n.
    package var exponent: Double
    /// Device-to-device deviation of the step relative to its mean.
    package var spread: Double

    package init(step: Double, exponent: Double, spread: Double) {
      self.step = step
      self.exponent = exponent
      self.spread = spread
    }
  }

  /// G_min … G_max in siemens.
  package var bounds: ClosedRange<Double>
  package var set: Branch
  package var reset: Branch
  /// The smallest amplitude |V| in volts that has an effect.
  package var threshold: Double

  package init(bounds: ClosedRange<Double>, set: Branch, reset: Branch, threshold: Double) {
    self.bounds = bounds
    self.set = set
    self.reset = reset
    self.threshold = threshold
  }

  package func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
    guard abs(pulse.voltage) >= threshold, pulse.voltage != 0 else {
      return PulseResponse(meanStep: 0, relativeSpread: 0)
    }
    let branch = pulse.isSet ? set : reset
    let width = bounds.upperBound - bounds.lowerBound
    let room =
      pulse.isSet ? bounds.upperBound - conductance : conductance - bounds.lowerBound
    let fraction = min(1, max(0, room / width))
    let factor = branch.exponent == 0 ? (fraction > 0 ? 1 : 0) : pow(fraction, branch.exponent)
    return PulseResponse(
      meanStep: (pulse.isSet ? 1 : -1) * branch.step * factor, relativeSpread: branch.spread)
  }
}

/// Steps given at nodes of conductance and linear between them, for one pulse of each polarity.
package struct PiecewiseResponse: PulseModel, Equatable {
  /// Ascending conductances in siemens.
  package var nodes: [Double]
  /// Steps per SET pulse at the nodes, ≥ 0.
  package var setSteps: [Double]
  /// Steps per RESET pulse at the nodes, ≤ 0.
  package var resetSteps: [Double]
  /// Relative device-to-device deviation of SET and RESET steps.
  package var spreads: (set: Double, reset: Double)
  /// The smallest amplitude |V| in volts that has an effect.
  package var threshold: Double

  package init(
    nodes: [Double], setSteps: [Double], resetSteps: [Double],
    spreads: (set: Double, reset: Double),
    threshold: Double
  ) {
    precondition(nodes.count == setSteps.count && nodes.count == resetSteps.count)
    self.nodes = nodes
    self.setSteps = setSteps
    self.resetSteps = resetSteps
    self.spreads = spreads
    self.threshold = threshold
  }

  package static func == (a: Self, b: Self) -> Bool {
    a.nodes == b.nodes && a.setSteps == b.setSteps && a.resetSteps == b.resetSteps
      && a.spreads == b.spreads && a.threshold == b.threshold
  }

  package func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
    guard abs(pulse.voltage) >= threshold, pulse.voltage != 0 else {
      return PulseResponse(meanStep: 0, relativeSpread: 0)
    }
    let steps = pulse.isSet ? setSteps : resetSteps
    let spread = pulse.isSet ? spreads.set : spreads.reset
    guard let upper = nodes.firstIndex(where: { conductance < $0 }) else {
      return PulseResponse(meanStep: steps[steps.count - 1], relativeSpread: spread)
    }
    guard upper > 0 else { return PulseResponse(meanStep: steps[0], relativeSpread: spread) }
    let fraction = (conductance - nodes[upper - 1]) / (nodes[upper] - nodes[upper - 1])
    return PulseResponse(
      meanStep: steps[upper - 1] + fraction * (steps[upper] - steps[upper - 1]),
      relativeSpread: spread)
  }
}
