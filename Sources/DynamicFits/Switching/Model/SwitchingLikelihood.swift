import Foundation

/// −ln L of counts of switched pulses, with the devices' thresholds integrated out.
///
/// Coordinates: median at the reference width, change per decade of width (if free), ln scale, with
/// repeated pulses ln of the standard deviation between devices, and ln of the lapse rate (if free):
/// the share ε of outcomes that have nothing to do with the pulse, P' = ε + (1 − 2ε) P (Wichmann and
/// Hill 2001). Without it a single flipped outcome far from the threshold widens the curve.
struct SwitchingLikelihood {
  let observations: SwitchingObservations
  let form: SwitchingForm
  /// Seconds.
  let referenceWidth: Double
  let hasSlope: Bool
  let isRepeated: Bool
  let hasLapses: Bool
  let decades: [Double]
  let counts: [[SwitchingObservations.Count]]

  /// Steps of the trapezoidal rule over a standard normal device; spectrally accurate for the smooth
  /// integrand once the step is below its width.
  static let nodes = (-120...120).map { Double($0) / 24 }
  static let weights = nodes.map { -$0 * $0 / 2 - log(24 * (2 * Double.pi).squareRoot()) }

  /// A lapse rate above which outcomes would tell nothing.
  private static let mostLapses = 0.25

  init(
    _ observations: SwitchingObservations, form: SwitchingForm, referenceWidth: Double,
    hasLapses: Bool = false
  ) {
    self.hasLapses = hasLapses
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
      + [isRepeated || observations.isOneDevice ? "cycle_spread" : "total_spread"]
      + (isRepeated ? ["device_spread"] : [])
      + (hasLapses ? ["lapse_rate"] : [])
  }

  func lapseRate(_ point: [Double]) -> Double {
    hasLapses ? min(Self.mostLapses, exp(point[point.count - 1])) : 0
  }

  /// Place of the scale's logarithm.
  var scaleIndex: Int { hasSlope ? 2 : 1 }

  func slope(_ point: [Double]) -> Double {
    if form == .exponential { return -exp(point[scaleIndex]) * M_LN10 }
    return hasSlope ? point[1] : 0
  }

  /// ln P and ln(1 − P) of every level at every node of the devices' distribution.
  private func table(_ point: [Double]) -> [[(yes: Double, no: Double)]] {
    let scale = exp(point[scaleIndex])
    let spread = isRepeated ? exp(point[scaleIndex + 1]) : 0
    let slope = slope(point)
    let lapse = lapseRate(point)
    return observations.levels.indices.map { level in
      (isRepeated ? Self.nodes : [0]).map { z in
        let bare = form.logarithms(
          voltage: observations.levels[level].voltage,
          median: point[0] + slope * decades[level] + spread * z, scale: scale)
        guard lapse > 0 else { return bare }
        return (
          log(lapse + (1 - 2 * lapse) * exp(bare.yes)), log(lapse + (1 - 2 * lapse) * exp(bare.no))
        )
      }
    }
  }

  /// ln of a device's likelihood times the weight, at every node.
  private func add(
    _ device: [SwitchingObservations.Count], _ table: [[(yes: Double, no: Double)]],
    to terms: inout [Double]
  ) {
    for k in terms.indices { terms[k] = isRepeated ? Self.weights[k] : 0 }
    for count in device where count.total > 0 {
      let (yes, no) = (count.switched, count.total - count.switched)
      table[count.level].withUnsafeBufferPointer { row in
        for k in terms.indices { terms[k] += yes * row[k].yes + no * row[k].no }
      }
    }
  }

  /// −ln L.
  func cost(_ point: [Double]) -> Double {
    let table = table(point)
    var sum = 0.0
    var terms = [Double](repeating: 0, count: isRepeated ? Self.nodes.count : 1)
    for device in counts {
      add(device, table, to: &terms)
      let top = terms.max() ?? 0
      sum -= top + log(terms.reduce(0) { $0 + exp($1 - top) })
    }
    return sum
  }

  /// How likely a device's outcomes are, whatever its threshold.
  func probability(of device: [SwitchingObservations.Count], at point: [Double]) -> Double {
    var terms = [Double](repeating: 0, count: isRepeated ? Self.nodes.count : 1)
    add(device, table(point), to: &terms)
    return terms.reduce(0) { $0 + exp($1) }
  }

  /// Outcomes that are lapses with a probability above a limit.
  func lapses(
    at point: [Double], above limit: Double
  ) -> [(device: Int, level: Int, count: Double, isSwitched: Bool)] {
    guard hasLapses, isRepeated else { return [] }
    let (table, lapse) = (table(point), lapseRate(point))
    var found: [(device: Int, level: Int, count: Double, isSwitched: Bool)] = []
    var terms = [Double](repeating: 0, count: Self.nodes.count)
    for (index, device) in counts.enumerated() {
      add(device, table, to: &terms)
      let top = terms.max() ?? 0
      let posterior = terms.map { exp($0 - top) }
      let norm = posterior.reduce(0, +)
      for count in device {
        for (number, isSwitched) in [(count.switched, true), (count.total - count.switched, false)]
        where number > 0 {
          let share = posterior.indices.reduce(0.0) { sum, k in
            let logarithms = table[count.level][k]
            return sum + posterior[k] * lapse / exp(isSwitched ? logarithms.yes : logarithms.no)
          }
          if share / norm > limit { found.append((index, count.level, number, isSwitched)) }
        }
      }
    }
    return found
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
      [centre?.key ?? 1] + (hasSlope ? [0] : []) + [log(width)] + (isRepeated ? [log(width)] : [])
        + (hasLapses ? [log(0.01)] : []),
      [width / 2] + (hasSlope ? [width / 8] : []) + [0.5] + (isRepeated ? [0.5] : [])
        + (hasLapses ? [0.5] : [])
    )
  }
}
