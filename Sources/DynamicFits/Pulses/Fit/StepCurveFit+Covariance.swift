import Foundation
import Mathematics
import Statistics

extension StepCurveFit {
  /// Covariance of what a calibration gets of one device, row-major, with names: bounds, steps in
  /// siemens and, of `power`, exponents; of `piecewise` the steps at the nodes alone, as its bounds
  /// are where the readings end.
  ///
  /// - Returns: `open` lists those that depend on a coordinate which the curves leave open.
  var covariance: (names: [String], values: [Double], open: [Int]) {
    let (p, n) = (fit.parameters, fit.parameters.count)
    guard form != .piecewise else {
      let nodes = set.nodeSteps.count
      let names = (0..<nodes).map { "set_steps.\($0)" } + (0..<nodes).map { "reset_steps.\($0)" }
      // Steps were fitted by their logarithms; those of RESET are negative.
      let jacobian = (0..<2 * nodes).map { k in
        let step = k < nodes ? set.nodeSteps[k] : -reset.nodeSteps[k - nodes]
        return (0..<n).map { $0 == k + 2 ? step : 0 }
      }
      return described(names, jacobian)
    }
    // Steps are the width of the bounds times a rate, fitted by its logarithm.
    let width = p[1] - p[0]
    let unit = (bounds.upperBound - bounds.lowerBound) / width
    var rows = [(0, unit), (1, unit)].map { place, scale in
      (0..<n).map { $0 == place ? scale : 0.0 }
    }
    for (place, step) in [(2, set.step), (3, reset.step)] {
      rows.append(
        (0..<n).map { $0 == place ? step : $0 == 0 ? -step / width : $0 == 1 ? step / width : 0 })
    }
    if form == .power {
      rows += [6, 7].map { place in (0..<n).map { $0 == place ? 1.0 : 0 } }
    }
    let names =
      ["bounds.low", "bounds.high", "set_step", "reset_step"]
      + (form == .power ? ["set_exponent", "reset_exponent"] : [])
    return described(names, rows)
  }

  private func described(
    _ names: [String], _ jacobian: [[Double]]
  ) -> (names: [String], values: [Double], open: [Int]) {
    let open = jacobian.indices.filter { row in
      fit.undetermined.contains { jacobian[row][$0] != 0 }
    }
    return (
      names, ParameterCorrelation.transformed(covariance: fit.covariance, by: jacobian), open
    )
  }
}
