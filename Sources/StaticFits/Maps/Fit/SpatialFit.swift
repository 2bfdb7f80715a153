import Failures
import Foundation
import Mathematics

/// The spatial model at its maximum of likelihood, with or without correlation.
struct SpatialFit {
  var point: SpatialModel.Point
  var deviance: Double
  /// Standard errors of the point's values, infinite where the likelihood is flat.
  var errors: [Double]
  /// Of the point's values.
  var covariance: InformationMatrix
  /// How much −2 ln L falls by correlation: χ² of two degrees of freedom without any.
  var correlationGain = 0.0
  /// How much −2 ln L falls by row and by column effects.
  var rowGain = 0.0
  var columnGain = 0.0

  /// χ² of two degrees of freedom at 1 %.
  static let correlationThreshold = 9.21
  /// A variance at the border of its range at 5 %: half of χ² of one degree of freedom.
  static let effectThreshold = 2.71

  init(_ model: SpatialModel, at place: String) throws(Failure) {
    let plain = try Self.minimum(model, from: model.start, place)
    var best = plain
    var start = (values: plain.values, deviance: Double.infinity)
    for length in [1.0, 3, 8, 20] where length < Double(min(model.rows, model.columns)) {
      for logit in [-2.0, 0, 2] {
        let values = Array(plain.values[0..<3]) + [logit, log(length)]
        let deviance = model.deviance(values)
        if deviance < start.deviance { start = (values, deviance) }
      }
    }
    let correlated = try Self.minimum(model, from: start.values, place)
    correlationGain = plain.deviance - correlated.deviance
    if correlationGain > Self.correlationThreshold { best = correlated }
    point = SpatialModel.Point(best.values)
    deviance = best.deviance
    let information = Self.information(model, best.values)
    covariance = information
    errors = best.values.indices.map {
      let variance = information.inverse[$0 * best.values.count + $0]
      return information.undetermined.contains($0) || !(variance > 0)
        ? .infinity : variance.squareRoot()
    }
    rowGain = Self.gain(model, best, without: 1)
    columnGain = Self.gain(model, best, without: 2)
  }

  var isCorrelated: Bool { point.correlation != nil }

  private static func gain(
    _ model: SpatialModel, _ best: (values: [Double], deviance: Double), without place: Int
  ) -> Double {
    var values = best.values
    values[place] = best.values[0] - 40
    return model.deviance(values) - best.deviance
  }

  private static func minimum(
    _ model: SpatialModel, from start: [Double], _ place: String
  ) throws(Failure) -> (values: [Double], deviance: Double) {
    let floor = start[0] - 14
    func cost(_ values: [Double]) -> Double {
      // A variance that vanishes leaves a flat valley; a weak slope keeps the simplex out of it.
      // The same for a share of none or all, and for lengths far below a cell.
      var penalty = values[1...2].reduce(0) { $0 + pow(max(0, floor - $1), 2) }
      if values.count > 3 {
        penalty += pow(max(0, abs(values[3]) - 7), 2) + pow(max(0, log(0.3) - values[4]), 2)
      }
      return model.deviance(values) + penalty
    }
    let steps = start.indices.map { [0.1, 0.3, 0.3, 0.5, 0.4][$0] }
    var values = try SimplexMinimum.find(from: start, steps: steps, at: place, cost)
    values = try SimplexMinimum.find(from: values, steps: steps.map { $0 / 5 }, at: place, cost)
    return (values, model.deviance(values))
  }

  /// From second differences of −2 ln L.
  private static func information(
    _ model: SpatialModel, _ values: [Double]
  ) -> InformationMatrix {
    let n = values.count
    let steps = values.indices.map { [0.01, 0.05, 0.05, 0.05, 0.05][$0] }
    var information = [Double](repeating: 0, count: n * n)
    func deviance(_ i: Int, _ a: Double, _ j: Int, _ b: Double) -> Double {
      var shifted = values
      shifted[i] += a * steps[i]
      shifted[j] += b * steps[j]
      return model.deviance(shifted)
    }
    for i in 0..<n {
      for j in 0...i {
        let mixed =
          deviance(i, 1, j, 1) - deviance(i, 1, j, -1) - deviance(i, -1, j, 1)
          + deviance(i, -1, j, -1)
        information[i * n + j] = mixed / (8 * steps[i] * steps[j])
        information[j * n + i] = information[i * n + j]
      }
    }
    return InformationMatrix(information, size: n, tolerance: 1e-8)
  }
}
