package import Devices
package import Failures
import Foundation

/// The devices of an array: I = Σₖ aₖ · φₖ(V) with one coefficient per device and basis function.
///
/// Device (i, j) sits between word line i and bit line j; element i · columns + j of each
/// coefficient array. A positive voltage is a word line above its bit line.
package struct DeviceGrid: Equatable, Sendable {
  /// Number of word lines.
  package let rows: Int
  /// Number of bit lines.
  package let columns: Int
  /// The functions φₖ.
  package let basis: [BasisFunction]
  /// aₖ of every device, one array per basis function.
  package private(set) var coefficients: [[Double]]
  /// Devices that conduct although dI/dV vanishes at 0 V, as under a power law; empty without any.
  private var isFlat: [Bool] = []

  /// Devices by their coefficients.
  ///
  /// - Throws: ``Failure`` of kind `badData` for shapes that do not match, coefficients that are not
  ///   finite, a device that is not passive at small voltage (negative slope or current), or an array
  ///   in which no device conducts.
  package init(
    rows: Int, columns: Int, basis: [BasisFunction], coefficients: [[Double]]
  ) throws(Failure) {
    self.rows = rows
    self.columns = columns
    self.basis = basis
    self.coefficients = coefficients
    try validate()
  }

  /// Devices with I = G · φ(V): linear, or hyperbolic sine.
  ///
  /// - Parameter conductances: siemens, row by row, 0 for a device that is not there.
  package init(
    rows: Int, columns: Int, conductances: [Double], basis: BasisFunction = .linear
  ) throws(Failure) {
    try self.init(rows: rows, columns: columns, basis: [basis], coefficients: [conductances])
  }

  /// Devices of a static model in given states.
  ///
  /// - Parameters:
  ///   - conductances: programmed conductances in siemens, row by row.
  ///   - temperature: kelvin.
  ///   - deviations: the frozen number z of every device; all zero when absent.
  package init(
    rows: Int, columns: Int, model: any StaticModel, conductances: [Double], temperature: Double,
    deviations: [Double]? = nil
  ) throws(Failure) {
    guard deviations == nil || deviations?.count == conductances.count else {
      throw Failure(.badData, at: "devices", "one deviation per device is needed")
    }
    let basis = model.basis
    var coefficients = basis.map { _ in [Double](repeating: 0, count: conductances.count) }
    for (index, conductance) in conductances.enumerated() {
      let state = model.coefficients(conductance: conductance, temperature: temperature)
      let values = state.values(z: deviations?[index] ?? 0)
      for term in basis.indices { coefficients[term][index] = values[term] }
    }
    try self.init(rows: rows, columns: columns, basis: basis, coefficients: coefficients)
  }

  /// Number of devices.
  package var count: Int { rows * columns }

  /// Whether current is proportional to voltage in every device.
  package var isLinear: Bool { basis.allSatisfy { $0 == .linear } }

  /// dI/dV at zero voltage of every device.
  package var slopesAtZero: [Double] {
    var slopes = [Double](repeating: 0, count: count)
    for (function, values) in zip(basis, coefficients) {
      let weight = function.derivative(at: 0)
      for index in slopes.indices { slopes[index] += weight * values[index] }
    }
    return slopes
  }

  /// Whether a device conducts although it has no slope at 0 V.
  var hasFlatDevices: Bool { !isFlat.isEmpty }

  /// Whether current flows through a device at any small voltage.
  func conducts(_ index: Int, slope: Double) -> Bool {
    slope > 0 || hasFlatDevices && isFlat[index]
  }

  /// ``slopesAtZero``, and where that vanishes though the device conducts a share of its chord
  /// conductance I/V at a voltage.
  func slopesAtZero(flatAt voltage: Double, share: Double = 1) -> [Double] {
    var slopes = slopesAtZero
    guard hasFlatDevices else { return slopes }
    let chords = chords(at: [Double](repeating: voltage, count: count))
    for index in slopes.indices where isFlat[index] { slopes[index] = share * chords[index] }
    return slopes
  }

  /// I(V)/V of all devices, each at its voltage, continued to 0 V.
  func chords(at voltages: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for (function, values) in zip(basis, coefficients) {
      function.addChords(weights: values, voltages: voltages, to: &result)
    }
    return result
  }

  /// Where a device without a slope at 0 V is asked whether it conducts at all, in volts: low
  /// enough for the first term of its expansion to decide.
  private static let smallVoltage = 1e-3

  private mutating func validate() throws(Failure) {
    let (cells, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows > 0, columns > 0, !overflow, !basis.isEmpty, coefficients.count == basis.count,
      coefficients.allSatisfy({ $0.count == cells })
    else {
      throw Failure(
        .badData, at: "devices", "\(rows) × \(columns) devices need one coefficient each per term")
    }
    for values in coefficients {
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        throw Failure(.badData, at: place(index), "conductance is \(values[index])")
      }
    }
    var slopes = slopesAtZero
    if !isLinear, slopes.contains(0) {
      let chords = chords(at: [Double](repeating: Self.smallVoltage, count: count))
      for index in slopes.indices where slopes[index] == 0 { slopes[index] = chords[index] }
      let flat = zip(slopes, slopesAtZero).map { $0 > 0 && $1 == 0 }
      isFlat = flat.contains(true) ? flat : []
    }
    if let index = slopes.firstIndex(where: { $0 < 0 }) {
      throw Failure(
        .badData, at: place(index), "conductance is negative (\(slopes[index]) S)",
        remedy: "a device is passive: 0 S or more")
    }
    guard slopes.contains(where: { $0 > 0 }) else {
      throw Failure(
        .badData, at: "devices", "no device conducts: the array is disconnected")
    }
  }

  func place(_ index: Int) -> String { "device (\(index / columns), \(index % columns))" }
}

