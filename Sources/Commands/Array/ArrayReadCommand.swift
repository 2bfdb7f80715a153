import ArgumentParser
import Files
import NodalAnalysis
import Reports
import Runs

/// Which device is selected.
struct SelectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Word line of the selected device, from 0.", valueName: "i"))
  var row: Int

  @Option(help: ArgumentHelp("Bit line of the selected device, from 0.", valueName: "j"))
  var column: Int
}

/// `array read`: one device under a read scheme, and what else reaches its sense amplifier.
struct ArrayReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Read one device: its current, the sneak current, the power.",
    discussion: """
      Example:
        crossbar-gan array read --conductances G.csv --row 0 --column 3 --scheme floating
      """)

  @OptionGroup var array: ArrayOptions
  @OptionGroup var selected: SelectionOptions

  @Option(help: "Unselected lines: at 0 V, unconnected, at V/2, or at V/3 and 2V/3.")
  var scheme = BiasScheme.grounded

  @Option(parsing: .unconditional, help: ArgumentHelp("Read voltage.", valueName: "V"))
  var voltage = FiniteNumber(0.1)

  @Flag(help: "Print JSON, in SI units.")
  var json = false

  func run() throws {
    let selection = try array.load().array.select(
      row: selected.row, column: selected.column, scheme: scheme, voltage: voltage.value)
    if json {
      Console.print(selection.json.line)
    } else {
      for line in selection.lines { Console.print(line) }
    }
  }
}

extension Selection {
  /// The numbers of a selection, without its maps.
  var members: [(key: String, value: Double)] {
    [
      ("voltage_V", voltage), ("selected_voltage_V", selectedVoltage),
      ("selected_current_A", selectedCurrent), ("sensed_current_A", sensedCurrent),
      ("sneak_current_A", sneakCurrent), ("sneak_share", sneakFraction),
      ("largest_other_voltage_V", largestDisturb), ("power_W", power),
    ]
  }

  var json: JSON {
    .object(
      [
        JSON.Member("scheme", .text(scheme.rawValue)), JSON.Member("row", .integer(row)),
        JSON.Member("column", .integer(column)),
      ] + members.map { JSON.Member($0.key, .number($0.value)) })
  }

  var lines: [String] {
    var table = AlignedTable(header: ["quantity", "value"])
    for member in members { table.append([member.key, NumberText.short(member.value, digits: 8)]) }
    return ["device (\(row), \(column)), scheme \(scheme.rawValue)"] + table.lines
  }
}
