import Devices
import Failures
import Foundation
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
  var readVoltage: Double
  /// Whether all sweeps are of one temperature, to a degree.
  var isAtOneTemperature = false
  /// Whether the state is given rather than read off the sweep itself.
  var hasNominalState: Bool
  var reference: StaticForm.Reference
  var notes: [String] = []

  init(_ collection: SweepCollection, at place: String) throws(Failure) {
    deviceNames = collection.report.devices.names.isEmpty ? [""] : collection.report.devices.names
    let found = collection.sweeps.map { $0.heldPoints() }
    let common = CommonCompliance(collection.sweeps, held: found)
    let excluded = zip(collection.sweeps, found).map { $1.union(common.points(of: $0)) }
    let held = excluded.reduce(0) { $0 + $1.count }
    var usable = zip(collection.sweeps, excluded).map { $0.without($1) }
    let short = zip(usable, excluded).filter { $0.voltages.count < 4 && !$1.isEmpty }.count
    noise = InstrumentNoise(of: usable)
    hasNominalState = collection.report.quantities.contains(.conductance)
    var loops = 0
    if !hasNominalState {
      usable = usable.flatMap { sweep in
        guard let ways = sweep.waysBack() else { return [sweep] }
        loops += 1
        return ways
      }
      if loops > 0 { noise = InstrumentNoise(of: usable) }
    }
    usable.removeAll { $0.voltages.count < 4 }
    if !hasNominalState {
      for index in usable.indices {
        usable[index].conductance = usable[index].chord(offset: noise.offset) ?? 0
      }
    }
    let readable = usable.count
    usable.removeAll { !($0.conductance > 0) }
    let ohmless = readable - usable.count
    let states = usable.map(\.conductance)
    guard let lowest = states.min(), let highest = states.max(),
      let top = usable.compactMap({ $0.voltages.max() }).max(),
      let bottom = usable.compactMap({ $0.voltages.min() }).min(), top > bottom
    else {
      throw Failure(
        .badData, at: place, "holds no sweep of at least four points with a positive conductance",
        remedy: "look at `fit inspect`: is the description right?")
    }
    guard usable.contains(where: { Set($0.currents).count > 1 }) else {
      throw Failure(.badData, at: place, "the current is the same in every row")
    }
    devices = Dictionary(grouping: usable, by: \.device).sorted { $0.key < $1.key }.map(\.value)
    conductance = lowest...max(highest, lowest * (1 + 1e-6))
    readVoltage = max(abs(top), abs(bottom))
    let celsius = usable.map(\.temperature).filter { !$0.isNaN }
    let (cold, hot) = (celsius.min() ?? 25, celsius.max() ?? 25)
    // A model fitted at one temperature admits ten degrees around it.
    isAtOneTemperature = hot - cold < 1
    temperature = isAtOneTemperature ? cold - 10...hot + 10 : cold...hot
    reference = StaticForm.Reference(
      voltage: readVoltage / 2, conductance: (lowest * highest).squareRoot(),
      thermalVoltage: PhysicalConstants.boltzmann * ((cold + hot) / 2 + 273.15)
        / PhysicalConstants.elementaryCharge)
    if loops > 0 {
      notes.append(
        "\(loops) loops switch their device: their ways back to zero are fitted, each in the state it"
          + " was left in; `fit switching` finds thresholds")
    }
    note(held: held, short: short, ohmless: ohmless, hasTemperature: !celsius.isEmpty)
  }

  private mutating func note(held: Int, short: Int, ohmless: Int, hasTemperature: Bool) {
    if held > 0 { notes.append("\(held) points at the compliance of the instrument left out") }
    if short > 0 {
      notes.append("\(short) sweeps with fewer than four points below the compliance left out")
    }
    if ohmless > 0 { notes.append("\(ohmless) sweeps without a positive conductance left out") }
    if noise.offset != 0 {
      notes.append(
        "an offset current of \(Quantity(noise.offset, "A")), common to all sweeps, is subtracted")
    }
    if !hasNominalState {
      notes.append(
        "no column gives the programmed state: it is each sweep's own chord at small voltage, so"
          + " gain tells the form's conductance from that chord, and spread how far sweeps differ from"
          + " theirs, noise included; the spread between devices cannot be found: it is written as zero"
      )
    }
    if !hasTemperature { notes.append("no temperature is given: 25 °C is assumed") }
    if devices.count < 3 {
      notes.append("\(devices.count) device(s): the spread between devices cannot be found")
    }
  }

  /// Squared error relative to a sweep's largest current, at each device's best z.
  func error(of model: any StaticModel, on sweeps: [Sweep]) -> (sum: Double, count: Int) {
    let found = residuals(of: model, on: sweeps)
    return (found.relative, found.count)
  }
}
