import Failures
import Files
import Reports

/// One key of a run configuration: the only description of it that there is.
///
/// The strict reader, `--dry-run`, the manifest, the comparison on `--resume`, the command-line
/// options with their help and the reference of `train --keys` all come from the table of settings.
struct Setting: Sendable {
  typealias Read = @Sendable (inout RunConfiguration, TOMLSection, String) throws(Failure) -> Void
  typealias Value = @Sendable (RunConfiguration) -> JSON?
  typealias Path<Target> = any WritableKeyPath<RunConfiguration, Target> & Sendable

  /// What a key holds.
  enum Kind: String, Sendable {
    case text
    case number
    case integer
    case flag
    case list
  }

  let section: String
  let key: String
  let kind: Kind
  /// Values that are taken: a range, or words; empty where the summary says it.
  let values: String
  /// Meaning: the comment in the printed configuration.
  let summary: String
  /// The command-line option that sets the key.
  private(set) var option: CommandOption?
  /// Sets what the section says; does nothing when it does not have the key.
  let read: Read
  /// The value in force, or nil when the key does not apply.
  let value: Value

  init(
    section: String, key: String, kind: Kind = .text, values: String = "", summary: String,
    read: @escaping Read, value: @escaping Value
  ) {
    self.section = section
    self.key = key
    self.kind = kind
    self.values = values
    self.summary = summary
    self.read = read
    self.value = value
  }

  /// `section.key`.
  var name: String { "\(section).\(key)" }

  /// The key with an option on the command line.
  ///
  /// - Parameters:
  ///   - name: without dashes.
  ///   - valueName: stands for the value in help; the words of a choice by default.
  ///   - help: says more, or less, than the key's own meaning.
  func option(
    _ name: String, _ valueName: String = "", words: [String] = [], help: String? = nil
  ) -> Setting {
    var setting = self
    setting.option = CommandOption(
      key: self.name, name: name, valueName: valueName, words: words,
      help: help ?? summary.prefix(1).uppercased() + summary.dropFirst() + ".")
    return setting
  }
}

extension Setting {
  /// A number in SI units, held in double precision.
  static func number(
    _ section: String, _ key: String, _ path: Path<Double>, in range: ClosedRange<Double>,
    _ summary: String
  ) -> Setting {
    Setting(
      section: section, key: key, kind: .number, values: span(range), summary: summary
    ) { configuration, table, key throws(Failure) in
      guard let value = try table.optionalNumber(key, in: range) else { return }
      configuration[keyPath: path] = value
    } value: {
      .number($0[keyPath: path])
    }
  }

  /// A number held in single precision, printed with the digits that single precision has.
  static func single(
    _ section: String, _ key: String, _ path: Path<Float>, in range: ClosedRange<Double>,
    _ summary: String
  ) -> Setting {
    Setting(
      section: section, key: key, kind: .number, values: span(range), summary: summary
    ) { configuration, table, key throws(Failure) in
      guard let value = try table.optionalNumber(key, in: range) else { return }
      configuration[keyPath: path] = Float(value)
    } value: {
      JSON(shortest: $0[keyPath: path])
    }
  }

  static func integer(
    _ section: String, _ key: String, _ path: Path<Int>, in range: ClosedRange<Int>,
    _ summary: String
  ) -> Setting {
    Setting(
      section: section, key: key, kind: .integer, values: span(range), summary: summary
    ) { configuration, table, key throws(Failure) in
      guard let value = try table.optionalInteger(key, in: range) else { return }
      configuration[keyPath: path] = value
    } value: {
      .integer($0[keyPath: path])
    }
  }

  static func flag(
    _ section: String, _ key: String, _ path: Path<Bool>, _ summary: String
  ) -> Setting {
    Setting(section: section, key: key, kind: .flag, values: "true, false", summary: summary) {
      configuration, table, key throws(Failure) in
      guard let value = try table.optionalBoolean(key) else { return }
      configuration[keyPath: path] = value
    } value: {
      .boolean($0[keyPath: path])
    }
  }

  static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ section: String, _ key: String, _ path: Path<Choice>, _ summary: String
  ) -> Setting {
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return Setting(
      section: section, key: key, values: words, summary: "\(summary): \(words)"
    ) { configuration, table, key throws(Failure) in
      guard let value = try table.optionalChoice(key, of: Choice.self) else { return }
      configuration[keyPath: path] = value
    } value: {
      .text($0[keyPath: path].rawValue)
    }
  }

  /// An interval written as `[low, high]`.
  static func interval(
    _ section: String, _ key: String, _ path: Path<ClosedRange<Double>>,
    in range: ClosedRange<Double>, _ summary: String
  ) -> Setting {
    Setting(
      section: section, key: key, kind: .list, values: "[low, high] within \(span(range))",
      summary: summary
    ) { configuration, table, key throws(Failure) in
      guard let ends = try table.optionalNumbers(key, in: range) else { return }
      guard ends.count == 2, ends[0] < ends[1] else {
        throw table.failure(key, "expected [low, high] with low below high")
      }
      configuration[keyPath: path] = ends[0]...ends[1]
    } value: {
      JSON([$0[keyPath: path].lowerBound, $0[keyPath: path].upperBound])
    }
  }
}

extension Setting {
  /// A range as the reference prints it.
  static func span<Bound: CustomStringConvertible>(_ range: ClosedRange<Bound>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}

extension JSON {
  /// A number with the fewest digits that give back the same single-precision value.
  init(shortest value: Float) {
    self = .number(Double(String(value)) ?? Double(value))
  }
}
