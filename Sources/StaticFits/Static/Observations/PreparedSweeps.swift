import Devices
import Failures
import FitResults
import Foundation
import Mathematics
import MeasuredTables

/// Sweeps by device, cleaned of what is no device, with what they say of the instrument.
struct PreparedSweeps: Sendable {
  var devices: [[Sweep]]
  var deviceNames: [String]
  var noise: InstrumentNoise
  /// S.
  var conductance: ClosedRange<Double>
  /// °C.
  var temperature: ClosedRange<Double>
  /// Largest voltage of the sweeps, V.
  var measuredVoltage: Double
  /// Largest voltage below switching, V.
  var readVoltage: Double
  /// Whether all sweeps are of one temperature, to a degree.
  var isAtOneTemperature = false
  /// Whether the state is given rather than read off the sweep itself.
  var hasNominalState: Bool
  var reference: StaticForm.Reference
  var notes: [String] = []
  /// What was left out, rule by rule.
  var leftOut: [LeftOut]

  /// Points of a sweep that counts, at least.
  private static let leastPoints = 4
  /// The part of the lowest voltage of switching that is still for reading.
  private static let readShare = 0.9

  init(_ collection: SweepCollection, at place: String) throws(Failure) {
    deviceNames = collection.report.devices.names.isEmpty ? [""] : collection.report.devices.names
    hasNominalState = collection.report.quantities.contains(.conductance)
    leftOut = []
    var (usable, lowestSwitching) = Self.cleaned(
      collection.sweeps, hasNominalState: hasNominalState, &leftOut)
    noise = InstrumentNoise(of: usable)
    if !hasNominalState {
      for index in usable.indices {
        usable[index].conductance = usable[index].chord(offset: noise.offset) ?? 0
      }
    }
    let readable = usable.count
    usable.removeAll { !($0.conductance > 0) }
    leftOut.append(
      LeftOut(
        "without a positive conductance", "sweeps", count: readable - usable.count, of: readable))
    let all = Set(collection.sweeps.map(\.device)).count
    devices = Dictionary(grouping: usable, by: \.device).sorted { $0.key < $1.key }.map(\.value)
    leftOut.append(
      LeftOut("none of its sweeps is left", "devices", count: all - devices.count, of: all))
    let states = usable.map(\.conductance)
    guard let lowest = states.min(), let highest = states.max(),
      let top = usable.compactMap({ $0.voltages.max() }).max(),
      let bottom = usable.compactMap({ $0.voltages.min() }).min(), top > bottom
    else {
      throw Failure(
        .badData, at: place,
        "holds no sweep of at least \(Self.leastPoints) points with a positive conductance"
          + Self.reasons(leftOut),
        remedy: "look at `fit inspect`: is the description right?")
    }
    guard usable.contains(where: { Set($0.currents).count > 1 }) else {
      throw Failure(.badData, at: place, "the current is the same in every row")
    }
    conductance = lowest...max(highest, lowest * (1 + 1e-6))
    measuredVoltage = max(abs(top), abs(bottom))
    readVoltage = min(measuredVoltage, lowestSwitching.map { Self.readShare * $0 } ?? .infinity)
    let celsius = usable.map(\.temperature).filter { !$0.isNaN }
    let (cold, hot) = (celsius.min() ?? 25, celsius.max() ?? 25)
    // A model fitted at one temperature admits ten degrees around it.
    isAtOneTemperature = hot - cold < 1
    temperature = isAtOneTemperature ? cold - 10...hot + 10 : cold...hot
    reference = StaticForm.Reference(
      voltage: measuredVoltage / 2, conductance: (lowest * highest).squareRoot(),
      thermalVoltage: PhysicalConstants.boltzmann * ((cold + hot) / 2 + 273.15)
        / PhysicalConstants.elementaryCharge)
    if let lowestSwitching {
      notes.append(
        "loops switch their device, from \(Quantity(lowestSwitching, "V")) on: their ways back to zero are"
          + " fitted, each in the state it was left in, and limits.read_voltage is"
          + " \(Self.readShare) of that; `fit switching` finds thresholds and states")
    }
    note(hasTemperature: !celsius.isEmpty)
  }

  private static func reasons(_ leftOut: [LeftOut]) -> String {
    let words = leftOut.filter { $0.count > 0 }.map(\.text)
    return words.isEmpty ? "" : "; left out: " + words.joined(separator: "; ")
  }

  /// Sweeps without points at the compliance, loops that switch taken apart, and the lowest voltage of
  /// switching, V.
  private static func cleaned(
    _ sweeps: [Sweep], hasNominalState: Bool, _ leftOut: inout [LeftOut]
  ) -> ([Sweep], Double?) {
    let summaries = sweeps.map { ComplianceSummary($0) }
    let compliance = SweepCompliance(summaries)
    let points = sweeps.reduce(0) { $0 + $1.readings }
    var (held, outward) = (0, 0)
    var stable: [Double] = []
    var usable: [Sweep] = []
    var short = 0
    for (sweep, summary) in zip(sweeps, summaries) {
      let limited = compliance.points(of: sweep, summary)
      let rest = sweep.without(limited)
      let lost = sweep.readings - rest.readings
      guard let loop = rest.switchingLoop() else {
        held += lost
        if rest.voltages.count < leastPoints { short += 1 } else { usable.append(rest) }
        continue
      }
      stable.append(loop.lastStable)
      guard !hasNominalState else {
        held += lost
        usable.append(rest)
        continue
      }
      let ways = loop.waysBack.filter { $0.voltages.count >= leastPoints }
      outward += sweep.readings - ways.reduce(0) { $0 + $1.readings }
      usable += ways
    }
    leftOut += [
      LeftOut("at the compliance" + compliance.text, "points", count: held, of: points),
      LeftOut(
        "on the ways out of loops that switch, or at their compliance", "points", count: outward,
        of: points, isLoss: false),
      LeftOut(
        "fewer than \(leastPoints) points below the compliance", "sweeps", count: short,
        of: sweeps.count),
    ]
    // One in a hundred may be an outlier.
    return (usable, SortedSample(stable).ends(settingAside: 100)?.low)
  }

  private mutating func note(hasTemperature: Bool) {
    if noise.offset != 0 {
      notes.append(
        "an offset current of \(Quantity(noise.offset, "A")), common to all sweeps, is subtracted")
    }
    if !hasNominalState {
      notes.append(
        "no column gives the programmed state: it is each sweep's own chord near 0.1 V, so"
          + " gain tells the form's conductance from that chord, and spread how far sweeps differ from"
          + " theirs, noise included; the spread between devices cannot be found: it is written as zero"
      )
    }
    if !hasTemperature { notes.append("no temperature is given: 25 °C is assumed") }
    if devices.count < 3 {
      notes.append("\(devices.count) device(s): the spread between devices cannot be found")
    }
  }

  /// Relative errors by decade of current, at each device's best z.
  func errors(of model: any StaticModel, on devices: [[Sweep]]) -> DecadeErrors {
    devices.reduce(into: DecadeErrors()) { $0.add(residuals(of: model, on: $1).decades) }
  }
}
