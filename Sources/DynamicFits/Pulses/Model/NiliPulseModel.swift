import Foundation
import Statistics

/// The Nili pulse response of one polarity as a population: per conductance bin the mean step
/// 4c₀/((1 + e^(2σb))(1 + e^(−2σd))), b = c₁L − c₂, d = c₃V − c₄, and z times r times that.
///
/// Parameters per bin: ln|c₀/1 µS|, c₁ … c₄, d₀ … d₄, and the bound at which |r| is held.
struct NiliPulseModel: RandomEffectModel {
  static let perBin = 11
  static let names = ["c0", "c1", "c2", "c3", "c4", "d0", "d1", "d2", "d3", "d4", "bound"]
  static let stepUnit = 1e-6

  var observations: PulseObservations
  var isSet: Bool
  /// Bin of each observation.
  var bins: [UInt8]
  var binCount: Int
  /// 1/σ² per observation in units of (1 µS)⁻²; zero sets it aside.
  var weights: [Float]

  init(_ observations: PulseObservations, isSet: Bool, edges: [Double]) {
    self.observations = observations
    self.isSet = isSet
    binCount = edges.count - 1
    bins = observations.before.map { conductance in
      let above = edges.dropFirst().dropLast().firstIndex { conductance < $0 }
      return UInt8(clamping: (above ?? edges.count - 1) - 1)
    }
    weights = Array(repeating: 1, count: observations.count)
  }

  var parameterCount: Int { binCount * Self.perBin }
  var localParameterCount: Int { Self.perBin }
  var deviceCount: Int { observations.deviceCount }
  func observationCount(of device: Int) -> Int {
    observations.starts[device + 1] - observations.starts[device]
  }
  func prepared(_ parameters: [Double]) -> any RandomEffectEvaluation {
    Evaluation(model: self, parameters: parameters)
  }

  /// Mean step in µS with its two sigmoids, and r before and after holding.
  struct Prediction {
    var mean: Double
    var first: Double
    var second: Double
    var free: Double
    var spread: Double
  }

  @inline(__always)
  func predict(_ p: UnsafePointer<Double>, voltage v: Double, logarithm l: Double) -> Prediction {
    let sign: Double = isSet ? 1 : -1
    let e1 = exp(2 * sign * (p[1] * l - p[2]))
    let e2 = exp(-2 * sign * (p[3] * v - p[4]))
    let mean = sign * 4 * exp(p[0]) / ((1 + e1) * (1 + e2))
    let r = p[5] + p[6] * l * l + p[7] * v * l + p[8] * v * v * l + p[9] * v * v * v
    // r is positive for SET and negative for RESET, as the model defines it.
    let held = sign * min(max(sign * r, 0), p[10])
    return Prediction(
      mean: mean, first: e1 / (1 + e1), second: e2 / (1 + e2), free: r, spread: held)
  }

  struct Evaluation: RandomEffectEvaluation {
    let model: NiliPulseModel
    let parameters: [Double]

    func observation(
      _ index: Int, of device: Int, mean: UnsafeMutablePointer<Double>,
      effect: UnsafeMutablePointer<Double>
    ) -> RandomEffectObservation? {
      let at = model.observations.starts[device] + index
      let weight = Double(model.weights[at])
      guard weight > 0 else { return nil }
      let (v, l) = (model.observations.voltage[at], model.observations.logarithm[at])
      let base = Int(model.bins[at]) * NiliPulseModel.perBin
      let sign: Double = model.isSet ? 1 : -1
      return parameters.withUnsafeBufferPointer { buffer in
        guard let first = buffer.baseAddress else { return nil }
        let p = first + base
        let seen = model.predict(p, voltage: v, logarithm: l)
        let m = seen.mean
        mean[0] = m
        mean[1] = -2 * sign * l * seen.first * m
        mean[2] = 2 * sign * seen.first * m
        mean[3] = 2 * sign * v * seen.second * m
        mean[4] = -2 * sign * seen.second * m
        for k in 0..<5 { effect[k] = mean[k] * seen.spread }
        for k in 5..<11 { (mean[k], effect[k]) = (0, 0) }
        if sign * seen.free > p[10] {
          effect[10] = sign * m
        } else if sign * seen.free > 0 {
          effect[5] = m
          effect[6] = m * l * l
          effect[7] = m * v * l
          effect[8] = m * v * v * l
          effect[9] = m * v * v * v
        }
        let step = model.observations.step[at] / NiliPulseModel.stepUnit
        return RandomEffectObservation(
          residual: step - m, effect: m * seen.spread, weight: weight, firstParameter: base,
          parameters: NiliPulseModel.perBin)
      }
    }
  }
}
