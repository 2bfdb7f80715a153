package import Calibration
import Devices
import Foundation

/// Two calibrations side by side: parameters with their standard errors, and what they predict.
package struct CalibrationComparison: Sendable {
  /// A number of both files, or of one.
  package struct Entry: Sendable {
    package var key: String
    package var unit: String
    package var values: (a: Double?, b: Double?)
    package var errors: (a: Double?, b: Double?)

    /// |a − b| in standard errors of the difference; nil where neither file states one.
    package var sigmas: Double? {
      guard let a = values.a, let b = values.b else { return nil }
      let variance = [errors.a, errors.b].compactMap { $0 }.reduce(0) { $0 + $1 * $1 }
      return variance > 0 ? abs(a - b) / variance.squareRoot() : nil
    }

    /// (b − a) / a, nil where a is zero or absent.
    package var relativeDifference: Double? {
      guard let a = values.a, let b = values.b, a != 0 else { return nil }
      return (b - a) / abs(a)
    }
  }

  /// What both predict at one point: a current in amperes or a step in siemens.
  package struct Prediction: Sendable {
    package var conductance: Double
    package var voltage: Double
    /// Seconds; nil for a read.
    package var width: Double?
    package var a: Double
    package var b: Double
    /// |b − a| over the larger magnitude.
    package var relativeDifference: Double {
      let scale = max(abs(a), abs(b))
      return scale > 0 ? abs(b - a) / scale : 0
    }
  }

  package let entries: [Entry]
  /// Words, such as the model, that differ.
  package let words: [(key: String, a: String?, b: String?)]
  package private(set) var currents: [Prediction] = []
  package private(set) var steps: [Prediction] = []
  /// Why there are no predictions, plainly.
  package private(set) var notes: [String] = []

  package init(_ a: Calibration, _ b: Calibration) {
    entries = Self.entries(a.parameters, b.parameters)
    let keys = a.settings.map(\.key) + b.settings.map(\.key)
    var seen = Set<String>()
    words = keys.compactMap { key in
      guard seen.insert(key).inserted else { return nil }
      let first = a.settings.first { $0.key == key }?.value
      let second = b.settings.first { $0.key == key }?.value
      return first == second ? nil : (key, first, second)
    }
    predict(a.device, b.device)
  }

  private static func entries(_ a: [Parameter], _ b: [Parameter]) -> [Entry] {
    let keys = a.map(\.key) + b.map(\.key)
    var seen = Set<String>()
    return keys.filter { seen.insert($0).inserted }.flatMap { key -> [Entry] in
      let first = a.first { $0.key == key }
      let second = b.first { $0.key == key }
      let count = max(first?.values.count ?? 0, second?.values.count ?? 0)
      return (0..<count).map { k in
        func value(_ parameter: Parameter?) -> Double? {
          parameter.flatMap { k < $0.values.count ? $0.values[k] : nil }
        }
        return Entry(
          key: count > 1 ? "\(key)[\(k)]" : key, unit: (first ?? second)?.unit ?? "",
          values: (value(first), value(second)),
          errors: (first.flatMap(standardError), second.flatMap(standardError)))
      }
    }
  }

  /// The error that a fit has written into the source of its parameter.
  static func standardError(of parameter: Parameter) -> Double? {
    guard parameter.values.count == 1,
      let mark = parameter.source.range(of: "standard error ")
    else { return nil }
    let text = parameter.source[mark.upperBound...].prefix { "0123456789.eE+-".contains($0) }
    return Double(text).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  /// Currents and mean steps on a grid over what both were measured in.
  private mutating func predict(_ a: DeviceModel, _ b: DeviceModel) {
    guard let states = Self.overlap(a.limits.conductance, b.limits.conductance),
      let temperatures = Self.overlap(a.limits.temperature, b.limits.temperature)
    else {
      notes.append("the ranges of conductance or temperature have nothing in common")
      return
    }
    let temperature = min(max(298.15, temperatures.lowerBound), temperatures.upperBound)
    let readVoltage = min(a.limits.readVoltage, b.limits.readVoltage)
    for conductance in Self.grid(states) {
      for share in [-1, -0.5, -0.25, 0.25, 0.5, 1] {
        let voltage = share * readVoltage
        func current(_ device: DeviceModel) -> Double {
          device.staticModel.current(
            conductance: conductance, voltage: voltage, temperature: temperature)
        }
        currents.append(
          Prediction(
            conductance: conductance, voltage: voltage, a: current(a), b: current(b)))
      }
    }
    guard let widths = Self.overlap(a.limits.pulseWidth, b.limits.pulseWidth) else {
      notes.append("the ranges of pulse width have nothing in common: no steps are compared")
      return
    }
    let width = (widths.lowerBound * widths.upperBound).squareRoot()
    let polarities = [
      Self.overlap(a.limits.setVoltage, b.limits.setVoltage),
      Self.overlap(a.limits.resetVoltage, b.limits.resetVoltage),
    ].compactMap { $0 }
    if polarities.count < 2 {
      notes.append("the ranges of SET or RESET voltage have nothing in common")
    }
    for range in polarities {
      let pulse = Pulse(voltage: (range.lowerBound + range.upperBound) / 2, width: width)
      for conductance in Self.grid(states) {
        func step(_ device: DeviceModel) -> Double {
          let path = device.meanTrajectory(from: conductance, pulse: pulse, count: 1)
          return (path.last ?? conductance) - conductance
        }
        steps.append(
          Prediction(
            conductance: conductance, voltage: pulse.voltage, width: width, a: step(a), b: step(b)))
      }
    }
  }

  private static func overlap(
    _ a: ClosedRange<Double>, _ b: ClosedRange<Double>
  ) -> ClosedRange<Double>? {
    a.overlaps(b) ? a.clamped(to: b) : nil
  }

  /// Five logarithmically spaced states.
  private static func grid(_ range: ClosedRange<Double>) -> [Double] {
    let (low, high) = (log(range.lowerBound), log(range.upperBound))
    // The ends are kept inside whatever rounding does.
    return (0..<5).map {
      min(max(exp(low + (high - low) * Double($0) / 4), range.lowerBound), range.upperBound)
    }
  }
}
