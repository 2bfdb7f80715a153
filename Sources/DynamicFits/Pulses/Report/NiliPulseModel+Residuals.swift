import FitResults
import Foundation
import Statistics

/// What the Nili response leaves of the pulses of one polarity.
struct PulseResiduals: Sendable {
  struct Pulse: Sendable {
    var voltage: Double
    /// S.
    var predicted: Double
    var seen: Double
    /// In units of its error.
    var residual: Double
  }

  var structure = ResidualStructure()
  /// Sums over the pulses in the fit: count, Σ residual², Σ step and Σ step², in S.
  var count = 0.0
  var squares = 0.0
  var sum = 0.0
  var sumOfSquares = 0.0
  /// Some of the pulses, evenly over devices.
  var drawn: [Pulse] = []

  /// Pulses whose order along the amplitude is looked at, and pulses that are drawn.
  static let (ordered, shown) = (200_000, 1000)

  mutating func add(_ other: Self) {
    structure.add(other.structure)
    count += other.count
    squares += other.squares
    sum += other.sum
    sumOfSquares += other.sumOfSquares
    drawn += other.drawn
  }

  /// Root mean square of the residuals, S.
  var rmse: Double { (squares / max(1, count)).squareRoot() }
  var rSquared: Double {
    let total = sumOfSquares - sum * sum / max(1, count)
    return FitReport.explained(squares, of: total)
  }
}

extension NiliPulseModel {
  /// Residuals at the devices' own deviations, of the pulses that are not set aside.
  func residuals(at parameters: [Double], deviations: [Double]) -> PulseResiduals {
    var found = PulseResiduals()
    var order = [[(voltage: Double, tie: UInt32, residual: Double)]](
      repeating: [], count: binCount)
    let used = weights.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    let strides = (max(1, used / PulseResiduals.ordered), max(1, used / PulseResiduals.shown))
    var number = 0
    visit(parameters, deviations) { at, seen, z in
      guard weights[at] > 0 else { return }
      let step = observations.step[at]
      let predicted = seen.mean * max(0, 1 + z * seen.spread) * Self.stepUnit
      let left = step - predicted
      let residual = left / Self.stepUnit * Double(weights[at]).squareRoot()
      found.count += 1
      found.squares += left * left
      found.sum += step
      found.sumOfSquares += step * step
      if number % strides.0 == 0 {
        // Pulses of one amplitude in no order: that of devices would show what z leaves of them.
        let tie = UInt32(truncatingIfNeeded: at) &* 2_654_435_761
        order[Int(bins[at])].append((observations.voltage[at], tie, residual))
      }
      if number % strides.1 == 0 {
        found.drawn.append(
          .init(
            voltage: observations.voltage[at], predicted: predicted, seen: step,
            residual: residual))
      }
      number += 1
    }
    for bin in order {
      let sorted = bin.sorted { ($0.voltage, $0.tie) < ($1.voltage, $1.tie) }
      found.structure.add(sorted.map(\.residual))
    }
    return found
  }
}
