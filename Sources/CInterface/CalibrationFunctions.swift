// The names are those of the C header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CCrossbarGAN
import Calibration
import Crossbars
import Devices
import Failures
import Files
import Foundation
import Mathematics

/// A calibration behind a handle.
private final class OpenCalibration: Sendable {
  let calibration: Calibration

  init(_ calibration: Calibration) { self.calibration = calibration }
}

@c @implementation
public func cgan_calibration_open(
  _ name: UnsafePointer<CChar>?, _ calibration: UnsafeMutablePointer<UInt64>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let handle = try present(calibration, "calibration")
    handle.pointee = 0
    handle.pointee = Registry.add(OpenCalibration(try Calibration.load(try text(name, "name"))))
  }
}

@c @implementation
public func cgan_calibration_text(
  _ calibration: UInt64, _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let opened = try Registry.object(calibration, as: OpenCalibration.self)
    try present(text, "text").pointee = strdup(try InputFile.text(of: opened.calibration.path))
  }
}

/// Numbers that the caller may leave out.
private func optionalNumbers(
  _ base: UnsafePointer<Double>?, _ count: Int, _ name: String
) throws(Failure) -> UnsafeBufferPointer<Double>? {
  guard let base else { return nil }
  return try numbers(base, count, name)
}

/// Devices handled by one block of work.
private let block = 4096

@c @implementation
public func cgan_calibration_current(
  _ calibration: UInt64, _ count: Int, _ conductance: UnsafePointer<Double>?,
  _ voltage: UnsafePointer<Double>?, _ deviation: UnsafePointer<Double>?, _ temperature: Double,
  _ extrapolates: Int32, _ current: UnsafeMutablePointer<Double>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let opened = try Registry.object(calibration, as: OpenCalibration.self).calibration
    let count = try CInterface.count(of: count, at: "devices")
    // Sound: the caller keeps the arrays while it waits for this call.
    nonisolated(unsafe) let (conductances, voltages, deviations, currents) = (
      try numbers(conductance, count, "conductance"), try numbers(voltage, count, "voltage"),
      try optionalNumbers(deviation, count, "deviation"), try present(current, "current")
    )
    let kelvin = temperature + PhysicalConstants.zeroCelsius
    if extrapolates == 0 {
      try checkReads(opened, conductances, voltages, kelvin: kelvin)
    }
    let model = opened.device.staticModel
    allWorkers.forEachBlock(of: count, size: block) { range in
      for index in range {
        currents[index] = model.current(
          conductance: conductances[index], voltage: voltages[index], temperature: kelvin,
          z: deviations?[index] ?? 0)
      }
    }
    try NumberText.requireFinite(
      UnsafeBufferPointer(start: currents, count: count), "current", at: opened.name)
  }
}

/// Holds devices against the range of the model.
private func checkReads(
  _ calibration: Calibration, _ conductances: UnsafeBufferPointer<Double>,
  _ voltages: UnsafeBufferPointer<Double>, kelvin: Double
) throws(Failure) {
  for index in conductances.indices {
    _ = try calibration.device.limits.checkRead(
      conductance: conductances[index], voltage: voltages[index], temperature: kelvin,
      at: calibration.name)
  }
}

@c @implementation
public func cgan_calibration_pulse(
  _ calibration: UInt64, _ count: Int, _ conductance: UnsafePointer<Double>?,
  _ voltage: UnsafePointer<Double>?, _ width: UnsafePointer<Double>?,
  _ deviation: UnsafePointer<Double>?, _ pulses: Int, _ extrapolates: Int32,
  _ trajectory: UnsafeMutablePointer<Double>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let opened = try Registry.object(calibration, as: OpenCalibration.self).calibration
    let total = try CInterface.count(of: count, pulses, at: "devices × pulses")
    // Sound: the caller keeps the arrays while it waits for this call.
    nonisolated(unsafe) let (conductances, voltages, widths, deviations, results) = (
      try numbers(conductance, count, "conductance"), try numbers(voltage, count, "voltage"),
      try numbers(width, count, "width"), try optionalNumbers(deviation, count, "deviation"),
      try present(trajectory, "trajectory")
    )
    let device = opened.device
    if extrapolates == 0 {
      for index in 0..<count {
        try device.limits.checkPulse(
          Pulse(voltage: voltages[index], width: widths[index]), conductance: conductances[index],
          at: opened.name)
      }
    }
    allWorkers.forEachBlock(of: count, size: max(1, block / pulses)) { range in
      for index in range {
        let conductances = device.trajectory(
          from: conductances[index],
          pulse: Pulse(voltage: voltages[index], width: widths[index]), count: pulses,
          z: deviations?[index] ?? 0)
        for (pulse, value) in conductances.enumerated() { results[index * pulses + pulse] = value }
      }
    }
    try NumberText.requireFinite(
      UnsafeBufferPointer(start: results, count: total), "conductance", at: opened.name)
  }
}

@c @implementation
public func cgan_calibration_sample(
  _ calibration: UInt64, _ count: Int, _ seed: UInt64, _ read: UnsafeMutablePointer<Double>?,
  _ set: UnsafeMutablePointer<Double>?, _ reset: UnsafeMutablePointer<Double>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let opened = try Registry.object(calibration, as: OpenCalibration.self).calibration
    let count = try CInterface.count(of: count, at: "devices")
    let variation = FrozenVariation(
      of: count, deviceSeed: seed, name: "sample",
      sharesPulseDeviation: opened.device.variation.sharesPulseDeviation)
    for (target, values) in [
      (try present(read, "read"), variation.read), (try present(set, "set"), variation.set),
      (try present(reset, "reset"), variation.reset),
    ] {
      for (index, value) in values.enumerated() { target[index] = Double(value) }
    }
  }
}
