import Devices
import Failures
import Foundation
import Mathematics
import Statistics

/// A static model of one shape in all states, I = gain·(1 + spread·z)·G·φ(V), fitted to sweeps of
/// many devices with z as random effect.
///
/// Parameters: gain, shape …, spread.
struct ShapedModel: RandomEffectModel {
  var form: StaticForm
  var reference: StaticForm.Reference
  /// Sweeps by device.
  var devices: [[Sweep]]
  var noise: InstrumentNoise
  var dispersion: Double
  private let starts: [[Int]]
  /// Magnitudes below which parameters of the shape move by a share of these.
  fileprivate let leastSteps: [Double]

  init(
    form: StaticForm, reference: StaticForm.Reference, devices: [[Sweep]], noise: InstrumentNoise,
    dispersion: Double
  ) {
    self.form = form
    self.reference = reference
    self.devices = devices
    self.noise = noise
    self.dispersion = dispersion
    let reach = max(1e-12, devices.joined().flatMap(\.voltages).reduce(0) { max($0, abs($1)) })
    leastSteps = form.shape.map {
      0.01 * ($0.unit == "ohm" ? 1 / reference.conductance : pow(reach, $0.voltagePower))
    }
    starts = devices.map { sweeps in
      sweeps.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.voltages.count) }
    }
  }

  var parameterCount: Int { form.shape.count + 2 }
  var localParameterCount: Int { parameterCount }
  var deviceCount: Int { devices.count }
  func observationCount(of device: Int) -> Int { starts[device].last ?? 0 }
  func prepared(_ parameters: [Double]) -> any RandomEffectEvaluation {
    Evaluation(model: self, parameters: parameters)
  }

  struct Evaluation: RandomEffectEvaluation {
    let model: ShapedModel
    let parameters: [Double]

    func observation(
      _ index: Int, of device: Int, mean: UnsafeMutablePointer<Double>,
      effect: UnsafeMutablePointer<Double>
    ) -> RandomEffectObservation? {
      let starts = model.starts[device]
      var (low, high) = (0, starts.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if starts[middle] <= index { low = middle } else { high = middle }
      }
      let sweep = model.devices[device][low]
      let point = index - starts[low]
      let v = sweep.voltages[point]
      let count = parameters.count
      let (gain, spread) = (parameters[0], parameters[count - 1])
      var shape = model.form.physical(Array(parameters[1..<count - 1]))
      func current(_ gain: Double = gain) -> Double {
        shape.withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map {
            model.form.current(
              gain: gain, conductance: sweep.conductance, v, $0, model.reference)
          } ?? gain * sweep.conductance * v
        }
      }
      let expected = current()
      let perGain =
        model.form.isLinearInGain || gain == 0
        ? (gain == 0 ? current(1) : expected / gain)
        : (current(gain * (1 + 1e-5)) - current(gain * (1 - 1e-5))) / (2e-5 * gain)
      mean[0] = perGain
      effect[0] = spread * perGain
      for k in shape.indices {
        let value = shape[k]
        let step = 1e-5 * max(abs(value), model.leastSteps[k])
        shape[k] = value + step
        let above = current()
        shape[k] = value - step
        let slope = (above - current()) / (2 * step)
        shape[k] = value
        mean[k + 1] = slope
        effect[k + 1] = spread * slope
      }
      mean[count - 1] = 0
      effect[count - 1] = expected
      let seen = sweep.currents[point] - model.noise.offset
      return RandomEffectObservation(
        residual: seen - expected, effect: spread * expected,
        weight: sweep.counts[point] / (model.noise.variance(at: seen) * model.dispersion),
        firstParameter: 0, parameters: count)
    }
  }
}

/// The fit of one shape.
struct ShapedFit: Sendable {
  var form: StaticForm
  var reference: StaticForm.Reference
  var parameters: [FittedParameter]
  var correlations: [ParameterCorrelation]
  var deviations: [Double]
  var dispersion: Double

  /// - Throws: ``Failure`` of kind `badData` when the fit does not converge.
  init(
    _ form: StaticForm, to devices: [[Sweep]], noise: InstrumentNoise,
    reference: StaticForm.Reference, workers: Workers, at place: String
  ) throws(Failure) {
    let start = ShapedStart(form, devices: devices, noise: noise, reference: reference)
    var point = start.found(at: place) + [devices.count > 1 ? 0.1 : 0]
    var model = ShapedModel(
      form: form, reference: reference, devices: devices, noise: noise, dispersion: 1)
    // A wide noise first; then what the shape leaves unexplained sets it.
    var dispersion = 1e6
    var fit: RandomEffectFit?
    for round in 0..<8 {
      model.dispersion = dispersion
      let found = try RandomEffectFit(model, start: point, workers: workers, at: place)
      point = found.parameters
      point[point.count - 1] = abs(point[point.count - 1])
      point.replaceSubrange(
        1..<point.count - 1, with: form.physical(Array(point[1..<point.count - 1])))
      fit = found
      let freedom = Double(found.observations - point.count - devices.count)
      let next = max(1, dispersion * found.conditionalSquares / max(1, freedom))
      if round > 1, abs(next / dispersion - 1) < 0.02 { break }
      dispersion = max(next, dispersion / 1000)
    }
    guard let fit else { throw Failure(.internal, at: place, "no fit was made") }
    self.form = form
    self.reference = reference
    self.dispersion = dispersion
    deviations = fit.deviations
    let names =
      [("gain", "1")] + form.shape.map { ($0.name, $0.unit) } + [("spread", "1")]
    let quantile = CumulativeFunctions.studentTQuantile(
      0.975, freedom: max(1, Double(devices.count - 1)))
    let n = point.count
    parameters = names.enumerated().map { k, name in
      let isOpen = fit.undetermined.contains(k) || k == n - 1 && devices.count < 3
      return FittedParameter(
        name.0, point[k], unit: name.1,
        standardError: isOpen ? .infinity : max(0, fit.covariance[k * n + k]).squareRoot(),
        quantile: quantile)
    }
    correlations = ParameterCorrelation.all(
      names.map(\.0), covariance: fit.covariance,
      without: fit.undetermined + (devices.count < 3 ? [n - 1] : []))
  }

  func model(range: ClosedRange<Double>, voltage: Double) -> any StaticModel {
    let values = parameters.map(\.value)
    return form.model(
      gain: values[0], shape: Array(values[1..<values.count - 1]),
      spread: values[values.count - 1], reference: reference, range: range, voltage: voltage)
  }
}
