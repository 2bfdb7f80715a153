import ArgumentParser
import Calibration
import Failures
import NodalAnalysis
import VirtualLaboratory

/// `measure wires`: an array's read-out.
struct MeasureWiresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wires",
    abstract: "Read an array through its wires, one word line at a time.",
    discussion: """
      Devices are linear. Resistances come from a set of wires of the calibration unless given.
      With --spread devices differ, and the table tells their conductances.

      Example:
        crossbar-gan measure wires --wires bayat --rows 32 --columns 32 --out readout.csv
      """)

  @Option(help: ArgumentHelp("Name of a calibration, or its file.", valueName: "NAME|FILE"))
  var calibration = "nili2020"

  @Option(help: ArgumentHelp("Set of wires of the calibration.", valueName: "NAME"))
  var wires: String?

  @Option(help: ArgumentHelp("Word lines.", valueName: "N"))
  var rows = 32

  @Option(help: ArgumentHelp("Bit lines.", valueName: "N"))
  var columns = 32

  @Option(help: ArgumentHelp("Between crosspoints.", valueName: "OHM"))
  var segment: FiniteNumber?

  @Option(help: ArgumentHelp("Contact and source, at driven ends.", valueName: "OHM"))
  var wordEnd: FiniteNumber?

  @Option(help: ArgumentHelp("Contact and sense amplifier, at sensed ends.", valueName: "OHM"))
  var bitEnd: FiniteNumber?

  @Option(help: "Ends that are connected: \(ArrayWires.Drive.allCases.map(\.rawValue)).")
  var drive = "single"

  @Option(help: ArgumentHelp("Conductance of the devices.", valueName: "S"))
  var conductance = FiniteNumber(5e-5)

  @Option(help: ArgumentHelp("Spread of ln G between devices.", valueName: "X"))
  var spread = FiniteNumber(0)

  @Option(help: ArgumentHelp("Voltage on the driven word line.", valueName: "V"))
  var voltage = FiniteNumber(0.1)

  @Option(help: ArgumentHelp("Noise of a current relative to it.", valueName: "X"))
  var noise = FiniteNumber(1e-3)

  @Option(help: ArgumentHelp("Noise at zero current, A.", valueName: "A"))
  var floor = FiniteNumber(1e-10)

  @Option(help: ArgumentHelp("Table to write.", valueName: "FILE.csv"))
  var out: String

  @OptionGroup var layout: MeasureLayout

  @Option(help: ArgumentHelp("Seed of everything drawn.", valueName: "S"))
  var seed = 0

  func validate() throws {
    guard (1...256).contains(rows), (1...256).contains(columns), seed >= 0 else {
      throw ValidationError("--rows and --columns are 1 to 256, --seed at least 0.")
    }
    guard ArrayWires.Drive(rawValue: drive) != nil else {
      throw ValidationError("--drive \(drive) is neither single nor double.")
    }
    let ohms = [segment, wordEnd, bitEnd].map { $0?.value ?? 0 }
    guard ohms.allSatisfy({ $0 >= 0 }), conductance.value > 0, voltage.value > 0,
      spread.value >= 0, noise.value >= 0, floor.value >= 0
    else {
      throw ValidationError(
        "--conductance and --voltage are positive; resistances, --spread, --noise and --floor are"
          + " not negative.")
    }
  }

  func run() throws {
    let calibration = try Calibration.loadWithNotices(self.calibration)
    var measurement = WireMeasurement()
    if let set = try chosenSet(calibration) {
      measurement.segment = set.segment
      measurement.wordEnd = set.lineEnd + set.source
      measurement.bitEnd = set.lineEnd + set.sense
    }
    if let segment { measurement.segment = segment.value }
    if let wordEnd { measurement.wordEnd = wordEnd.value }
    if let bitEnd { measurement.bitEnd = bitEnd.value }
    measurement.rows = rows
    measurement.columns = columns
    measurement.drive = ArrayWires.Drive(rawValue: drive) ?? .single
    measurement.conductance = conductance.value
    measurement.spread = spread.value
    measurement.voltage = voltage.value
    measurement.instrument = Instrument(relativeNoise: noise.value, noiseFloor: floor.value)
    measurement.seed = UInt64(seed)
    try measurement.write(to: out, as: layout.chosen)
  }

  private func chosenSet(_ calibration: Calibration) throws(Failure) -> WireSet? {
    guard let wires else { return calibration.trainingWires ?? calibration.wires.first }
    guard let set = calibration.wires.first(where: { $0.name == wires }) else {
      let known = calibration.wires.map(\.name).joined(separator: ", ")
      throw Failure(
        .usage, at: "--wires \(wires)", "\(calibration.name) has no such set",
        remedy: known.isEmpty ? "give the resistances" : "use one of: \(known)")
    }
    return set
  }
}
