package import Failures
import Foundation
package import Mathematics

/// Maximum marginal likelihood of a ``RandomEffectModel`` by Fisher scoring.
///
/// With r the residuals of a device, K = diag(1/σ²), v = wᵀKw and u = wᵀKr,
///
///     −2 ln L = rᵀKr − Σ ln K − u²/(1 + v) + ln(1 + v),
///
/// and the expected information of parameters k and l is
///
///     μₖᵀV⁻¹μₗ + v/(1+v) · (wₖᵀKwₗ − gₖgₗ/(1+v)) + gₖgₗ/(1+v)²,  gₖ = wₖᵀKw,
///
/// (V = K⁻¹ + w wᵀ). It holds everything: the noise of the observations, the finite number of
/// devices behind a mean, and behind a spread. Devices are summed in fixed blocks, so any number of
/// threads gives the same bits.
package struct RandomEffectFit: Sendable {
  package var parameters: [Double]
  /// Row-major.
  package var covariance: [Double]
  package var undetermined: [Int]
  /// Row-major covariance by the scatter of the devices' own scores about zero (Huber 1967; White
  /// 1982): right where the noise or the devices are not quite what the model says they are.
  package var robustCovariance: [Double]
  /// Posterior mean of each device's z.
  package var deviations: [Double]
  /// −2 ln L without constants.
  package var deviance: Double
  /// Σ residual²/σ² at the posterior deviations.
  package var conditionalSquares: Double
  package var observations: Int
  package var iterations: Int
  /// Whether the last step was within the tolerance.
  package var isSettled: Bool

  /// Maximises the likelihood.
  ///
  /// - Parameter tolerance: expected fall of −2 ln L at which to stop: the square of the remaining
  ///   distance in standard errors.
  /// - Parameter mustSettle: false takes what `limit` steps give, for rounds that only prepare.
  /// - Throws: ``Failure`` of kind `badData` when the scoring does not settle.
  package init(
    _ model: some RandomEffectModel, start: [Double], workers: Workers, limit: Int = 300,
    tolerance: Double = 1e-4, mustSettle: Bool = true, at place: String
  ) throws(Failure) {
    var point = start
    var sums = Self.sums(model, at: point, workers)
    guard sums.deviance.isFinite else {
      throw Failure(.badData, at: place, "the model is not finite at its starting values")
    }
    var damping = 1e-3
    var steps = 0
    var isSettled = false
    var smallGains = 0
    while !isSettled && steps < limit {
      steps += 1
      let step = Self.step(sums, damping: damping)
      let trial = zip(point, step).map { $0 + $1 }
      let candidate = Self.sums(model, at: trial, workers)
      // The expected decrease is what the remaining error is measured by: it has no unit.
      let expected = zip(step, sums.score).reduce(0) { $0 + $1.0 * $1.1 }
      if candidate.deviance.isFinite, candidate.deviance <= sums.deviance {
        let gain = sums.deviance - candidate.deviance
        smallGains = gain < tolerance ? smallGains + 1 : 0
        isSettled = expected < tolerance || smallGains > 2
        (point, sums) = (trial, candidate)
        damping = max(1e-14, damping / 10)
      } else {
        isSettled = expected < tolerance || damping > 1e12
        damping *= 4
      }
    }
    guard isSettled || !mustSettle else {
      throw Failure(
        .badData, at: place, "the fit has not converged after \(limit) steps",
        remedy: "the data may not determine the model; choose a simpler one")
    }
    let information = InformationMatrix(sums.information, size: point.count)
    parameters = point
    covariance = information.inverse
    robustCovariance = Self.sandwich(information.inverse, sums)
    undetermined = information.undetermined
    deviations = sums.deviations
    deviance = sums.deviance
    conditionalSquares = sums.conditionalSquares
    observations = sums.observations
    iterations = steps
    self.isSettled = isSettled
  }

  /// I⁻¹·(Σ sᵢsᵢᵀ)·I⁻¹ over devices, with what their number loses to their mean.
  private static func sandwich(_ inverse: [Double], _ sums: Sums) -> [Double] {
    let n = sums.score.count
    let devices = Double(sums.deviations.count)
    let rows = (0..<n).map { i in Array(inverse[i * n..<(i + 1) * n]) }
    let bare = ParameterCorrelation.transformed(covariance: sums.scatter, by: rows)
    return bare.map { $0 * devices / max(1, devices - 1) }
  }

  /// (I + λ·diag I)⁻¹ · score on the parameters that have information.
  private static func step(_ sums: Sums, damping: Double) -> [Double] {
    let n = sums.score.count
    var matrix = sums.information
    for i in 0..<n { matrix[i * n + i] *= 1 + damping }
    let inverse = InformationMatrix(matrix, size: n, tolerance: 1e-15).inverse
    return (0..<n).map { i in (0..<n).reduce(0) { $0 + inverse[i * n + $1] * sums.score[$1] } }
  }
}

/// Sums over devices.
extension RandomEffectFit {
  struct Sums {
    var deviance = 0.0
    /// −½ ∂(−2 ln L)/∂θ.
    var score: [Double]
    var information: [Double]
    /// Σ sᵢsᵢᵀ of the devices' own scores, row-major.
    var scatter: [Double]
    var deviations: [Double] = []
    var conditionalSquares = 0.0
    var observations = 0

    init(parameters n: Int) {
      score = Array(repeating: 0, count: n)
      information = Array(repeating: 0, count: n * n)
      scatter = information
    }

    mutating func add(_ other: Sums) {
      deviance += other.deviance
      conditionalSquares += other.conditionalSquares
      observations += other.observations
      deviations += other.deviations
      for i in score.indices { score[i] += other.score[i] }
      for i in information.indices {
        information[i] += other.information[i]
        scatter[i] += other.scatter[i]
      }
    }
  }

