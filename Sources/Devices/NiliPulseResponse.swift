import Foundation

/// The pulse response of the Nili model.
///
/// H. Nili et al., IEEE Trans. Nanotechnol. 19, 344 (2020), Table I. Conductance is divided into
/// bins, each with its coefficients for SET (σ = +1) and RESET (σ = −1). With b the bracket and L
/// the logarithm of the width that ``Form`` defines:
///
///     ΔG = c₀·[σ − tanh b]·[tanh(c₃·V − c₄) + σ]
///     r  = d₀ + d₁·L² + d₂·V·L + d₃·V²·L + d₄·V³
///
/// ΔG is the mean step and r the device-to-device spread relative to it (for RESET it is negative,
/// as ΔG is). A device with frozen deviation z moves by ΔG·(1 + z·r), never against the polarity:
/// see ``PulseResponse/step(z:)``. The sign of ΔG is that of c₀, positive for SET.
///
/// Coefficients jump at the borders of the bins, as in the paper's own Fig. 7;
/// ``LogInterpolatedResponse`` smooths them.
package struct NiliPulseResponse: BinnedPulseModel, Equatable {
  /// How the bracket of Table I is read.
  package enum Form: String, Sendable, CaseIterable {
    /// b = c₁·log₁₀(t/1 ns) − c₂: the reading that gives the paper's figures.
    case figure
    /// b = c₁·(log₁₀(t/1 s) − c₂): as printed, decimal logarithm of seconds.
    case printedLog10Seconds = "printed-log10-s"
    /// b = c₁·(ln(t/1 s) − c₂): as printed, natural logarithm of seconds.
    case printedLnSeconds = "printed-ln-s"
    /// b = c₁·(ln(t/1 ns) − c₂): as printed, natural logarithm of nanoseconds, as in the code
    /// published for arXiv:2111.14484.
    case printedLnNanoseconds = "printed-ln-ns"

    /// L of a width in seconds.
    func logarithm(of width: Double) -> Double {
      switch self {
      case .figure: log10(width * 1e9)
      case .printedLog10Seconds: log10(width)
      case .printedLnSeconds: log(width)
      case .printedLnNanoseconds: log(width * 1e9)
      }
    }

    func bracket(_ c1: Double, _ logarithm: Double, _ c2: Double) -> Double {
      self == .figure ? c1 * logarithm - c2 : c1 * (logarithm - c2)
    }
  }

  /// The coefficients of one bin and polarity.
  package struct Coefficients: Equatable, Sendable {
    /// c₀ in siemens, c₁ and c₂ without unit, c₃ in V⁻¹, c₄ without unit.
    package var c: [Double]
    /// d₀ … d₄, in 1, 1, V⁻¹, V⁻², V⁻³; nil for a response without spread.
    package var d: [Double]?

    /// Creates coefficients from five c and five d.
    package init(c: [Double], d: [Double]?) {
      precondition(c.count == 5 && (d?.count ?? 5) == 5)
      self.c = c
      self.d = d
    }
  }

  /// The coefficients of one polarity.
  package struct Branch: Equatable, Sendable {
    /// One entry per bin, from low to high conductance.
    package var bins: [Coefficients]
    /// Bounds within which r is held, because the fit leaves them in the corners of its range
    /// (r < 0 for weak SET pulses, r > 1 around 50 µS); nil leaves r as the polynomial gives it.
    package var spreadBounds: ClosedRange<Double>?

    /// Coefficients per bin, and bounds for r or nil.
    package init(bins: [Coefficients], spreadBounds: ClosedRange<Double>?) {
      self.bins = bins
      self.spreadBounds = spreadBounds
    }
  }

  /// How the bracket is read.
  package var form: Form
  /// Borders of the bins in siemens, ascending, one more than there are bins.
  ///
  /// A state on a border belongs to the bin above it, a state outside to the nearest bin.
  package let binEdges: [Double]
  /// Coefficients of positive pulses.
  package var set: Branch
  /// Coefficients of negative pulses.
  package var reset: Branch

  /// A response from one entry per bin in both branches; edges are one more and ascending.
  package init(form: Form, binEdges: [Double], set: Branch, reset: Branch) {
    precondition(set.bins.count == binEdges.count - 1 && reset.bins.count == binEdges.count - 1)
    self.form = form
    self.binEdges = binEdges
    self.set = set
    self.reset = reset
  }

  /// Response by the coefficients of the bin that holds the state, in siemens.
  package func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
    response(to: pulse, bin: bin(of: conductance))
  }

  /// Response by the coefficients of one bin; none for a pulse of zero amplitude or width.
  package func response(to pulse: Pulse, bin: Int) -> PulseResponse {
    guard pulse.voltage != 0, pulse.width > 0 else {
      return PulseResponse(meanStep: 0, relativeSpread: 0)
    }
    let branch = pulse.isSet ? set : reset
    let coefficients = branch.bins[bin]
    let logarithm = form.logarithm(of: pulse.width)
    let spread = Self.spread(coefficients.d, pulse.voltage, logarithm)
    let bounded = branch.spreadBounds.map { min(max(spread, $0.lowerBound), $0.upperBound) }
    return PulseResponse(
      meanStep: meanStep(coefficients.c, pulse, logarithm), relativeSpread: bounded ?? spread)
  }

  /// ΔG, with σ − tanh b = 2σ/(1 + e^(2σb)) and tanh v + σ = 2σ/(1 + e^(−2σv)): the same numbers
  /// without the cancellation that swallows steps of weak pulses.
  private func meanStep(_ c: [Double], _ pulse: Pulse, _ logarithm: Double) -> Double {
    let sign: Double = pulse.isSet ? 1 : -1
    let bracket = form.bracket(c[1], logarithm, c[2])
    let drive = c[3] * pulse.voltage - c[4]
    return 4 * c[0] / ((1 + exp(2 * sign * bracket)) * (1 + exp(-2 * sign * drive)))
  }

  private static func spread(_ d: [Double]?, _ voltage: Double, _ logarithm: Double) -> Double {
    guard let d else { return 0 }
    return d[0] + d[1] * logarithm * logarithm + d[2] * voltage * logarithm
      + d[3] * voltage * voltage * logarithm + d[4] * voltage * voltage * voltage
  }
}
