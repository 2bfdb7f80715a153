import Foundation
import Statistics

extension SwitchingLikelihood {
  /// Devices from which on a spread's maximum likelihood is as good as its restricted one.
  private static let manyDevices = 30

  /// The parameters of a maximum, with the intervals that the number of devices allows.
  ///
  /// The mean over few devices has Student's interval. Spreads are those of the restricted likelihood,
  /// from which the mean is integrated out (by Laplace's method; Patterson and Thompson 1971, Cox and
  /// Reid 1987): the plain one takes the devices' scatter about their own mean for that about the
  /// population's.
  func parameters(_ maximum: LikelihoodMaximum, prefix: String) -> [FittedParameter] {
    let devices = Double(counts.count)
    let isFew = isRepeated && counts.count < Self.manyDevices
    let restricted = isFew ? self.restricted(from: maximum) : nil
    return names.enumerated().map { index, name in
      let isSpread = index == scaleIndex || isRepeated && index == scaleIndex + 1
      var drop = LikelihoodMaximum.drop
      if isFew, index == 0 { drop = LikelihoodMaximum.drop(ofMeanOf: devices) }
      if isFew, index == scaleIndex + 1 {
        drop = LikelihoodMaximum.drop(ofVarianceWith: devices - 1)
      }
      var parameter = FittedParameter(
        prefix + name, of: isSpread ? restricted ?? maximum : maximum, index,
        unit: name == "lapse_rate" ? "1" : name.hasSuffix("decade") ? "V/decade" : "V",
        isLogarithm: index >= scaleIndex, drop: drop)
      if index == 0, observations.isTwoDevices {
        (parameter.standardError, parameter.interval) = (
          .infinity, -Double.infinity...Double.infinity
        )
      }
      return parameter
    }
  }

  private func restricted(from maximum: LikelihoodMaximum) -> LikelihoodMaximum? {
    let start = start
    return try? LikelihoodMaximum(from: maximum.point, steps: start.steps, at: "switching") {
      point in
      let cost = self.cost(point)
      // A fraction of the mean's error: the likelihood is smooth over it.
      let step = 0.3 * exp(point[scaleIndex + 1]) / Double(counts.count).squareRoot()
      var (above, below) = (point, point)
      above[0] += step
      below[0] -= step
      let curvature = (self.cost(above) - 2 * cost + self.cost(below)) / (step * step)
      return curvature > 0 && curvature.isFinite ? cost + log(curvature) / 2 : .infinity
    }
  }
}
