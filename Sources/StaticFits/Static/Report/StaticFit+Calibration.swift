import Devices
import Files
package import FitResults
package import Statistics

extension StaticFit {
  /// Puts the fit into a draft: the static section, its limits, and the spread between devices.
  ///
  /// - Parameter source: what the numbers come from, such as `fit iv of iv.csv`.
  package func enter(_ draft: inout CalibrationDraft, source: String) {
    draft.removeSection("static")
    draft.set("static.model", word: form.rawValue)
    for parameter in report.parameters {
      if parameter.name == "spread", !knowsStates {
        draft.set(
          "static.spread", 0, unit: parameter.unit,
          source: "choice: states are the sweeps' own chords, which hold the devices' differences")
        continue
      }
      draft.set(
        "static.\(parameter.name)", parameter.value, unit: parameter.unit,
        source: Self.source(of: parameter, source))
    }
    switch form {
    case .powerLaw, .asymmetricPower, .fowlerNordheim:
      draft.set(
        "static.reference_voltage", reference.voltage, unit: "V", source: "choice: half the range")
    case .schottky:
      draft.set(
        "static.thermal_voltage", reference.thermalVoltage, unit: "V",
        source: "k_B T / e at the measured temperature")
    case .sinhState:
      draft.set(
        "static.reference_conductance", reference.conductance, unit: "S",
        source: "choice: centre of the measured range")
    default: break
    }
    let range = [conductance.lowerBound, conductance.upperBound]
    draft.set("limits.conductance", range, unit: "S", source: source, range: 1e-15...10)
    draft.set(
      "limits.static_conductance_warning", conductance.upperBound, unit: "S", source: source,
      range: 1e-15...10)
    draft.set("limits.read_voltage", readVoltage, unit: "V", source: source, range: 0...1000)
    draft.set(
      "limits.temperature", [temperature.lowerBound, temperature.upperBound], unit: "°C",
      source: source, range: -273...2000)
    draft.set(
      "operation.conductance_bounds", range, unit: "S", source: "choice: all of limits.conductance")
    draft.set("operation.window", range, unit: "S", source: "choice: all of limits.conductance")
  }

  /// The source of a parameter with its error, or that the data leave it open.
  package static func source(of parameter: FittedParameter, _ source: String) -> String {
    guard parameter.standardError.isFinite else { return "\(source); not determined by it" }
    let error = NumberText.short(parameter.standardError)
    return "\(source); standard error \(error)"
      + (parameter.isDetermined ? "" : ", not determined to 20 %")
  }
}
