import Foundation
import Mathematics

extension StepCurveFit {
  static func fitPiecewise(_ data: ScaledCurves, at place: String) -> LeastSquaresFit? {
    let nodes = PiecewiseWalk.nodeCount
    let curves = PiecewiseCurves(data)
    let problem = CurveProblem(
      parameterCount: StepForm.piecewise.parameterCount, rowCount: curves.rowCount,
      leastMagnitude: 1e-3
    ) { parameters, rows, residuals in
      let all = curves.residuals(parameters)
      for (at, row) in rows.enumerated() { residuals[at] = all[row] }
    }
    for rate in [3, 1, 8.0] {
      // Soft bounds to start with; the last node still moves.
      let falling = (0..<nodes).map { node in
        log(rate / data.length * max(0.05, 1 - Double(node) / Double(nodes - 1)))
      }
      let start = [0.03, 0.03] + falling + falling.reversed()
      if let found = try? LeastSquares.fit(problem, start: start, loss: .biweight, at: place) {
        return found
      }
    }
    return nil
  }

  static func piecewise(
    _ p: [Double], _ data: ScaledCurves
  ) -> (bounds: ClosedRange<Double>, set: Branch, reset: Branch) {
    let nodes = PiecewiseWalk.nodeCount
    func branch(_ at: Int) -> Branch {
      let steps = (0..<nodes).map { data.unit * exp(p[2 + at * nodes + $0]) }
      return Branch(
        step: SeriesPopulation.geometricMean(steps), nodeSteps: steps, start: p[at])
    }
    return (data.low...data.low + data.unit, branch(0), branch(1))
  }
}

/// Two curves in piecewise steps, and rows that hold neighbouring nodes together where no pulse
/// determines them.
///
/// Parameters: passed share of SET and RESET before the first pulse, then the logarithms of the SET
/// steps at the nodes and of the RESET steps, ascending in conductance.
private struct PiecewiseCurves {
  private static let smoothing = 1e-3
  private static let nodes = PiecewiseWalk.nodeCount

  private let data: ScaledCurves
  let rowCount: Int

  init(_ data: ScaledCurves) {
    self.data = data
    rowCount = data.count + 2 * (Self.nodes - 1)
  }

  /// Model less data of every row; a curve is walked once, from pulse to pulse.
  func residuals(_ p: UnsafeBufferPointer<Double>) -> [Double] {
    let nodes = Self.nodes
    let steps = p.dropFirst(2).map { exp($0) }
    var result = [Double](repeating: 0, count: rowCount)
    var (passed, pulse) = (p[0], 0.0)
    for row in 0..<data.count {
      let isSet = data.isSet(row)
      if row == data.set.count { (passed, pulse) = (p[1], 0) }
      let next = data.pulses(row)
      passed = PiecewiseWalk.value(from: passed, pulses: next - pulse) {
        steps[isSet ? $0 : 2 * nodes - 1 - $0]
      }
      pulse = next
      result[row] = (isSet ? passed : 1 - passed) - data.values[row]
    }
    for tie in 0..<2 * (nodes - 1) {
      let (branch, node) = tie.quotientAndRemainder(dividingBy: nodes - 1)
      let at = 2 + branch * nodes + node
      result[data.count + tie] = Self.smoothing * (p[at + 1] - p[at])
    }
    return result
  }
}
