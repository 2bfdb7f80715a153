import Devices
import Foundation

/// What a model leaves of one device's sweeps at the deviation that suits the device best.
struct DeviceResiduals {
  /// The device's deviation from the mean device, in units of the spread between devices.
  var z: Double
  /// Current less prediction by sweep, in the order measured, A.
  var amperes: [[Double]]
  /// Largest current of every sweep, A.
  var scales: [Double]
  /// Σ of squared residuals, of squared currents, A², and of squared residuals relative to a sweep's
  /// largest current.
  var squares = 0.0
  var total = 0.0
  var relative = 0.0
  var count = 0
  var decades = DecadeErrors()
}

extension PreparedSweeps {
  func residuals(of model: any StaticModel, on sweeps: [Sweep]) -> DeviceResiduals {
    var effects: [[Double]] = []
    // What no form is expected to be better than, so that exact data does not weigh one point only.
    var tolerant = noise
    tolerant.gain = max(noise.gain, 0.01)
    var found = DeviceResiduals(z: 0, amperes: [], scales: [])
    var (top, bottom) = (0.0, 1e-12)
    for sweep in sweeps {
      let celsius = sweep.temperature.isNaN ? 25 : sweep.temperature
      let state = model.coefficients(
        conductance: sweep.conductance, temperature: celsius + PhysicalConstants.zeroCelsius)
      let scale = max(sweep.currents.map { abs($0 - noise.offset) }.max() ?? 1, 1e-30)
      var (residual, effect): ([Double], [Double]) = ([], [])
      for (v, i) in zip(sweep.voltages, sweep.currents) {
        let terms = model.basis.map { $0.value(at: v) }
        let mean = zip(terms, state.mean).reduce(0) { $0 + $1.0 * $1.1 }
        residual.append(i - noise.offset - mean)
        effect.append(zip(terms, state.deviation).reduce(0) { $0 + $1.0 * $1.1 })
        found.total += (i - noise.offset) * (i - noise.offset)
      }
      for (point, (r, e)) in zip(residual, effect).enumerated() {
        let weight = 1 / tolerant.variance(at: sweep.currents[point] - noise.offset)
        top += weight * e * r
        bottom += weight * e * e
      }
      found.amperes.append(residual)
      found.scales.append(scale)
      effects.append(effect)
    }
    found.z = top / bottom
    for index in sweeps.indices {
      for point in effects[index].indices {
        found.amperes[index][point] -= found.z * effects[index][point]
        let r = found.amperes[index][point]
        found.squares += r * r
        found.relative += r * r / (found.scales[index] * found.scales[index])
        found.decades.add(
          residual: r, current: sweeps[index].currents[point] - noise.offset, noise: noise)
      }
      found.count += effects[index].count
    }
    return found
  }

  /// Residuals of a sweep in units of the instrument's noise.
  func standardised(_ amperes: [Double], of sweep: Sweep) -> [Double] {
    amperes.indices.map { point in
      let current = sweep.currents[point] - noise.offset
      return amperes[point] * (sweep.counts[point] / noise.variance(at: current)).squareRoot()
    }
  }
}
