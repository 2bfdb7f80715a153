import Foundation

/// A SET and a RESET pulse that training uses against one another.
package struct PulsePair: Equatable, Sendable {
  /// Raises conductance.
  package var set: Pulse
  /// Lowers conductance.
  package var reset: Pulse

  /// A pair from its pulses, of either sign.
  package init(set: Pulse, reset: Pulse) {
    self.set = set
    self.reset = reset
  }
}

/// How a pulse pair moves the mean device through a window of conductances.
package struct PulsePairSteps: Equatable, Sendable {
  /// Conductance in siemens towards which equal numbers of both pulses drive a device: where their
  /// mean steps cancel, within the window or beyond it; nil when they cancel nowhere in the range.
  package var symmetryPoint: Double?
  /// Smallest and largest mean SET step within the window, in siemens.
  package var setSteps: ClosedRange<Double>
  /// The same of |RESET| steps.
  package var resetSteps: ClosedRange<Double>
  /// Pulses that carry the mean device across the window, up and down: ∫ dG / |ΔG|.
  package var pulsesUp: Double
  package var pulsesDown: Double
  /// Root mean square of ln(SET step / |RESET| step) over ln G: zero for a balanced pair.
  package var imbalance: Double
}

extension PulseModel {
  /// States, evenly spaced in ln G, at which steps within a window are taken.
  private static var samples: Int { 61 }

  /// Steps of a pulse pair within a window.
  ///
  /// - Parameters:
  ///   - window: conductances in siemens, lower below upper.
  ///   - range: conductances within which a symmetry point is looked for.
  package func steps(
    of pair: PulsePair, window: ClosedRange<Double>, range: ClosedRange<Double>
  ) -> PulsePairSteps {
    let width = log(window.upperBound / window.lowerBound)
    var (set, reset): ([Double], [Double]) = ([], [])
    var (up, down, squares) = (0.0, 0.0, 0.0)
    for sample in 0..<Self.samples {
      let fraction = Double(sample) / Double(Self.samples - 1)
      let conductance = window.lowerBound * exp(width * fraction)
      // Steps of nothing would make every measure infinite; a step of 1 aS is nothing enough.
      let raise = max(1e-18, response(to: pair.set, conductance: conductance).meanStep)
      let lower = max(1e-18, -response(to: pair.reset, conductance: conductance).meanStep)
      set.append(raise)
      reset.append(lower)
      // Trapezoids over ln G: dG = G d(ln G).
      let weight = sample == 0 || sample == Self.samples - 1 ? 0.5 : 1
      up += weight * conductance / raise
      down += weight * conductance / lower
      squares += weight * pow(log(raise / lower), 2)
    }
    let step = width / Double(Self.samples - 1)
    return PulsePairSteps(
      symmetryPoint: symmetryPoint(of: pair, range: range),
      setSteps: (set.min() ?? 0)...(set.max() ?? 0),
      resetSteps: (reset.min() ?? 0)...(reset.max() ?? 0), pulsesUp: up * step,
      pulsesDown: down * step,
      imbalance: (squares / Double(Self.samples - 1)).squareRoot())
  }

  /// The lowest conductance within a range at which SET outweighs RESET below and RESET above.
  private func symmetryPoint(of pair: PulsePair, range: ClosedRange<Double>) -> Double? {
    func drift(_ conductance: Double) -> Double {
      response(to: pair.set, conductance: conductance).meanStep
        + response(to: pair.reset, conductance: conductance).meanStep
    }
    let count = 400
    let ratio = pow(range.upperBound / range.lowerBound, 1 / Double(count))
    var low = range.lowerBound
    for _ in 0..<count {
      var (left, right) = (low, min(low * ratio, range.upperBound))
      defer { low *= ratio }
      guard drift(left) > 0, drift(right) <= 0 else { continue }
      for _ in 0..<60 {
        let middle = (left * right).squareRoot()
        if drift(middle) > 0 { left = middle } else { right = middle }
      }
      return (left * right).squareRoot()
    }
    return nil
  }
}
