package import Failures
import Foundation
import Mathematics

/// Looks for a SET and a RESET pulse of one width that move a device through a window in small,
/// equal steps.
///
/// Minimises mean ln²(SET step / |RESET| step) over ln G plus, when a number of pulses is asked for,
/// ln²(√(up · down) / number): a factor e in balance weighs as much as a factor e in step size. A
/// coarse grid over the allowed voltages and widths finds starts, Nelder and Mead's simplex (GSL)
/// refines the best of them.
package struct PulsePairSearch: Sendable {
  /// The window in siemens that steps are judged in.
  package var window: ClosedRange<Double>
  /// Pulses that shall carry a device across the window; nil judges balance alone.
  package var pulses: Double?
  /// Width of both pulses in seconds; nil leaves it to the search.
  package var width: Double?
  /// Voltages, widths and conductances that are allowed.
  package var limits: DeviceLimits

  /// A search within the limits of a device.
  package init(
    window: ClosedRange<Double>, pulses: Double?, width: Double?, limits: DeviceLimits
  ) {
    self.window = window
    self.pulses = pulses
    self.width = width
    self.limits = limits
  }

  /// Grid points per voltage and per width, and starts that are refined.
  private static let gridPoints = 12
  private static let starts = 4

  /// The best pair found.
  ///
  /// - Throws: ``Failure`` of kind `badData` when no pulse within the limits moves the device, or the
  ///   minimisation does not end.
  package func best(for model: some PulseModel) throws(Failure) -> PulsePair {
    var candidates: [(point: [Double], cost: Double)] = []
    for point in grid { candidates.append((point, cost(point, model))) }
    candidates.sort { $0.cost < $1.cost }
    guard let first = candidates.first, first.cost < 1e3 else {
      throw Failure(
        .badData, at: "pulses",
        "no pulse within the limits carries the device across this window in about as many pulses",
        remedy: "choose another window or number of pulses")
    }
    var best = first
    for start in candidates.prefix(Self.starts) {
      let found = clamped(
        try SimplexMinimum.find(
          from: start.point, steps: extents.map { 0.5 * $0 / Double(Self.gridPoints) },
          at: "pulses"
        ) { [self] in cost($0, model) + excess($0) })
      let reached = cost(found, model)
      if reached < best.cost { best = (found, reached) }
    }
    return pair(best.point)
  }

  /// Bounds of the coordinates: SET voltage, RESET voltage and, when searched for, log₁₀ width.
  private var bounds: [ClosedRange<Double>] {
    let widths = log10(limits.pulseWidth.lowerBound)...log10(limits.pulseWidth.upperBound)
    return [limits.setVoltage, limits.resetVoltage] + (width == nil ? [widths] : [])
  }

  private var extents: [Double] { bounds.map { max($0.upperBound - $0.lowerBound, 1e-9) } }

  private var grid: [[Double]] {
    bounds.reduce([[]]) { points, bound in
      points.flatMap { point in
        (0..<Self.gridPoints).map { index in
          let fraction = Double(index) / Double(Self.gridPoints - 1)
          return point + [bound.lowerBound + fraction * (bound.upperBound - bound.lowerBound)]
        }
      }
    }
  }

  private func clamped(_ point: [Double]) -> [Double] {
    zip(point, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
  }

  /// Squared distance from the bounds, so that the simplex comes back.
  private func excess(_ point: [Double]) -> Double {
    zip(zip(point, clamped(point)), extents).reduce(0) { $0 + pow(($1.0.0 - $1.0.1) / $1.1, 2) }
  }

  private func pair(_ point: [Double]) -> PulsePair {
    let width = width ?? pow(10, point[2])
    return PulsePair(
      set: Pulse(voltage: point[0], width: width), reset: Pulse(voltage: point[1], width: width))
  }

  private func cost(_ point: [Double], _ model: some PulseModel) -> Double {
    let steps = model.steps(
      of: pair(clamped(point)), window: window, range: window)
    let balance = steps.imbalance * steps.imbalance
    guard let pulses else { return balance }
    return balance + pow(log((steps.pulsesUp * steps.pulsesDown).squareRoot() / pulses), 2)
  }
}
