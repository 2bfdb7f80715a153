package import Devices
package import Failures
import Foundation
import Mathematics
package import MeasuredTables

/// `measure pulses`: virtual devices under random programming pulses.
///
/// Every device starts at a conductance that is log-uniform in its range and receives pulses of
/// random polarity, amplitude and width (uniform, uniform, log-uniform in the model's limits),
/// never one that would drive it out of its range. Pulses alone would carry all devices to where
/// both polarities balance; every ``runLength`` of them a device is therefore set to a new random
/// conductance. State is read before and after each pulse.
package struct PulseMeasurement: Sendable {
  package var device: DeviceModel
  package var devices = 300
  /// Pulses per device.
  package var pulses = 1000
  /// Pulses until a device is set to a new random conductance.
  package var runLength = 20
  /// Standard deviation of a reading of conductance relative to it.
  package var noise = 1e-4
  /// Standard deviation of a reading at zero, S.
  package var floor = 1e-10
  package var seed: UInt64 = 0
  /// Equal pulses in a row, SET and RESET runs in turn, in place of random pulses; nil for those.
  package var seriesLength: Int?

  package init(device: DeviceModel) { self.device = device }

  package static let columns = [
    "device", "pulse", "voltage_V", "width_s", "conductance_before_S", "conductance_after_S",
  ]

  /// Writes the table, tidy or in the layout of an instrument.
  ///
  /// - Throws: ``Failure`` when the layout has no place for it, or the file cannot be written.
  package func write(to path: String, as format: TableFormat = .table) throws(Failure) {
    if let seriesLength { return try writeSeries(of: seriesLength, to: path, as: format) }
    var file = try MeasurementFile(path: path, columns: Self.columns, format: format)
    let sets = Normal.draws(devices, from: RandomStream(seed: seed, name: "device pulses"))
    let resets =
      device.variation.sharesPulseDeviation
      ? sets : Normal.draws(devices, from: RandomStream(seed: seed, name: "device resets"))
    for index in 0..<devices {
      var source = Source(seed: seed, device: index, pulses: pulses)
      var conductance = initialState(&source)
      var reading = read(conductance, &source)
      for number in 0..<pulses {
        if number > 0, number % max(1, runLength) == 0 {
          conductance = initialState(&source)
          reading = read(conductance, &source)
        }
        let pulse = choose(at: conductance, (sets[index], resets[index]), &source)
        let before = reading
        conductance = pulse.after
        reading = read(conductance, &source)
        file.append(
          ["\(index)", "\(number + 1)"], [pulse.pulse.voltage, pulse.pulse.width, before, reading])
      }
    }
    try file.finish()
  }

  /// Random numbers of one device, in order.
  struct Source {
    private var uniforms: RandomSequence
    private var normals: [Float]
    private var next = 0

    init(seed: UInt64, device: Int, pulses: Int) {
      uniforms = RandomSequence(
        RandomStream(seed: seed, name: "measured pulses"), substream: UInt64(device))
      // Two per pulse, one for the first reading and those after a new state.
      normals = [Float](repeating: 0, count: 3 * pulses + 2)
      let stream = RandomStream(seed: seed, name: "pulse noise")
      normals.withUnsafeMutableBufferPointer {
        stream.fillGaussian($0, substream: UInt64(device))
      }
    }

    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
      range.lowerBound < range.upperBound
        ? Double.random(in: range, using: &uniforms) : range.lowerBound
    }

    mutating func normal() -> Double {
      defer { next = (next + 1) % normals.count }
      return Double(normals[next])
    }
  }

  private func initialState(_ source: inout Source) -> Double {
    let range = device.limits.conductance
    return exp(source.uniform(log(range.lowerBound * 1.1)...log(range.upperBound / 1.1)))
  }

  func read(_ conductance: Double, _ source: inout Source) -> Double {
    let deviation =
      (floor * floor + noise * noise * conductance * conductance).squareRoot()
    return conductance + deviation * source.normal()
  }

  /// A random pulse that keeps the device in its range, with the state after it.
  private func choose(
    at conductance: Double, _ z: (set: Double, reset: Double), _ source: inout Source
  ) -> (pulse: Pulse, after: Double) {
    let limits = device.limits
    let cycle = 1 + device.variation.cycleToCycle * source.normal()
    var last = (pulse: Pulse(voltage: limits.setVoltage.lowerBound, width: 0), after: conductance)
    for _ in 0..<200 {
      let isSet = source.uniform(0...1) < 0.5
      let voltage = source.uniform(isSet ? limits.setVoltage : limits.resetVoltage)
      let widths = limits.pulseWidth
      let width = exp(source.uniform(log(widths.lowerBound)...log(widths.upperBound)))
      let pulse = Pulse(voltage: voltage, width: width)
      let response = device.pulseModel.response(to: pulse, conductance: conductance)
      let step = response.step(z: isSet ? z.set : z.reset) * max(0, cycle)
      last = (pulse, conductance + step)
      if limits.conductance.contains(last.after) { return last }
    }
    // No pulse fits: a device at the very end of its range stays where it is.
    return (last.pulse, conductance)
  }
}
