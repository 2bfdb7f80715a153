package import Calibration
package import Failures
import Files
import Foundation

/// A calibration file in the making: sections of parameters and words, in the file's order.
package struct CalibrationDraft: Sendable {
  private enum Line {
    case word(key: String, value: String)
    case parameter(Parameter)

    var key: String {
      switch self {
      case .word(let key, _): key
      case .parameter(let parameter): parameter.key
      }
    }
  }

  package var provenance: Provenance
  private var lines: [Line] = []

  /// The source of a value that no data stands behind begins with this word.
  package static let assumedSource = "assumed"

  /// An empty draft.
  init(provenance: Provenance) { self.provenance = provenance }

  /// A draft that starts from an existing calibration.
  package init(from base: Calibration) {
    provenance = base.provenance
    // Words and numbers were collected apart; within a section their order has no meaning.
    lines =
      base.settings.map { .word(key: $0.key, value: $0.value) }
      + base.parameters.map { .parameter($0) }
  }

  /// Removes a section with all its subsections.
  package mutating func removeSection(_ name: String) {
    lines.removeAll { $0.key.hasPrefix(name + ".") }
  }

  /// Sets a word, such as `static.model`.
  package mutating func set(_ key: String, word: String) { put(.word(key: key, value: word)) }

  /// Units of quantities that keep their sign.
  private static let unsignedUnits: Set<String> = [
    "S", "ohm", "s", "V", "A", "V^-1", "S^2/Hz", "Hz",
  ]

  /// Sets a number, or several; the range is widened around them where none is given.
  package mutating func set(
    _ key: String, _ values: [Double], unit: String, source: String,
    range: ClosedRange<Double>? = nil
  ) {
    let lowest = values.min() ?? 0
    let highest = values.max() ?? 0
    let margin = max(9 * max(abs(lowest), abs(highest)), 1e-30)
    // No range holds what is not finite: reading the text back refuses it. A quantity of one sign, such
    // as a conductance or a time, keeps it; coefficients of expansions may be of either.
    let isSigned = !Self.unsignedUnits.contains(unit)
    let around =
      margin.isFinite
      ? (isSigned || lowest < 0 ? min(0, lowest - margin) : 0)...(isSigned || highest > 0
        ? max(0, highest + margin) : 0) : 0...0
    let chosen = range ?? around
    put(
      .parameter(Parameter(key: key, values: values, unit: unit, source: source, range: chosen)))
  }

  package mutating func set(
    _ key: String, _ value: Double, unit: String, source: String,
    range: ClosedRange<Double>? = nil
  ) {
    set(key, [value], unit: unit, source: source, range: range)
  }

  /// Whether a word or number stands under a key.
  package func contains(_ key: String) -> Bool { lines.contains { $0.key == key } }

  private mutating func put(_ line: Line) {
    if let index = lines.firstIndex(where: { $0.key == line.key }) {
      lines[index] = line
    } else {
      lines.append(line)
    }
  }

  /// The file's text, checked by reading it back.
  ///
  /// - Throws: ``Failure`` when the text is not a calibration that loads.
  package func text(name: String) throws(Failure) -> String {
    var text = """
      # Written by crossbar-gan fit. Format: calibration/README.md.

      [calibration]
      format = \(Calibration.formatVersion)
      name = \(QuotedText.spelling(of: provenance.name))
      title = \(QuotedText.spelling(of: provenance.title))
      paper = \(QuotedText.spelling(of: provenance.paper))
      doi = \(QuotedText.spelling(of: provenance.doi))
      stack = \(QuotedText.spelling(of: provenance.stack))
      notes = \(QuotedText.spelling(of: provenance.notes))

      """
    var sections: [String] = []
    for line in lines {
      let section = line.key.split(separator: ".").dropLast().joined(separator: ".")
      if !sections.contains(section) { sections.append(section) }
    }
    // A table must stand before its subtables.
    for section in sections.sorted() {
      text += "\n[\(section)]\n"
      for line in lines {
        let parts = line.key.split(separator: ".")
        guard parts.dropLast().joined(separator: ".") == section, let key = parts.last else {
          continue
        }
        text += "\(key) = \(Self.value(of: line))\n"
      }
    }
    _ = try Calibration.parse(text, name: name)
    return text
  }

  private static func value(of line: Line) -> String {
    switch line {
    case .word(_, let value): return QuotedText.spelling(of: value)
    case .parameter(let parameter):
      let value =
        parameter.values.count == 1 && !arrayUnits(parameter)
        ? "\(parameter.values[0])"
        : "[" + parameter.values.map { "\($0)" }.joined(separator: ", ") + "]"
      let range = "[\(parameter.range.lowerBound), \(parameter.range.upperBound)]"
      return "{ value = \(value), unit = \(QuotedText.spelling(of: parameter.unit)),"
        + " source = \(QuotedText.spelling(of: parameter.source)), range = \(range) }"
    }
  }

  /// Keys that hold an array even of one number.
  private static func arrayUnits(_ parameter: Parameter) -> Bool {
    parameter.key.hasSuffix("_scale")
  }
}
