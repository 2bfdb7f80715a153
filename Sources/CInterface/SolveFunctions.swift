// The names are those of the C header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CCrossbarGAN
import Commands
import Failures
import Files
import Foundation
import NodalAnalysis

@c @implementation
public func cgan_solve(
  _ array: UnsafePointer<cgan_array>?, _ inputs: Int, _ voltage: UnsafePointer<Double>?,
  _ method: UnsafePointer<CChar>?, _ tolerance: Double, _ current: UnsafeMutablePointer<Double>?,
  _ wordNodes: UnsafeMutablePointer<Double>?, _ bitNodes: UnsafeMutablePointer<Double>?,
  _ error: UnsafeMutablePointer<Double>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let wired = try wiredArray(try present(array, "array").pointee)
    let (rows, cells) = (wired.rows, wired.devices.count)
    let voltages = try numbers(voltage, try count(of: inputs, rows, at: "inputs × rows"), "voltage")
    guard let method = SolveMethod(rawValue: try text(method, "method")) else {
      throw Failure(.usage, at: "method", "is neither \"exact\" nor \"fast\"")
    }
    guard tolerance >= 0, tolerance < 1 else {
      throw Failure(.usage, at: "tolerance", "must be within 0 and 1")
    }
    let grounded = [Double](repeating: 0, count: wired.columns)
    let potentials = (0..<inputs).map {
      LineEnds(word: Array(voltages[$0 * rows..<($0 + 1) * rows]), bit: grounded)
    }
    var summary = SolveSummary(wired, inputs: inputs, method: method.rawValue)
    let answer = try method.solve(
      wired, potentials, tolerance: tolerance > 0 ? tolerance : nil,
      wantsNodes: wordNodes != nil || bitNodes != nil, &summary)
    try NumberText.requireFinite(answer.currents, "current", at: "inputs")
    let target = try present(current, "current")
    for (index, value) in answer.currents.enumerated() { target[index] = value }
    for (input, nodes) in answer.nodes.enumerated() {
      for cell in 0..<cells {
        wordNodes?[input * cells + cell] = nodes.word[cell]
        bitNodes?[input * cells + cell] = nodes.bit[cell]
      }
    }
    error?.pointee = summary.residual ?? summary.error ?? 0
  }
}

private func wiredArray(_ array: cgan_array) throws(Failure) -> WiredArray {
  let cells = try count(of: array.rows, array.columns, at: "rows × columns")
  let values = Array(try numbers(array.conductance, cells, "conductances"))
  let name = try text(array.device, "device")
  guard let device = DeviceChoice(argument: name) else {
    throw Failure(
      .usage, at: "device", "\"\(name)\" is no device",
      remedy: "linear, sinh:A with a positive A in 1/V, or a calibration")
  }
  guard array.temperature.isFinite else {
    throw Failure(.usage, at: "temperature", "is \(array.temperature) °C")
  }
  let devices = try device.devices(
    rows: array.rows, columns: array.columns, conductances: values,
    temperature: array.temperature, at: "conductances"
  ).devices
  return try WiredArray(
    devices: devices,
    wires: .driven(
      rows: array.rows, columns: array.columns, wordSegment: array.word_ohm,
      bitSegment: array.bit_ohm, source: array.source_ohm, sense: array.sense_ohm,
      drive: array.drives_both_ends == 0 ? .single : .double))
}
