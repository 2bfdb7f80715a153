// The names are those of the C header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import ArrayOperations
import CCrossbarGAN
import Calibration
import Crossbars
import Devices
import Failures
import Files
import Foundation
import Mathematics
import Networks
import Reports
import Runs

/// An array behind a handle, with its books.
private struct OpenCrossbar {
  let crossbar: Crossbar
  var ledger = EnergyLedger()
  /// Names the noise of the next read, step and write.
  var draw: UInt64 = 0

  var weights: Int { crossbar.wordLines * crossbar.outputs }
}

private typealias Guard = Guarded<OpenCrossbar>

extension ResolvedConfiguration {
  /// Resolves the text of a run configuration.
  static func of(_ configuration: UnsafePointer<CChar>?) throws(Failure) -> ResolvedConfiguration {
    try RunConfiguration.resolve(
      file: TOMLDocument(text: try text(configuration, "configuration"), name: "configuration"))
  }
}

@c @implementation
public func cgan_crossbar_open(
  _ configuration: UnsafePointer<CChar>?, _ name: UnsafePointer<CChar>?, _ rows: Int,
  _ columns: Int, _ crossbar: UnsafeMutablePointer<UInt64>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let handle = try present(crossbar, "crossbar")
    handle.pointee = 0
    let resolved = try ResolvedConfiguration.of(configuration)
    let plan = resolved.configuration.plan
    let weights = try count(of: rows, columns, at: "rows × columns")
    let technology = try resolved.technology()
    let array = try Crossbar(
      technology, wordLines: rows, outputs: columns, name: try text(name, "name"),
      deviceSeed: plan.deviceSeed, seed: plan.seed,
      signs: technology.conditions.pairing == .singleWithSign
        ? [Float](repeating: 1, count: weights) : [])
    try array.solveWires(workers: allWorkers)
    handle.pointee = Registry.add(Guard(OpenCrossbar(crossbar: array)))
  }
}

@c @implementation
public func cgan_crossbar_read(
  _ crossbar: UInt64, _ transposed: Int32, _ samples: Int, _ voltage: UnsafePointer<Float>?,
  _ current: UnsafeMutablePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(crossbar, as: Guard.self).use { open throws(Failure) in
      let (direction, driven, sensed): (ReadDirection, Int, Int) =
        transposed == 0
        ? (.forward, open.crossbar.wordLines, open.crossbar.outputs)
        : (.transposed, open.crossbar.outputs, open.crossbar.wordLines)
      let voltages = try numbers(
        voltage, try count(of: driven, samples, at: "lines × samples"), "voltage")
      guard let base = voltages.baseAddress else { return }
      let energy = open.crossbar.read(
        MatrixView(base: UnsafeMutablePointer(mutating: base), rows: driven, columns: samples),
        direction,
        into: MatrixView(base: try present(current, "current"), rows: sensed, columns: samples),
        draw: open.draw, workers: allWorkers)
      if transposed == 0 { open.ledger.forward += energy } else { open.ledger.backward += energy }
      open.ledger.seconds += open.crossbar.technology.conditions.read.time * Double(samples)
      open.draw += 1
    }
  }
}

@c @implementation
public func cgan_crossbar_program(
  _ crossbar: UInt64, _ signs: UnsafePointer<Int8>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(crossbar, as: Guard.self).use { open throws(Failure) in
      var matrix = SignMatrix(rows: open.crossbar.wordLines, columns: open.crossbar.outputs)
      let signs = try present(signs, "signs")
      for index in 0..<open.weights {
        guard (-1...1).contains(signs[index]) else {
          throw Failure(
            .badData, at: "signs", "number \(index + 1) is \(signs[index]), expected -1, 0 or 1")
        }
        matrix.elements[index] = signs[index]
      }
      open.ledger += open.crossbar.program(matrix, step: open.draw, workers: allWorkers)
      open.draw += 1
      open.ledger.disturb += open.crossbar.driftWhenDue(workers: allWorkers)
      try open.crossbar.solveStaleWires(workers: allWorkers)
    }
  }
}

@c @implementation
public func cgan_crossbar_write(
  _ crossbar: UInt64, _ difference: UnsafePointer<Float>?, _ verifies: Int32,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(crossbar, as: Guard.self).use { open throws(Failure) in
      let targets = Array(try numbers(difference, open.weights, "difference"))
      if verifies == 0 {
        open.crossbar.writeBlind(targets: targets)
      } else {
        open.ledger += open.crossbar.writeVerified(targets: targets, draw: open.draw)
        open.draw += 1
      }
      try open.crossbar.solveWires(workers: allWorkers)
    }
  }
}

@c @implementation
public func cgan_crossbar_state(
  _ crossbar: UInt64, _ plus: UnsafeMutablePointer<Float>?, _ minus: UnsafeMutablePointer<Float>?,
  _ referencePlus: UnsafeMutablePointer<Float>?, _ referenceMinus: UnsafeMutablePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(crossbar, as: Guard.self).use { open throws(Failure) in
      let none = [Float](repeating: .nan, count: open.weights)
      let references = open.crossbar.referenceState ?? (none, none)
      for (target, values) in [
        (plus, open.crossbar.state.plus), (minus, open.crossbar.state.minus),
        (referencePlus, references.plus), (referenceMinus, references.minus),
      ] {
        guard let target else { continue }
        for (index, value) in values.enumerated() { target[index] = value }
      }
    }
  }
}

@c @implementation
public func cgan_crossbar_differences(
  _ crossbar: UInt64, _ difference: UnsafeMutablePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(crossbar, as: Guard.self).use { open throws(Failure) in
      let target = try present(difference, "difference")
      for (index, value) in open.crossbar.readDifferences().enumerated() { target[index] = value }
    }
  }
}

@c @implementation
public func cgan_crossbar_report(
  _ crossbar: UInt64, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(crossbar, as: Guard.self).use { open throws(Failure) in
      let conditions = open.crossbar.technology.conditions
      let report: JSON = [
        "ledger": open.ledger.json, "read_voltage_V": .number(conditions.read.voltage),
        "window_S": JSON([conditions.window.lowerBound, conditions.window.upperBound]),
        "read_gain": .number(conditions.readGain), "pairing": .text(conditions.pairing.rawValue),
      ]
      try present(json, "json").pointee = strdup(report.line)
    }
  }
}