extension DeviceGrid {
  /// Currents of all devices at their voltages, by the definition.
  package func currents(at voltages: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: voltages.count)
    for (function, values) in zip(basis, coefficients) {
      for index in result.indices {
        result[index] += values[index] * function.value(at: voltages[index])
      }
    }
    return result
  }

  /// Current and slope of all devices: currents[i] = I(V), slopes[i] = dI/dV.
  func evaluate(at voltages: [Double], currents: inout [Double], slopes: inout [Double]) {
    for index in currents.indices {
      currents[index] = 0
      slopes[index] = 0
    }
    for (function, values) in zip(basis, coefficients) {
      function.accumulate(
        weights: values, voltages: voltages, currents: &currents, slopes: &slopes)
    }
  }
}

extension BasisFunction {
  /// Adds weight · φ(V)/V of every device.
  fileprivate func addChords(weights: [Double], voltages: [Double], to chords: inout [Double]) {
    let count = chords.count
    weights.withUnsafeBufferPointer { a in
      voltages.withUnsafeBufferPointer { v in
        chords.withUnsafeMutableBufferPointer { chord in
          switch self {
          case .linear: for i in 0..<count { chord[i] += a[i] }
          case .cubic: for i in 0..<count { chord[i] += v[i] * v[i] * a[i] }
          default: for i in 0..<count { chord[i] += self.chord(at: v[i]) * a[i] }
          }
        }
      }
    }
  }

  /// Adds weight · φ(V) and weight · φ′(V) of every device.
  fileprivate func accumulate(
    weights: [Double], voltages: [Double], currents: inout [Double], slopes: inout [Double]
  ) {
    let count = voltages.count
    weights.withUnsafeBufferPointer { a in
      voltages.withUnsafeBufferPointer { v in
        currents.withUnsafeMutableBufferPointer { current in
          slopes.withUnsafeMutableBufferPointer { slope in
            switch self {
            case .linear:
              for i in 0..<count {
                current[i] += a[i] * v[i]
                slope[i] += a[i]
              }
            case .cubic:
              for i in 0..<count {
                let squared = v[i] * v[i]
                current[i] += a[i] * v[i] * squared
                slope[i] += 3 * a[i] * squared
              }
            case .hyperbolicSine(let k):
              for i in 0..<count {
                let (s, c) = hyperbolicSineAndCosine(k * v[i])
                current[i] += a[i] * s / k
                slope[i] += a[i] * c
              }
            default:
              for i in 0..<count {
                current[i] += a[i] * value(at: v[i])
                slope[i] += a[i] * derivative(at: v[i])
              }
            }
          }
        }
      }
    }
  }
}

/// sinh x and cosh x from one exponential, and from sinh alone where the difference cancels.
@inline(__always)
private func hyperbolicSineAndCosine(_ x: Double) -> (Double, Double) {
  if abs(x) < 0.5 {
    let s = sinh(x)
    return (s, (1 + s * s).squareRoot())
  }
  let e = exp(x)
  let inverse = 1 / e
  return (0.5 * (e - inverse), 0.5 * (e + inverse))
}
