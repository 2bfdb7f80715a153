/// The static current–voltage characteristic of a device as a function of its programmed state.
///
/// A model gives its expansion coefficients per state; current, chord conductance and slope follow
/// from them, so that a model has one definition and every solver reads the same one. Device-to-
/// device variation enters linearly through one frozen standard normal number z per device:
/// aₖ(G, z) = meanₖ(G) + z · deviationₖ(G), with z restricted as ``StaticCoefficients`` says.
package protocol StaticModel: Sendable {
  /// The functions φₖ of the expansion, the same in every state.
  var basis: [BasisFunction] { get }

  /// Coefficients at a programmed conductance (S) and a temperature (K).
  func coefficients(conductance: Double, temperature: Double) -> StaticCoefficients

  /// Current in amperes of the mean device by the model's own formula, where the expansion only
  /// approximates it; see ``ExpansionError``.
  func definedCurrent(conductance: Double, voltage: Double, temperature: Double) -> Double
}

/// Expansion coefficients of one state.
package struct StaticCoefficients: Equatable, Sendable {
  /// Coefficients of the mean device, one per basis function.
  package var mean: [Double]
  /// Change of each coefficient per unit of z.
  package var deviation: [Double]
  /// Values of z that keep the device monotone (dI/dV ≥ 0) over the static voltage range; the model
  /// is extrapolated outside, so a device beyond is held at the border.
  package var admissible: ClosedRange<Double>

  /// Coefficients with their spread, one of each per basis function.
  package init(mean: [Double], deviation: [Double], admissible: ClosedRange<Double>) {
    self.mean = mean
    self.deviation = deviation
    self.admissible = admissible
  }

  /// The coefficients of a device with frozen deviation z.
  package func values(z: Double) -> [Double] {
    let z = min(max(z, admissible.lowerBound), admissible.upperBound)
    return zip(mean, deviation).map { $0 + z * $1 }
  }
}

extension StaticModel {
  /// The expansion is the formula unless a model says otherwise.
  package func definedCurrent(
    conductance: Double, voltage: Double, temperature: Double
  ) -> Double {
    current(conductance: conductance, voltage: voltage, temperature: temperature)
  }

  /// Current in amperes of a device with frozen deviation z at a voltage.
  package func current(
    conductance: Double, voltage: Double, temperature: Double, z: Double = 0
  ) -> Double {
    sum(conductance, temperature, z) { $0.value(at: voltage) }
  }

  /// Chord conductance I/V in siemens, continued to V = 0.
  package func chordConductance(
    conductance: Double, voltage: Double, temperature: Double, z: Double = 0
  ) -> Double {
    sum(conductance, temperature, z) { $0.chord(at: voltage) }
  }

  /// Differential conductance dI/dV in siemens.
  package func differentialConductance(
    conductance: Double, voltage: Double, temperature: Double, z: Double = 0
  ) -> Double {
    sum(conductance, temperature, z) { $0.derivative(at: voltage) }
  }

  private func sum(
    _ conductance: Double, _ temperature: Double, _ z: Double, _ term: (BasisFunction) -> Double
  ) -> Double {
    let values = coefficients(conductance: conductance, temperature: temperature).values(z: z)
    return zip(values, basis).reduce(0) { $0 + $1.0 * term($1.1) }
  }
}
