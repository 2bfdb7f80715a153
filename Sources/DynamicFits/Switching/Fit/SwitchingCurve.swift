import Failures
import Foundation
import Statistics

/// The probability curve of one kind of pulse, with what had to be left out of it.
struct SwitchingCurve {
  typealias Fit = (likelihood: SwitchingLikelihood, maximum: LikelihoodMaximum)

  /// Without the devices that are stuck.
  let data: SwitchingObservations
  /// What a calibration gets.
  let probit: Fit
  let chosen: (form: SwitchingForm, fit: Fit)
  /// Akaike's criterion of every form that was fitted.
  let criteria: [(form: SwitchingForm, aic: Double)]
  /// Seconds; NaN where pulses have no width.
  let referenceWidth: Double
  /// Labels' numbers of devices that never or always switch.
  let stuck: (never: [Int], always: [Int])

  /// By how much a lapse rate has to lower Akaike's criterion below that of every form without one:
  /// tails of another form are no lapses.
  private static let lapseGain = 10.0

  init(
    _ observations: SwitchingObservations, form: SwitchingForm?, width: Double?, at place: String
  ) throws(Failure) {
    // One of the widths, so that its amplitudes are in the table: the upper middle one.
    let widths = Set(observations.levels.map(\.width)).filter { $0 > 0 }.sorted()
    let reference = width ?? (widths.isEmpty ? .nan : widths[widths.count / 2])
    referenceWidth = reference
    let found = try StuckDevices(in: observations) { (rest) throws(Failure) in
      let bare = try Self.fit(rest, .probit, reference, at: place)
      let lapsing = try? Self.fit(rest, .probit, reference, hasLapses: true, at: place)
      guard let lapsing, Self.aic(lapsing) < Self.aic(bare) - Self.lapseGain else { return bare }
      return lapsing
    }
    stuck = (
      found.never.map { observations.labels[$0] }, found.always.map { observations.labels[$0] }
    )
    let rest = observations.without(Set(found.never + found.always))
    data = rest
    var fits: [(form: SwitchingForm, fit: Fit)] = [
      (.probit, try Self.fit(rest, .probit, reference, at: place))
    ]
    for other in SwitchingForm.allCases where other != .probit {
      if let fit = try? Self.fit(rest, other, reference, at: place) { fits.append((other, fit)) }
    }
    let least = fits.map { Self.aic($0.fit) }.min() ?? .infinity
    if let lapsing = try? Self.fit(rest, .probit, reference, hasLapses: true, at: place),
      Self.aic(lapsing) < least - Self.lapseGain
    {
      fits = fits.compactMap { form, _ in
        if form == .probit { return (form, lapsing) }
        return (try? Self.fit(rest, form, reference, hasLapses: true, at: place)).map { (form, $0) }
      }
    }
    probit = fits[0].fit
    criteria = fits.map { ($0.form, Self.aic($0.fit)) }
    let best = fits.min { Self.aic($0.fit) < Self.aic($1.fit) }
    chosen = fits.first { $0.form == form } ?? (form == nil ? best : nil) ?? fits[0]
  }

  private static func fit(
    _ data: SwitchingObservations, _ form: SwitchingForm, _ reference: Double,
    hasLapses: Bool = false, at place: String
  ) throws(Failure) -> Fit {
    let likelihood = SwitchingLikelihood(
      data, form: form, referenceWidth: reference, hasLapses: hasLapses)
    let start = likelihood.start
    return (
      likelihood,
      try LikelihoodMaximum(from: start.point, steps: start.steps, at: place) {
        likelihood.cost($0)
      }
    )
  }

  private static func aic(_ fit: Fit) -> Double {
    2 * (Double(fit.maximum.point.count) + fit.maximum.cost)
  }
}

/// Devices that never or always switch, of which a population like the others' would hold hardly one.
struct StuckDevices {
  /// Places among the devices.
  private(set) var never: [Int] = []
  private(set) var always: [Int] = []

  /// The probability of so many such devices in a population like the others' at which they are no
  /// part of it.
  static let limit = 0.05
  /// The largest share of the devices; where more are silent, the amplitudes do not reach them.
  static let largestShare = 0.05
  /// Pulses from which a device's silence says something.
  private static let leastPulses = 4.0

  /// - Parameter fit: the curve of the other devices.
  init(
    in data: SwitchingObservations,
    _ fit: (SwitchingObservations) throws(Failure) -> SwitchingCurve.Fit
  ) throws(Failure) {
    guard data.isRepeated else { return }
    func all(_ isSilent: (Double, Double) -> Bool) -> [Int] {
      let found = data.devices.indices.filter { index in
        let total = data.devices[index].reduce(0) { $0 + $1.total }
        return total >= Self.leastPulses
          && isSilent(data.devices[index].reduce(0) { $0 + $1.switched }, total)
      }
      let most = max(1, Int(Self.largestShare * Double(data.devices.count)))
      return found.count <= most ? found : []
    }
    let silent = all { switched, _ in switched == 0 }
    let loud = all { switched, total in switched == total }
    guard !silent.isEmpty || !loud.isEmpty else { return }
    let rest = data.without(Set(silent + loud))
    guard rest.isRepeated, rest.switched > 0, rest.switched < rest.pulses else { return }
    let others = try fit(rest)
    func areStuck(_ devices: [Int]) -> Bool {
      guard !devices.isEmpty else { return false }
      let probabilities = devices.map {
        others.likelihood.probability(of: data.devices[$0], at: others.maximum.point)
      }
      let mean = probabilities.reduce(0, +) / Double(devices.count)
      return Self.tail(devices.count, expected: mean * Double(data.devices.count)) < Self.limit
    }
    never = areStuck(silent) ? silent : []
    always = areStuck(loud) ? loud : []
  }

  /// The probability that a Poisson count reaches `count`.
  private static func tail(_ count: Int, expected: Double) -> Double {
    var (term, sum) = (exp(-expected), 0.0)
    for k in 0..<count {
      sum += term
      term *= expected / Double(k + 1)
    }
    return max(0, 1 - sum)
  }
}
