import ArgumentParser
import Calibration
import Devices
import Failures
import Files
import MeasuredTables
package import NodalAnalysis

/// A resistance in ohms: 0 is ideal, `inf` open.
struct Resistance: ExpressibleByArgument {
  let ohms: Double

  init?(argument: String) {
    guard let ohms = Double(argument), ohms >= 0 else { return nil }
    self.ohms = ohms
  }

  init(_ ohms: Double) { self.ohms = ohms }

  var defaultValueDescription: String { "\(ohms)" }
}

/// The characteristic that a conductance stands for.
package enum DeviceChoice: ExpressibleByArgument {
  case linear
  case hyperbolicSine(slope: Double)
  case calibration(String)

  package init?(argument: String) {
    if argument == "linear" {
      self = .linear
    } else if argument.hasPrefix("sinh:") {
      guard let slope = Double(argument.dropFirst(5)), slope > 0, slope.isFinite else { return nil }
      self = .hyperbolicSine(slope: slope)
    } else {
      self = .calibration(argument)
    }
  }

  package var defaultValueDescription: String { "linear" }
}

/// Resistances of the wires; the defaults are those of a compensated array (assumed).
struct WireOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Word-line resistance per segment.", valueName: "R|inf"))
  var wordLineOhm = Resistance(1)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Bit-line resistance per segment.", valueName: "R|inf"))
  var bitLineOhm = Resistance(1)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Resistance between a source and its word line; inf leaves the end floating.",
      valueName: "R|inf"))
  var sourceOhm = Resistance(10)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Resistance between a bit line and 0 V; inf leaves the end floating.", valueName: "R|inf"))
  var senseOhm = Resistance(10)

  @Option(help: "Ends that are connected: one per line, or both.")
  var drive = ArrayWires.Drive.single

  func wires(rows: Int, columns: Int) -> ArrayWires {
    .driven(
      rows: rows, columns: columns, wordSegment: wordLineOhm.ohms, bitSegment: bitLineOhm.ohms,
      source: sourceOhm.ohms, sense: senseOhm.ohms, drive: drive)
  }
}

extension ArrayWires.Drive: ExpressibleByArgument {}
extension BiasScheme: ExpressibleByArgument {}

/// An array from a file of conductances.
struct ArrayOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Conductances in siemens, one word line per row.", valueName: "G.csv"))
  var conductances: String

  @Option(
    help: ArgumentHelp(
      "What a conductance stands for: I = G·V, I = (G/A)·sinh(A·V), or a state of a calibration.",
      valueName: "linear|sinh:A|CALIBRATION"))
  var device = DeviceChoice.linear

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Temperature in °C, for a calibration.", valueName: "°C"))
  var temperature = FiniteNumber(25)

  @OptionGroup var wires: WireOptions

  /// The array and, with a calibration, its device model.
  func load() throws(Failure) -> LoadedArray {
    let table = try NumberTable.read(conductances)
    let (rows, columns) = (table.rows, table.columns)
    let (devices, model) = try device.devices(
      rows: rows, columns: columns, conductances: table.values, temperature: temperature.value,
      at: conductances)
    let array = try WiredArray(
      devices: devices, wires: wires.wires(rows: rows, columns: columns))
    return LoadedArray(array: array, states: table.values, model: model)
  }
}

/// An array as the commands use it.
struct LoadedArray {
  let array: WiredArray
  /// Conductances as in the file, row by row.
  let states: [Double]
  /// The calibrated device, if one was named.
  let model: DeviceModel?
}