  static let devicesPerBlock = 8

  /// All sums at a point.
  static func sums(
    _ model: some RandomEffectModel, at point: [Double], _ workers: Workers
  ) -> Sums {
    let n = model.parameterCount
    let evaluation = model.prepared(point)
    let blocks = (model.deviceCount + devicesPerBlock - 1) / devicesPerBlock
    let results = PartialResults<Sums>(count: blocks)
    workers.forEach(blocks) { block in
      var sums = Sums(parameters: n)
      var accumulator = DeviceAccumulator(parameters: n, local: model.localParameterCount)
      let first = block * devicesPerBlock
      for device in first..<min(first + devicesPerBlock, model.deviceCount) {
        accumulator.add(model.observationCount(of: device), device, evaluation, to: &sums)
      }
      results.set(sums, at: block)
    }
    var total = Sums(parameters: n)
    for block in 0..<blocks { if let part = results.take(block) { total.add(part) } }
    for i in 0..<n {
      for j in 0..<i {
        total.information[j * n + i] = total.information[i * n + j]
        total.scatter[j * n + i] = total.scatter[i * n + j]
      }
    }
    return total
  }
}

/// The sums of one device at a time.
private struct DeviceAccumulator {
  private let n: Int
  private var mean: [Double]
  private var effect: [Double]
  /// μₖᵀKr, wₖᵀKr, μₖᵀKw, gₖ = wₖᵀKw.
  private var meanResidual: [Double]
  private var effectResidual: [Double]
  private var meanEffect: [Double]
  private var effectEffect: [Double]
  /// Its score.
  private var own: [Double]
  /// μₖᵀKμₗ and wₖᵀKwₗ, lower triangles.
  private var meanMean: [Double]
  private var effectProducts: [Double]

  init(parameters n: Int, local: Int) {
    self.n = n
    mean = Array(repeating: 0, count: local)
    effect = Array(repeating: 0, count: local)
    meanResidual = Array(repeating: 0, count: n)
    (effectResidual, meanEffect, effectEffect) = (meanResidual, meanResidual, meanResidual)
    own = meanResidual
    meanMean = Array(repeating: 0, count: n * n)
    effectProducts = meanMean
  }

  mutating func add(
    _ count: Int, _ device: Int, _ evaluation: any RandomEffectEvaluation,
    to sums: inout RandomEffectFit.Sums
  ) {
    clear()
    var (rr, u, v, logWeights) = (0.0, 0.0, 0.0, 0.0)
    var used = 0
    let n = n
    mean.withUnsafeMutableBufferPointer { mean in
      effect.withUnsafeMutableBufferPointer { effect in
        guard let m = mean.baseAddress, let w = effect.baseAddress else { return }
        for index in 0..<count {
          guard let seen = evaluation.observation(index, of: device, mean: m, effect: w)
          else { continue }
          used += 1
          let k = seen.weight
          rr += k * seen.residual * seen.residual
          u += k * seen.residual * seen.effect
          v += k * seen.effect * seen.effect
          logWeights += log(k)
          for i in 0..<seen.parameters {
            let at = seen.firstParameter + i
            let (mk, wk) = (m[i] * k, w[i] * k)
            meanResidual[at] += mk * seen.residual
            effectResidual[at] += wk * seen.residual
            meanEffect[at] += mk * seen.effect
            effectEffect[at] += wk * seen.effect
            let row = at * n + seen.firstParameter
            for j in 0...i {
              meanMean[row + j] += mk * m[j]
              effectProducts[row + j] += wk * w[j]
            }
          }
        }
      }
    }
    sums.observations += used
    sums.deviance += rr - logWeights - u * u / (1 + v) + log1p(v)
    let z = u / (1 + v)
    sums.deviations.append(z)
    sums.conditionalSquares += rr - 2 * z * u + z * z * v
    book(u: u, v: v, to: &sums)
  }

  private mutating func clear() {
    for i in 0..<n {
      (meanResidual[i], effectResidual[i], meanEffect[i], effectEffect[i]) = (0, 0, 0, 0)
    }
    for i in 0..<n * n { (meanMean[i], effectProducts[i]) = (0, 0) }
  }

  private mutating func book(u: Double, v: Double, to sums: inout RandomEffectFit.Sums) {
    let inverse = 1 / (1 + v)
    let z = u * inverse
    for i in 0..<n {
      // −½ d/dθ: the mean's part μₖᵀV⁻¹r, and that of w.
      own[i] =
        meanResidual[i] - meanEffect[i] * z
        + z * effectResidual[i] - z * z * effectEffect[i] - inverse * effectEffect[i]
      sums.score[i] += own[i]
      for j in 0...i {
        sums.scatter[i * n + j] += own[i] * own[j]
        sums.information[i * n + j] +=
          meanMean[i * n + j] - meanEffect[i] * meanEffect[j] * inverse
          + v * inverse
          * (effectProducts[i * n + j] - effectEffect[i] * effectEffect[j] * inverse)
          + effectEffect[i] * effectEffect[j] * inverse * inverse
      }
    }
  }
}

/// Results of blocks that several threads fill.
///
/// Sound: each thread writes places of its own, and they are read after `forEachBlock` has returned.
final class PartialResults<Value>: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Value?>
  private let count: Int

  init(count: Int) {
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: nil, count: max(1, count))
    self.count = max(1, count)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  func set(_ value: Value, at index: Int) { base[index] = value }

  func take(_ index: Int) -> Value? {
    defer { base[index] = nil }
    return base[index]
  }
}
