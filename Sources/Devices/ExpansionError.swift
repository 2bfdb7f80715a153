import Failures
import Foundation
import Mathematics

/// How far the terms with which a static model is simulated are from the current that defines it.
///
/// Evaluated as arrays evaluate it: coefficients from a ``StaticTable``, functions in single
/// precision, so that the error holds the expansion, the table and rounding together.
package struct ExpansionError: Equatable, Sendable {
  /// Largest |I/I_defined − 1| of the mean device; infinite where a current is not finite.
  package private(set) var largest = 0.0
  /// Where it is: siemens.
  package private(set) var conductance: Double
  /// Volts.
  package private(set) var voltage: Double
  /// Kelvin.
  package private(set) var temperature: Double

  /// Largest error with which a calibration is accepted.
  package static let limit = 0.005

  private static let voltageSteps = 24
  private static let statesPerOctave = 8.0
  /// Currents below this share of the sum of their terms' magnitudes are differences that single
  /// precision does not hold.
  private static let cancellation = 1e-5
  /// Currents below this are no currents, in amperes.
  private static let negligible = 1e-30

  /// The error over all states and voltages of a model.
  ///
  /// - Parameters:
  ///   - conductances: siemens.
  ///   - voltage: volts, of either sign.
  ///   - temperatures: kelvin.
  package init(
    of model: any StaticModel, conductances: ClosedRange<Double>, voltage: Double,
    temperatures: [Double]
  ) {
    conductance = conductances.lowerBound
    self.voltage = voltage
    temperature = temperatures.first ?? 0
    let voltages = (1...Self.voltageSteps).map {
      Float(voltage * Double($0) / Double(Self.voltageSteps))
    }
    let values = model.basis.map { Self.values(of: $0, at: voltages) }
    for temperature in temperatures {
      let table = StaticTable(
        model, range: conductances, temperature: temperature, spread: false)
      for state in Self.states(conductances) {
        take(model, table, state: state, voltages, values, temperature: temperature)
      }
    }
  }

  private mutating func take(
    _ model: any StaticModel, _ table: StaticTable, state: Float, _ voltages: [Float],
    _ values: [[Float]], temperature: Double
  ) {
    var weights = [Float](repeating: 0, count: values.count)
    weights.withUnsafeMutableBufferPointer { target in
      guard let target = target.baseAddress else { return }
      table.coefficients(at: state, z: 0, into: target)
    }
    for (place, voltage) in voltages.enumerated() {
      var (current, magnitude): (Float, Float) = (0, 0)
      for (weight, values) in zip(weights, values) {
        current += weight * values[place]
        magnitude += abs(weight * values[place])
      }
      let defined = model.definedCurrent(
        conductance: Double(state), voltage: Double(voltage), temperature: temperature)
      let isFinite = current.isFinite && defined.isFinite
      if isFinite, abs(defined) <= max(Self.negligible, Self.cancellation * Double(magnitude)) {
        continue
      }
      let error = isFinite ? abs(Double(current) / defined - 1) : .infinity
      guard error > largest else { continue }
      largest = error
      (conductance, self.voltage) = (Double(state), Double(voltage))
      self.temperature = temperature
    }
  }

  private static func values(of function: BasisFunction, at voltages: [Float]) -> [Float] {
    var values = voltages
    voltages.withUnsafeBufferPointer { source in
      values.withUnsafeMutableBufferPointer { function.values(of: source, into: $0) }
    }
    return values
  }

  /// States from one end to the other, evenly in logarithm.
  private static func states(_ range: ClosedRange<Double>) -> [Float] {
    let octaves = max(0, log2(range.upperBound / range.lowerBound))
    let count = Int(clamping: octaves * statesPerOctave, rule: .up, to: 1...256)
    return (0...count).map {
      Float(range.lowerBound * exp2(octaves * Double($0) / Double(count)))
    }
  }
}
