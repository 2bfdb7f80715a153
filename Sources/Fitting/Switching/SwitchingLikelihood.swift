import Foundation

/// −ln L of counts of switched pulses, with the devices' thresholds integrated out.
///
/// Coordinates: median at the reference width, change per decade of width (if free), ln scale and,
/// with repeated pulses, ln of the standard deviation between devices.
struct SwitchingLikelihood {
  let observations: SwitchingObservations
  let form: SwitchingForm
  /// Seconds.
  let referenceWidth: Double
  let hasSlope: Bool
  let isRepeated: Bool
  let decades: [Double]
  let counts: [[SwitchingObservations.Count]]

  /// Steps of the trapezoidal rule over a standard normal device; spectrally accurate for the smooth
  /// integrand once the step is below its width.
  static let nodes = (-120...120).map { Double($0) / 24 }
  static let weights = nodes.map { -$0 * $0 / 2 - log(24 * (2 * Double.pi).squareRoot()) }

  init(_ observations: SwitchingObservations, form: SwitchingForm, referenceWidth: Double) {
    self.observations = observations
    self.form = form
    self.referenceWidth = referenceWidth
    let found = observations.levels.map { level -> Double in
      let ratio = level.width / referenceWidth
      return ratio > 0 && ratio.isFinite ? log10(ratio) : 0
    }
    decades = found
    hasSlope = form != .exponential && (found.max() ?? 0) - (found.min() ?? 0) > 0.01
    isRepeated = observations.isRepeated
    counts = isRepeated ? observations.devices : [observations.pooled]
  }

  var names: [String] {
    ["threshold_mean"] + (hasSlope ? ["threshold_per_decade"] : [])
      + [isRepeated ? "cycle_spread" : "total_spread"] + (isRepeated ? ["device_spread"] : [])
  }

  /// Place of the scale's logarithm.
  var scaleIndex: Int { hasSlope ? 2 : 1 }

  func slope(_ point: [Double]) -> Double {
    if form == .exponential { return -exp(point[scaleIndex]) * M_LN10 }
    return hasSlope ? point[1] : 0
  }

  /// −ln L.
  func cost(_ point: [Double]) -> Double {
    let scale = exp(point[scaleIndex])
    let spread = isRepeated ? exp(point[scaleIndex + 1]) : 0
    let slope = slope(point)
    let nodes = isRepeated ? Self.nodes : [0]
    let table = observations.levels.indices.map { level in
      nodes.map { z in
        form.logarithms(
          voltage: observations.levels[level].voltage,
          median: point[0] + slope * decades[level] + spread * z, scale: scale)
      }
    }
    var sum = 0.0
    var terms = [Double](repeating: 0, count: nodes.count)
    for device in counts {
      for k in nodes.indices { terms[k] = isRepeated ? Self.weights[k] : 0 }
      for count in device where count.total > 0 {
        let (yes, no) = (count.switched, count.total - count.switched)
        table[count.level].withUnsafeBufferPointer { row in
          for k in terms.indices { terms[k] += yes * row[k].yes + no * row[k].no }
        }
      }
      let top = terms.max() ?? 0
      sum -= top + log(terms.reduce(0) { $0 + exp($1 - top) })
    }
    return sum
  }

  /// Where to begin: the amplitude at which half the pulses switch, and its neighbours' distance.
  var start: (point: [Double], steps: [Double]) {
    let pooled = observations.pooled
    var shares: [Double: (yes: Double, all: Double)] = [:]
    for count in pooled {
      let old = shares[observations.levels[count.level].voltage] ?? (0, 0)
      shares[observations.levels[count.level].voltage] = (
        old.yes + count.switched, old.all + count.total
      )
    }
    let sorted = shares.sorted { $0.key < $1.key }
    let centre = sorted.min {
      abs($0.value.yes / $0.value.all - 0.5) < abs($1.value.yes / $1.value.all - 0.5)
    }
    let range = (sorted.last?.key ?? 1) - (sorted.first?.key ?? 0)
    let width = max(range / 6, 0.02 * (centre?.key ?? 1))
    return (
      [centre?.key ?? 1] + (hasSlope ? [0] : []) + [log(width)] + (isRepeated ? [log(width)] : []),
      [width / 2] + (hasSlope ? [width / 8] : []) + [0.5] + (isRepeated ? [0.5] : [])
    )
  }
}
