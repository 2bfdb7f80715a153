package import ArrayOperations
import Devices
import Failures
import Foundation
package import Mathematics

/// A cell read twice for its thermal noise.
///
/// The difference of two reads of one cell has no offset: what is left has the variance
/// 2 · 4·k_B·T·f·(I/V) of the device's read noise, and is amplified to the converter's range.
struct ThermalCell: Sendable {
  /// State that the cell is kept in, in siemens: low, so that noise is large beside the current.
  static let conductance = 10e-6

  /// Root mean square of a difference in amperes.
  let deviation: Double
  let cost: BitCost

  /// - Throws: ``Failure`` of kind `badData` when the calibration has no thermal noise.
  init(_ conditions: NoiseConditions) throws(Failure) {
    let (device, read) = (conditions.device, conditions.read)
    let current = device.staticModel.current(
      conductance: Self.conductance, voltage: read.voltage, temperature: read.temperature)
    let variance = device.readNoise.variance(
      chordConductance: current / read.voltage, temperature: read.temperature,
      bandwidth: read.bandwidth)
    guard variance > 0 else {
      throw Failure(
        .badData, at: "calibration \(device.name)",
        "has no read noise, which the noise source thermal needs",
        remedy: "choose another calibration or source, and a bandwidth above zero")
    }
    deviation = (2 * variance).squareRoot()
    let energy = 2 * read.voltage * current * read.time
    cost = BitCost(one: energy, zero: energy, seconds: 2 * read.time)
  }
}

/// Gaussian numbers from thermal noise through a converter of a few bits.
///
/// The amplifier maps ±4 standard deviations to the converter's range; codes are read as the middle
/// of their step and scaled to unit variance. Amplifier and converter cost nothing here: the
/// calibration does not say what they need.
package struct ThermalNoise: NoiseSource {
  /// Range of the converter in standard deviations, to either side.
  static let range = 4.0

  /// Bits of the converter that is not asked for otherwise.
  static let defaultBits = 8

  /// Bits of the converter.
  package let bits: Int
  /// Root mean square in amperes of what is amplified.
  package let deviation: Double
  private let cost: BitCost
  private let stream: RandomStream
  private let table: [Float]
  private var position: UInt64 = 0
  private var next = 0

  init(bits: Int, cell: ThermalCell, stream: RandomStream) {
    self.bits = bits
    self.stream = stream
    deviation = cell.deviation
    cost = cell.cost
    table = Self.table(bits: bits)
  }

  package var name: String { bits == Self.defaultBits ? "thermal" : "thermal:bits=\(bits)" }

  /// The value of every code, of unit variance under a Gaussian input.
  static func table(bits: Int) -> [Float] {
    let count = 1 << bits
    let step = 2 * range / Double(count)
    let values = (0..<count).map { (Double($0) + 0.5) * step - range }
    let variance = values.enumerated().reduce(0.0) { sum, entry in
      let low = entry.offset == 0 ? 0 : Normal.cumulative(entry.element - step / 2)
      let high = entry.offset == count - 1 ? 1 : Normal.cumulative(entry.element + step / 2)
      return sum + (high - low) * entry.element * entry.element
    }
    return values.map { Float($0 / variance.squareRoot()) }
  }

  package mutating func restart(at position: UInt64) {
    self.position = position
    next = 0
  }

  package mutating func fill(_ latent: inout Matrix, ledger: inout EnergyLedger) {
    let count = latent.elements.count
    let scale = Float(Double(table.count) / (2 * Self.range))
    latent.elements.withUnsafeMutableBufferPointer { target in
      stream.fillGaussian(target, from: next, substream: position)
      for index in 0..<target.count {
        let code = Int((target[index] + Float(Self.range)) * scale)
        target[index] = table[min(max(0, code), table.count - 1)]
      }
    }
    // Random elements are addressed in groups of 256.
    next += (count + 255) / 256 * 256
    cost.book(ones: count, bits: count, in: &ledger)
  }
}
