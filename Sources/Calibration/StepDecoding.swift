import Devices
import Failures
import Files

/// `soft-bounds`, `linear-step` and `power-step`: one formula, with the exponent fixed or read.
extension SoftBoundsResponse {
  init(softBounds reader: ParameterReader) throws(Failure) { try self.init(reader, exponent: 1) }

  init(linear reader: ParameterReader) throws(Failure) { try self.init(reader, exponent: 0) }

  init(power reader: ParameterReader) throws(Failure) { try self.init(reader, exponent: nil) }

  private init(_ reader: ParameterReader, exponent: Double?) throws(Failure) {
    func branch(_ name: String) throws(Failure) -> Branch {
      let step = try reader.number("\(name)_step", unit: "S")
      try reader.requirePositive("\(name)_step", step)
      var power = exponent ?? 0
      if exponent == nil {
        power = try reader.number("\(name)_exponent", unit: "1")
        try reader.requirePositive("\(name)_exponent", power)
      }
      return Branch(
        step: step, exponent: power, spread: try reader.number("\(name)_spread", unit: "1"))
    }
    let bounds = try reader.interval("bounds", unit: "S")
    guard bounds.lowerBound > 0, bounds.lowerBound < bounds.upperBound else {
      throw reader.section.failure("bounds.value", "expected two positive numbers that ascend")
    }
    self.init(
      bounds: bounds, set: try branch("set"), reset: try branch("reset"),
      threshold: try reader.number("threshold", unit: "V"))
  }
}

extension PiecewiseResponse {
  init(reader: ParameterReader) throws(Failure) {
    let nodes = try reader.numbers("nodes", unit: "S")
    guard nodes.count >= 2, nodes[0] > 0, zip(nodes, nodes.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw reader.section.failure(
        "nodes.value", "expected at least two positive numbers that ascend")
    }
    let sets = try reader.numbers("set_steps", unit: "S", count: nodes.count)
    let resets = try reader.numbers("reset_steps", unit: "S", count: nodes.count)
    try reader.requireNotNegative("set_steps", sets.min() ?? 0)
    guard resets.allSatisfy({ $0 <= 0 }) else {
      throw reader.section.failure("reset_steps.value", "must not be positive")
    }
    self.init(
      nodes: nodes, setSteps: sets, resetSteps: resets,
      spreads: (
        try reader.number("set_spread", unit: "1"), try reader.number("reset_spread", unit: "1")
      ), threshold: try reader.number("threshold", unit: "V"))
  }
}
