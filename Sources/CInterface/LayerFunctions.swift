// The names are those of the C header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CCrossbarGAN
import Crossbars
import Failures
import Foundation
import Mathematics
import Networks
import Reports
import Runs

private typealias Guard = Guarded<StandaloneLayer>

@c @implementation
public func cgan_layer_open(
  _ configuration: UnsafePointer<CChar>?, _ input: UnsafePointer<CChar>?,
  _ layer: UnsafePointer<CChar>?, _ count: Int, _ weights: UnsafePointer<Float>?,
  _ largestWeight: Double, _ index: Int32, _ handle: UnsafeMutablePointer<UInt64>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let handle = try present(handle, "handle")
    handle.pointee = 0
    let resolved = try ResolvedConfiguration.of(configuration)
    let values = try numbers(weights, try CInterface.count(of: count, at: "weights"), "weights")
    let made = try StandaloneLayer(
      [try text(input, "input"), try text(layer, "layer")], weights: Array(values),
      largestWeight: largestWeight, index: Int(index), plan: resolved.configuration.plan,
      device: resolved.device, workers: allWorkers)
    handle.pointee = Registry.add(Guard(made))
  }
}

@c @implementation
public func cgan_layer_sizes(
  _ layer: UInt64, _ sizes: UnsafeMutablePointer<Int>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      let target = try present(sizes, "sizes")
      for (index, size) in [
        open.weightShape.rows - 1, open.weightShape.columns, open.inputs, open.outputs,
      ].enumerated() { target[index] = size }
    }
  }
}

/// A batch of an argument, units × samples.
private func batch(
  _ argument: UnsafePointer<Float>?, units: Int, samples: Int, _ name: String
) throws(Failure) -> Matrix {
  let values = try numbers(argument, try count(of: units, samples, at: "units × samples"), name)
  return Matrix(rows: units, columns: samples, elements: Array(values))
}

private func copy(_ matrix: Matrix, to target: UnsafeMutablePointer<Float>) {
  matrix.elements.withUnsafeBufferPointer { source in
    guard let base = source.baseAddress else { return }
    target.update(from: base, count: source.count)
  }
}

@c @implementation
public func cgan_layer_forward(
  _ layer: UInt64, _ samples: Int, _ input: UnsafePointer<Float>?,
  _ output: UnsafeMutablePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      let target = try present(output, "output")
      copy(
        open.forward(try batch(input, units: open.inputs, samples: samples, "input")), to: target)
    }
  }
}

@c @implementation
public func cgan_layer_backward(
  _ layer: UInt64, _ samples: Int, _ delta: UnsafePointer<Float>?,
  _ inputDelta: UnsafeMutablePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      let target = try present(inputDelta, "input_delta")
      copy(
        open.backward(try batch(delta, units: open.outputs, samples: samples, "delta")),
        to: target)
    }
  }
}

@c @implementation
public func cgan_layer_keep(
  _ layer: UInt64, _ samples: Int, _ input: UnsafePointer<Float>?, _ delta: UnsafePointer<Float>?,
  _ continues: Int32, _ gradient: UnsafeMutablePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      let signals = try batch(input, units: open.inputs, samples: samples, "input")
      let deltas = try batch(delta, units: open.outputs, samples: samples, "delta")
      if continues == 0 { open.forget() }
      if let gradient { copy(try open.gradient(signals, deltas), to: gradient) }
      open.keep(signals, deltas)
    }
  }
}

@c @implementation
public func cgan_layer_step(
  _ layer: UInt64, _ updateProbability: Double,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    guard (0...1).contains(updateProbability) else {
      throw Failure(
        .usage, at: "update probability", "\(updateProbability) is not between 0 and 1")
    }
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      try open.step(updateProbability: updateProbability)
    }
  }
}

@c @implementation
public func cgan_layer_finish_epoch(
  _ layer: UInt64, _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      try open.finishEpoch()
    }
  }
}

@c @implementation
public func cgan_layer_weights(
  _ layer: UInt64, _ weights: UnsafeMutablePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      copy(open.weights, to: try present(weights, "weights"))
    }
  }
}

@c @implementation
public func cgan_layer_state(
  _ layer: UInt64, _ count: UnsafeMutablePointer<Int>?,
  _ conductance: UnsafeMutablePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      let state = open.state
      try present(count, "count").pointee = state.count
      guard let conductance else { return }
      var next = conductance
      for array in state {
        for value in array.values {
          next.pointee = value
          next += 1
        }
      }
    }
  }
}

@c @implementation
public func cgan_layer_restore(
  _ layer: UInt64, _ count: Int, _ conductance: UnsafePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      var state = open.state
      guard count == state.count else {
        throw Failure(
          .badData, at: "state", "has \(count) arrays, the layer \(state.count)")
      }
      let size = open.weightShape.rows * open.weightShape.columns
      let values = try numbers(conductance, count * size, "conductance")
      for index in state.indices {
        state[index].values = Array(values[index * size..<(index + 1) * size])
      }
      try open.restore(state)
    }
  }
}

@c @implementation
public func cgan_layer_report(
  _ layer: UInt64, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    try Registry.object(layer, as: Guard.self).use { open throws(Failure) in
      let report: JSON = [
        "ledger": open.ledger.json, "steps": .integer(Int(open.steps)),
        "output": JSON([
          Double(open.outputShape.channels), Double(open.outputShape.height),
          Double(open.outputShape.width),
        ]),
      ]
      try present(json, "json").pointee = strdup(report.line)
    }
  }
}
