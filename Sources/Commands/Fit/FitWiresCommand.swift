import ArgumentParser
import Failures
import FitResults
import NodalAnalysis
import StaticFits

/// `fit wires`: resistance of lines and their ends.
struct FitWiresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wires",
    abstract: "Fit line and contact resistance to an array's read-out.",
    discussion: """
      Needs row, column, voltage and current: one word line is driven at a time, the others are at
      0 V, bit lines are sensed at 0 V. Without row all word lines are driven together. With a
      column conductance (or --conductance) the devices are known, else they count as alike, and the
      ends can hardly be told from their conductance. The result is a set
      [wires.NAME] for train --wires NAME.

      Example:
        crossbar-gan fit wires readout.csv --base nili2020 --name mine --out mine.toml
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var output: FitOutputOptions

  @Option(help: ArgumentHelp("Name of the set of wires.", valueName: "NAME"))
  var name = "fitted"

  @Option(help: "Ends that are connected: \(ArrayWires.Drive.allCases.map(\.rawValue)).")
  var drive = "single"

  @Option(help: ArgumentHelp("Word lines, where the table has no row.", valueName: "N"))
  var rows: Int?

  @Option(
    help: ArgumentHelp("Conductance of devices that are all alike, where known.", valueName: "S"))
  var conductance: FiniteNumber?

  @Option(help: ArgumentHelp("Contact at both kinds of ends where it is known.", valueName: "OHM"))
  var lineEnd: FiniteNumber?

  @Option(help: ArgumentHelp("Noise of a current relative to it.", valueName: "X"))
  var noise = FiniteNumber(1e-3)

  @Option(help: ArgumentHelp("Noise at zero current, A.", valueName: "A"))
  var floor = FiniteNumber(1e-10)

  func validate() throws {
    guard ArrayWires.Drive(rawValue: drive) != nil else {
      throw ValidationError("--drive \(drive) is neither single nor double.")
    }
    guard (1...65_536).contains(rows ?? 1), noise.value > 0, floor.value > 0,
      lineEnd?.value ?? 0 >= 0, conductance?.value ?? 1 > 0
    else {
      throw ValidationError(
        "--rows, --conductance, --noise and --floor are positive, --line-end is not negative.")
    }
    let allowed = name.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_".contains(Character($0)))
    }
    guard allowed, !name.isEmpty else {
      throw ValidationError("--name \(name): letters, digits, - and _ only.")
    }
  }

  func run() throws {
    var given = WireFit.Given()
    given.drive = ArrayWires.Drive(rawValue: drive) ?? .single
    given.noise = noise.value
    given.floor = floor.value
    given.lineEnd = lineEnd?.value
    var readout = try WireReadout(try table.reader(), rows: rows)
    if let conductance {
      readout.conductances = Array(
        repeating: conductance.value, count: readout.rows * readout.columns)
    }
    let fit = try WireFit(readout, given: given, at: table.files.first ?? "read-out")
    try output.finish(fit.report, table: table) { (draft, source) throws(Failure) in
      try fit.enter(&draft, name: name, source: source)
    } assumed: {
      CalibrationDraft(assumedAround: fit.conductance, readVoltage: fit.voltage, name: $0)
    }
  }
}
