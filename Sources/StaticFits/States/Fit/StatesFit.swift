import Devices
package import Failures
import Files
package import FitResults
import Foundation
import Mathematics
package import MeasuredTables
import Statistics

/// `fit states`: the conductances of a device's states as distributions over devices and cycles.
package struct StatesFit: Sendable {
  /// One state: ln R is normal around the logarithm of the median.
  struct State: Sendable {
    /// `off`, `on`, or `level_3`.
    var name: String
    /// Median, S.
    var conductance: Double
    /// Standard deviation of ln R over all, and as far as they are told between devices and cycles.
    var spread: Double
    var deviceSpread: Double?
    var cycleSpread: Double?
    /// Readings.
    var count: Int
    /// Share of all readings.
    var share: Double
    /// Lowest and highest reading, S.
    var range: ClosedRange<Double>
  }

  package private(set) var report: FitReport
  /// By rising conductance.
  private(set) var states: [State] = []
  /// S.
  package private(set) var conductance: ClosedRange<Double>
  /// Shares of devices and of cycles that reached both states; nil where the table does not tell.
  private(set) var deviceYield: Double?
  private(set) var cycleYield: Double?

  /// Readings that a state needs.
  static let fewest = 3

  /// Reads and fits.
  ///
  /// - Throws: ``Failure``: `noInput`, or `badData` when there are no states to tell.
  package init(_ reader: TableReader) throws(Failure) {
    try self.init(try StateReadings(reader), at: reader.files[0])
  }

  package init(_ input: StateReadings, at place: String) throws(Failure) {
    report = FitReport(kind: "states", model: "")
    let values = input.readings.map(\.conductance)
    guard let low = values.min(), let high = values.max(), values.count >= Self.fewest else {
      let reasons = input.leftOut.filter { $0.count > 0 }.map(\.text).joined(separator: "; ")
      throw Failure(
        .badData, at: place,
        "\(values.count) readings of states are too few" + (reasons.isEmpty ? "" : " (\(reasons))"),
        remedy: "at least \(Self.fewest) of a state are needed; loops need points near 0.1 V")
    }
    conductance = low...max(high, low * (1 + 1e-6))
    report.leftOut = input.leftOut
    report.notes = input.notes
    let mixture = try Self.mixture(values, at: place)
    let (groups, border) = Self.groups(input, mixture)
    for (name, readings) in groups where readings.count >= Self.fewest {
      try enter(name, readings, of: values.count, at: place)
    }
    for (name, readings) in groups where (1..<Self.fewest).contains(readings.count) {
      report.leftOut.append(
        LeftOut(
          "too few readings of state \(name) for its spread", "readings", count: readings.count,
          of: values.count))
    }
    report.model = "\(states.count) state\(states.count == 1 ? "" : "s")"
    describe(input, mixture, border)
    enterWindow()
    enterYield(input)
    report.notes += input.report.suspicions
  }

  /// Whether several states were found.
  package var isParted: Bool { states.count > 1 }

  /// Medians of the highest and the lowest state, S; NaN for fewer than two.
  package var ends: (on: Double, off: Double) {
    guard let low = states.first, let high = states.last, isParted else { return (.nan, .nan) }
    return (high.conductance, low.conductance)
  }

  /// A line a state: `8.1 kΩ in 52 %`.
  var summary: [String] {
    states.map {
      "\(Quantity(1 / $0.conductance, "Ω")) in \(NumberText.short(100 * $0.share)) %"
    }
  }

  // MARK: - Groups

  /// The mixture of ln G of all readings.
  private static func mixture(_ values: [Double], at place: String) throws(Failure)
    -> GaussianMixture?
  {
    let logarithms = values.map { log($0) }
    return GaussianMixture(
      logarithms, floor: ValueGrid(logarithms).width / 12.squareRoot())
  }

  /// Readings by state, from labels where the table has them, else from the levels of the mixture.
  private static func groups(
    _ input: StateReadings, _ mixture: GaussianMixture?
  ) -> ([(String, [StateReadings.Reading])], isLabelled: Bool) {
    func name(_ label: StateReadings.Label) -> String {
      switch label {
      case .off: "off"
      case .on: "on"
      case .level(let place): "level_\(input.levelNames[place])"
      case .unknown: ""
      }
    }
    if input.readings.allSatisfy({ $0.label != .unknown }) {
      let found = Dictionary(grouping: input.readings, by: \.label).map { (name($0), $1) }
      return (found.sorted { middle($0.1) < middle($1.1) }, true)
    }
    guard let mixture, mixture.levels.count > 1 else { return ([("all", input.readings)], false) }
    let count = mixture.levels.count
    let borders = (0..<count - 1).map { mixture.border(above: $0) ?? .infinity }
    let found = Dictionary(grouping: input.readings) { reading in
      borders.count { log(reading.conductance) > $0 }
    }
    let names = count == 2 ? ["off", "on"] : (1...count).map { "level_\($0)" }
    return (found.sorted { $0.key < $1.key }.map { (names[$0.key], $0.value) }, false)
  }

  private static func middle(_ readings: [StateReadings.Reading]) -> Double {
    readings.map(\.conductance).median ?? 0
  }

  // MARK: - One state

  private mutating func enter(
    _ name: String, _ readings: [StateReadings.Reading], of all: Int, at place: String
  ) throws(Failure) {
    let groups = Dictionary(grouping: readings, by: \.device).sorted { $0.key < $1.key }
      .map { $0.value.map { log($0.conductance) } }
    let parts = try VarianceComponents(groups, unit: "1", at: place)
    let values = readings.map(\.conductance)
    var state = State(
      name: name, conductance: exp(parts.mean.value), spread: parts.totalSpread,
      deviceSpread: parts.between?.value, cycleSpread: parts.within?.value, count: values.count,
      share: Double(values.count) / Double(all),
      range: (values.min() ?? 0)...(values.max() ?? 0))
    if !state.spread.isFinite { state.spread = parts.within?.value ?? .nan }
    states.append(state)
    report.parameters.append(
      FittedParameter(
        "\(name)_conductance", state.conductance, unit: "S",
        standardError: state.conductance * parts.mean.standardError,
        interval: exp(parts.mean.interval.lowerBound)...exp(parts.mean.interval.upperBound)))
    for parameter in [parts.between, parts.within, parts.total].compactMap({ $0 }) {
      var parameter = parameter
      parameter.name = "\(name)_\(parameter.name)"
      report.parameters.append(parameter)
    }
    report.notes += parts.undetermined.map { "\(name): \($0)" }
    report.statistics += [
      ("\(name)_readings", Double(values.count)), ("\(name)_devices", Double(groups.count)),
      ("\(name)_resistance_ohm", 1 / state.conductance),
      ("\(name)_spread_of_ln_R", state.spread),
      ("\(name)_lowest_S", state.range.lowerBound), ("\(name)_highest_S", state.range.upperBound),
    ]
    report.addPopulation("\(name)_conductance_S", values, label: "conductance of \(name) (S)")
  }

  // MARK: - All of them

  private mutating func describe(
    _ input: StateReadings, _ mixture: GaussianMixture?, _ isLabelled: Bool
  ) {
    report.notes.append(
      "medians and spreads are of ln R: a spread of 0.1 is a factor of 1.105 at one standard deviation"
    )
    guard let mixture else { return }
    report.statistics += mixture.criteria.enumerated().map { ("bic_\($0 + 1)", $1) }
    let levels = mixture.levels
    report.statistics += [
      ("mixture_components", Double(mixture.components.count)), ("levels", Double(levels.count)),
    ]
    let words = levels.map { level -> String in
      let weight = level.reduce(0) { $0 + $1.weight }
      let centre = level.reduce(0) { $0 + $1.weight * $1.mean } / weight
      let squares = level.reduce(0) {
        $0 + $1.weight * ($1.deviation * $1.deviation + ($1.mean - centre) * ($1.mean - centre))
      }
      return "\(Quantity(exp(centre), "S")) = \(Quantity(exp(-centre), "Ω")) (σ of ln R"
        + " \(NumberText.short((squares / weight).squareRoot())), \(NumberText.short(100 * weight)) % of the"
        + " readings)"
    }
    let chosen =
      "\(mixture.components.count) log-normal component\(mixture.components.count == 1 ? "" : "s") by"
      + " BIC, \(levels.count) level\(levels.count == 1 ? "" : "s") with a valley between them"
    report.notes.append("\(chosen): \(words.joined(separator: ", "))")
    if isLabelled, levels.count < states.count {
      report.notes.append(
        "the \(states.count) states that the table names overlap: without the names \(levels.count) would be"
          + " told apart")
    }
    let logarithms = input.readings.map { log($0.conductance) }.sorted()
    report.figures.append(
      FitFigure(
        title: "Readings and the mixture", xLabel: "conductance (S)", yLabel: "share below",
        points: FitFigure.thinned(
          logarithms.enumerated().map {
            (exp($1), (Double($0) + 0.5) / Double(logarithms.count))
          }),
        curve: Self.curve(mixture, logarithms), isLogarithmicX: true))
  }

  private static func curve(
    _ mixture: GaussianMixture, _ sorted: [Double]
  ) -> [(x: Double, y: Double)] {
    guard let low = sorted.first, let high = sorted.last else { return [] }
    return (0...200).map { step in
      let x = low + (high - low) * Double(step) / 200
      let below = mixture.components.reduce(0) {
        $0 + $1.weight * Normal.cumulative((x - $1.mean) / $1.deviation)
      }
      return (exp(x), below)
    }
  }

  /// The window between the lowest and the highest state.
  private mutating func enterWindow() {
    guard let low = states.first, let high = states.last, states.count > 1 else { return }
    func error(_ name: String) -> Double {
      report.parameters.first { $0.name == "\(name)_conductance" }.map {
        log($0.interval.upperBound / $0.interval.lowerBound) / 2
      } ?? .infinity
    }
    // Both medians' intervals, taken as independent.
    let half = hypot(error(low.name), error(high.name))
    let window = high.conductance / low.conductance
    report.parameters.append(
      FittedParameter(
        "window", window, unit: "1", standardError: window * half / 1.96,
        interval: half.isFinite ? window * exp(-half)...window * exp(half) : 0...Double.infinity))
    let worst = high.range.lowerBound / low.range.upperBound
    report.statistics.append(("worst_window", worst))
    report.notes.append(
      "window: median \(high.name) over median \(low.name)"
        + " \(NumberText.short(window)); lowest \(high.name) over highest \(low.name)"
        + " \(NumberText.short(worst))\(worst <= 1 ? ": the states overlap" : "")")
  }

  private mutating func enterYield(_ input: StateReadings) {
    func share(_ part: (all: Int, switched: Int)?) -> Double? {
      part.flatMap { $0.all > 0 ? Double($0.switched) / Double($0.all) : nil }
    }
    (cycleYield, deviceYield) = (share(input.cycles), share(input.devices))
    if input.cycles == nil, states.count > 1 {
      let sets = Dictionary(grouping: input.readings, by: \.device)
      let both = sets.count { Set($0.value.map(\.label)).count > 1 }
      if sets.contains(where: { $0.value.count > 1 }),
        input.readings.allSatisfy({ $0.label != .unknown })
      {
        deviceYield = Double(both) / Double(sets.count)
      }
    }
    if let cycleYield, let cycles = input.cycles {
      report.statistics.append(("cycle_yield", cycleYield))
      report.notes.append("yield: \(cycles.switched) of \(cycles.all) cycles reach both states")
    }
    if let deviceYield { report.statistics.append(("device_yield", deviceYield)) }
  }
}
