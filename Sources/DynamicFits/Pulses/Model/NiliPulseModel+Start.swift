import Failures
import Foundation
import Mathematics

extension NiliPulseModel {
  /// A cell of pulses of similar amplitude and width in one bin.
  private struct Cell {
    var voltage = 0.0
    var logarithm = 0.0
    var step = 0.0
    var square = 0.0
    var count = 0.0
  }

  /// Pulses a bin must have to be fitted.
  static let leastPulses = 100

  /// Starting values per bin from means over cells of amplitude and width; nil for empty bins.
  func start(at place: String) throws(Failure) -> [[Double]?] {
    var result: [[Double]?] = []
    let cells = cells()
    for bin in 0..<binCount {
      let count = cells[bin].reduce(0) { $0 + $1.count }
      guard count >= Double(Self.leastPulses) else {
        result.append(nil)
        continue
      }
      result.append(try Self.start(cells[bin].filter { $0.count > 3 }, isSet: isSet, place))
    }
    return result
  }

  private func cells() -> [[Cell]] {
    let side = 8
    var cells = [[Cell]](repeating: Array(repeating: Cell(), count: side * side), count: binCount)
    let (v, l) = (observations.voltage, observations.logarithm)
    guard let lowV = v.min(), let highV = v.max(), let lowL = l.min(), let highL = l.max() else {
      return cells
    }
    func part(_ x: Double, _ low: Double, _ high: Double) -> Int {
      let share = (x - low) / (high - low)
      // Amplitudes beyond all reason differ by infinity.
      return share.isFinite ? min(side - 1, Int(Double(side) * share)) : 0
    }
    for at in 0..<observations.count {
      let cell = part(v[at], lowV, highV) * side + part(l[at], lowL, highL)
      let step = observations.step[at] / Self.stepUnit
      cells[Int(bins[at])][cell].voltage += v[at]
      cells[Int(bins[at])][cell].logarithm += l[at]
      cells[Int(bins[at])][cell].step += step
      cells[Int(bins[at])][cell].square += step * step
      cells[Int(bins[at])][cell].count += 1
    }
    return cells
  }

  /// The best of several descents; saturation and amplitude trade off, so one would not do.
  private static func start(_ cells: [Cell], isSet: Bool, _ place: String) throws(Failure)
    -> [Double]
  {
    let means = cells.map { $0.step / $0.count }
    let errors = zip(cells, means).map { cell, mean in
      let variance = max(0, cell.square / cell.count - mean * mean)
      return 0.05 * abs(mean) + (variance / cell.count).squareRoot() + 1e-9
    }
    let sign: Double = isSet ? 1 : -1
    let problem = CurveProblem(parameterCount: 5, rowCount: cells.count) { p, k in
      let (v, l) = (cells[k].voltage / cells[k].count, cells[k].logarithm / cells[k].count)
      let e1 = exp(2 * sign * (p[1] * l - p[2]))
      let e2 = exp(-2 * sign * (p[3] * v - p[4]))
      return (sign * 4 * exp(p[0]) / ((1 + e1) * (1 + e2)) - means[k]) / errors[k]
    }
    let largest = log(max(means.map { sign * $0 }.max() ?? 0, 1e-6))
    var best: (cost: Double, point: [Double])?
    for raise in [-0.5, 1, 2.5] {
      for (slope, drive) in [(0.4, 6.0), (0.2, 4.0), (0.7, 9.0)] {
        // Half saturation at the strongest pulse of the range, a few e-folds below at the weakest.
        let middle = cells.map { $0.logarithm / $0.count }.max() ?? 8
        let amplitude = cells.map { abs($0.voltage / $0.count) }.max() ?? 1
        let point = [
          largest + raise, -sign * slope, -sign * slope * middle, drive, sign * drive * amplitude,
        ]
        guard let fit = try? LeastSquares.fit(problem, start: point, at: place) else { continue }
        let cost = fit.residuals.reduce(0) { $0 + $1 * $1 }
        if cost < best?.cost ?? .infinity { best = (cost, fit.parameters) }
      }
    }
    guard let best else {
      throw Failure(
        .badData, at: place, "no starting values for the \(isSet ? "SET" : "RESET") response",
        remedy: "do positive pulses SET? look at `fit inspect`")
    }
    return best.point + [sign * 0.3, 0, 0, 0, 0, 0.7]
  }
}
