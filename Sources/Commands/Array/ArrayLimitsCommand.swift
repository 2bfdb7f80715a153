import ArgumentParser
import Failures
import Files
import NodalAnalysis
import Reports
import Runs

/// `array limits`: how large a square tile may be.
struct ArrayLimitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits",
    abstract: "Largest square tile whose far corner keeps its write voltage.",
    discussion: """
      Without options, the cases that Bayat et al. 2018 (Supplementary Note 1) publish, beside their
      numbers: 7 % drop with V/2, 30 % (set) and 25 % (reset) with V/3. The devices are linear and
      equal.

      Example:
        crossbar-gan array limits --drop 0.05 --conductance 65e-6 --segment-ohm 1 --end-ohm 10
      """)

  @Option(help: ArgumentHelp("Share of the voltage that may be lost.", valueName: "share"))
  var drop: Double?

  @Option(help: ArgumentHelp("Conductance of every device.", valueName: "S"))
  var conductance: Double?

  @Option(help: ArgumentHelp("Resistance per segment of all lines.", valueName: "R"))
  var segmentOhm: Double?

  @Option(help: ArgumentHelp("Resistance at every driven line end.", valueName: "R"))
  var endOhm = Resistance(0)

  @Option(help: "Ends that are driven: one per line, or both.")
  var drive = ArrayWires.Drive.single

  @Flag(help: "Print JSON, in SI units.")
  var json = false

  func validate() throws {
    if let drop, !(drop > 0 && drop < 1) { throw ValidationError("--drop is within 0 and 1") }
    if let conductance, !(conductance > 0 && conductance < .infinity) {
      throw ValidationError("--conductance must be positive")
    }
    if let segmentOhm, !(segmentOhm > 0 && segmentOhm < .infinity) {
      throw ValidationError("--segment-ohm must be positive")
    }
    guard endOhm.ohms < .infinity else { throw ValidationError("--end-ohm must be finite") }
  }

  func run() throws {
    let sizes = try cases.map { entry in try entry.largestTile(end: endOhm.ohms, drive: drive) }
    if json {
      Console.print(JSON.list(zip(cases, sizes).map { $0.json(largest: $1) }).line)
      return
    }
    var table = AlignedTable(
      header: ["scheme", "drop", "conductance_S", "segment_ohm", "largest_tile", "published"])
    for (entry, size) in zip(cases, sizes) {
      table.append([
        entry.scheme.rawValue, NumberText.short(entry.drop), NumberText.short(entry.conductance),
        NumberText.short(entry.segment), size, entry.published.map(String.init) ?? "-",
      ])
    }
    for line in table.lines { Console.print(line) }
  }

  private var cases: [TileLimit] {
    let isPublished = drop == nil && conductance == nil && segmentOhm == nil
    if isPublished { return TileLimit.published }
    return BiasScheme.writing.map { scheme in
      TileLimit(
        scheme: scheme, drop: drop ?? 0.07, conductance: conductance ?? 30e-6,
        segment: segmentOhm ?? 3, published: nil)
    }
  }
}

/// A question for the largest tile.
struct TileLimit {
  let scheme: BiasScheme
  /// Allowed loss, relative to the amplitude.
  let drop: Double
  /// Of every device, siemens.
  let conductance: Double
  /// Ohms.
  let segment: Double
  /// The size that was published.
  let published: Int?

  /// Sizes beyond this are not searched.
  static let largestSearched = 512

  /// The published cases: Supplementary Note 1 of Bayat 2018 (Nature Communications 9, 2331).
  static let published: [TileLimit] = [
    (BiasScheme.half, 0.07, 30e-6, 40, 200), (.third, 0.30, 30e-6, 70, 400),
    (.third, 0.25, 50e-6, 70, 400),
  ].flatMap { scheme, drop, conductance, platinum, copper in
    [
      TileLimit(
        scheme: scheme, drop: drop, conductance: conductance, segment: 3, published: platinum),
      TileLimit(
        scheme: scheme, drop: drop, conductance: conductance, segment: 0.1, published: copper),
    ]
  }

  /// The largest size whose far corner loses no more than allowed, as text; bisection, the loss
  /// grows with the size.
  func largestTile(end: Double, drive: ArrayWires.Drive) throws(Failure) -> String {
    var (fits, fails) = (0, 1)
    while fails <= Self.largestSearched, try loss(fails, end: end, drive: drive) <= drop {
      (fits, fails) = (fails, 2 * fails)
    }
    if fails > Self.largestSearched { return "over \(fits)" }
    while fails - fits > 1 {
      let middle = (fits + fails) / 2
      if try loss(middle, end: end, drive: drive) <= drop { fits = middle } else { fails = middle }
    }
    return "\(fits)"
  }

  /// Share of the amplitude that the device furthest from both sources loses.
  private func loss(_ size: Int, end: Double, drive: ArrayWires.Drive) throws(Failure) -> Double {
    let devices = try DeviceGrid(
      rows: size, columns: size,
      conductances: [Double](repeating: conductance, count: size * size))
    let array = try WiredArray(
      devices: devices, wordSegment: segment, bitSegment: segment, source: end, sense: end,
      drive: drive)
    let far = drive == .single ? (row: 0, column: size - 1) : (row: size / 2, column: size / 2)
    let biased = try array.biased(scheme, row: far.row, column: far.column, voltage: 1)
    let solution = try FastSolver(biased.array, tolerance: 1e-6).solve(biased.potentials)
    return 1 - solution.nodes.deviceVoltages[far.row * size + far.column]
  }

  func json(largest: String) -> JSON {
    [
      "scheme": .text(scheme.rawValue), "drop": .number(drop),
      "conductance_S": .number(conductance), "segment_ohm": .number(segment),
      "largest_tile": Int(largest).map(JSON.integer) ?? .null,
      "published": published.map(JSON.integer) ?? .null,
    ]
  }
}
