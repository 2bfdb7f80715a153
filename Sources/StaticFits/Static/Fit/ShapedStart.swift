import Failures
import Foundation
import Mathematics

/// Starting values of a shape, from a search on a scale that is logarithmic above the instrument's floor:
/// on it a sinh of V·slope = 30 is as plain as one of 1.
struct ShapedStart {
  private struct Point {
    var conductance: Double
    var voltage: Double
    var measured: Double
  }

  private let form: StaticForm
  private let reference: StaticForm.Reference
  private let points: [Point]
  /// Half the current at which the scale turns from linear to logarithmic, A.
  private let bend: Double
  private let reach: Double

  /// Points that the search looks at, at most.
  private static let pointLimit = 600

  init(
    _ form: StaticForm, devices: [[Sweep]], noise: InstrumentNoise,
    reference: StaticForm.Reference
  ) {
    self.form = form
    self.reference = reference
    let sweeps = devices.joined()
    let all = sweeps.reduce(0) { $0 + $1.voltages.count }
    // An odd stride meets every part of sweeps whose lengths are powers of two.
    let stride = max(1, all / Self.pointLimit) | 1
    let bend = max(3 * noise.floor, 1e-30)
    self.bend = bend
    var (found, seen, reach) = ([Point](), 0, 0.0)
    for sweep in sweeps {
      for (v, i) in zip(sweep.voltages, sweep.currents) {
        if seen % stride == 0 {
          found.append(
            Point(
              conductance: sweep.conductance, voltage: v,
              measured: asinh((i - noise.offset) / bend)))
        }
        reach = max(reach, abs(v))
        seen += 1
      }
    }
    points = found
    self.reach = max(reach, 1e-12)
  }

  /// Gain and shape.
  func found(at place: String) -> [Double] {
    var best = (cost: Double.infinity, point: [0.0] + form.shape.map { $0.trials[0] })
    for trial in trials(of: form.shape[...]) {
      for gain in [-1.0, 0, 1] {
        let cost = self.cost([gain] + trial)
        if cost < best.cost { best = (cost, [gain] + trial) }
      }
    }
    let steps =
      [0.5] + zip(form.shape, best.point.dropFirst()).map { max(0.3 * abs($1), 0.1 * scale($0)) }
    for shrink in [1.0, 0.2] {
      let start = best.point
      if let found = try? SimplexMinimum.find(
        from: start, steps: steps.map { $0 * shrink }, tolerance: 1e-4, at: place, { cost($0) })
      {
        best.point = found
      }
    }
    return [exp(best.point[0])] + form.physical(Array(best.point.dropFirst()))
  }

  /// A shape parameter's natural size.
  private func scale(_ parameter: StaticForm.Parameter) -> Double {
    parameter.unit == "ohm"
      ? 1 / reference.conductance : pow(reach, parameter.voltagePower)
  }

  private func trials(of parameters: ArraySlice<StaticForm.Parameter>) -> [[Double]] {
    guard let first = parameters.first else { return [[]] }
    let rest = trials(of: parameters.dropFirst())
    return first.trials.flatMap { trial in rest.map { [trial * scale(first)] + $0 } }
  }

  /// Mean of √(1 + Δ²) − 1 over the points: a few that belong to no curve count little.
  private func cost(_ point: [Double]) -> Double {
    let shape = form.physical(Array(point.dropFirst()))
    let beyond = zip(shape, point.dropFirst()).reduce(0) { $0 + abs($1.0 - $1.1) }
    let gain = exp(min(max(point[0], -200), 200))
    return shape.withUnsafeBufferPointer { buffer in
      // A form without a shape reads nothing of it.
      guard let base = buffer.baseAddress else { return 0 }
      var sum = beyond > 0 ? 1e-3 * log1p(beyond) * Double(points.count) : 0
      for point in points {
        let current = form.current(
          gain: gain, conductance: point.conductance, point.voltage, base, reference)
        let distance = asinh(current / bend) - point.measured
        sum += (1 + distance * distance).squareRoot() - 1
      }
      return sum.isFinite ? sum / Double(max(1, points.count)) : .infinity
    }
  }
}
