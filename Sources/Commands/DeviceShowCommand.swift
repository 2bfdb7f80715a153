import ArgumentParser
import Calibration
import Devices
import Failures
import Files
import Reports
import Runs

/// `device show`: what is in a calibration file.
struct DeviceShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a calibration: provenance, limits, parameters.",
    discussion: """
      Example:
        crossbar-gan device show nili2020
      """)

  @Argument(help: ArgumentHelp("Name of a calibration, or its file.", valueName: "NAME|FILE"))
  var name: String

  @Flag(help: "Print JSON, in SI units.")
  var json = false

  func run() throws {
    let calibration = try Calibration.loadWithNotices(name)
    if json {
      Console.print(answer(calibration).line)
    } else {
      for line in text(calibration) { Console.print(line) }
    }
  }

  private func answer(_ calibration: Calibration) -> JSON {
    let provenance = calibration.provenance
    let parameters = calibration.parameters.map { parameter -> JSON in
      [
        "key": .text(parameter.key), "values": JSON(parameter.values),
        "unit": .text(parameter.unit), "source": .text(parameter.source),
        "range": JSON([parameter.range.lowerBound, parameter.range.upperBound]),
      ]
    }
    let settings = calibration.settings.map { JSON.Member($0.key, .text($0.value)) }
    return [
      "name": .text(provenance.name), "title": .text(provenance.title),
      "paper": .text(provenance.paper), "doi": .text(provenance.doi),
      "stack": .text(provenance.stack), "notes": .text(provenance.notes),
      "file": .text(calibration.path), "sha256": .text(calibration.sha256),
      "assumed": .list(
        calibration.parameters.filter { $0.source.hasPrefix("assumed") }.map { .text($0.key) }),
      "expansion_error": expansion(calibration.expansionError),
      "settings": .object(settings), "parameters": .list(parameters),
    ]
  }

  private func expansion(_ error: ExpansionError) -> JSON {
    [
      "largest": .number(error.largest), "limit": .number(ExpansionError.limit),
      "conductance_S": .number(error.conductance), "voltage_V": .number(error.voltage),
      "temperature_C": .number(error.temperature - PhysicalConstants.zeroCelsius),
    ]
  }

  private func expansionLine(_ calibration: Calibration) -> String {
    let error = calibration.expansionError
    let terms = calibration.device.staticModel.basis.count
    return "static.model is simulated by \(terms) term\(terms == 1 ? "" : "s"), within"
      + " \(NumberText.short(100 * error.largest)) % of its current (largest at"
      + " \(Quantity(error.conductance, "S")), \(Quantity(error.voltage, "V")))"
  }

  private func text(_ calibration: Calibration) -> [String] {
    let provenance = calibration.provenance
    var lines = ["\(provenance.name): \(provenance.title)", provenance.paper]
    if !provenance.doi.isEmpty { lines.append("doi:\(provenance.doi)") }
    lines += [provenance.stack, "file: \(calibration.path)", "", provenance.notes, ""]
    lines += calibration.settings.map { "\($0.key) = \($0.value)" }
    lines += [expansionLine(calibration), ""]
    var table = AlignedTable(header: ["parameter", "value", "unit", "source"])
    for parameter in calibration.parameters {
      let values = parameter.values.map { NumberText.short($0, digits: 6) }
      table.append([
        parameter.key, values.joined(separator: ", "), parameter.unit, parameter.source,
      ])
    }
    let assumed = calibration.parameters.filter { $0.source.hasPrefix("assumed") }.map(\.key)
    let notice = assumed.isEmpty ? [] : ["", "assumed: " + assumed.joined(separator: ", ")]
    return lines + table.lines + notice
  }
}
