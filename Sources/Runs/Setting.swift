import Failures
import Files
import Reports

/// One key of a run configuration: how it is read, how it is printed and what it means.
///
/// The table of settings is the only list of keys: the strict reader, `--dry-run`, the manifest and
/// the comparison on `--resume` all walk it.
struct Setting: Sendable {
  typealias Read = @Sendable (inout RunConfiguration, TOMLSection, String) throws(Failure) -> Void
  typealias Value = @Sendable (RunConfiguration) -> JSON?
  typealias Path<Target> = any WritableKeyPath<RunConfiguration, Target> & Sendable

  let section: String
  let key: String
  /// Meaning and unit: the comment in the printed configuration.
  let summary: String
  /// Sets what the section says; does nothing when it does not have the key.
  let read: Read
  /// The value in force, or nil when the key does not apply.
  let value: Value

  /// `section.key`.
  var name: String { "\(section).\(key)" }
}

extension Setting {
  /// A number in SI units, held in double precision.
  static func number(
    _ section: String, _ key: String, _ path: Path<Double>, in range: ClosedRange<Double>,
    _ summary: String
  ) -> Setting {
    Setting(section: section, key: key, summary: summary) {
      configuration, table, key throws(Failure) in
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
    Setting(section: section, key: key, summary: summary) {
      configuration, table, key throws(Failure) in
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
    Setting(section: section, key: key, summary: summary) {
      configuration, table, key throws(Failure) in
      guard let value = try table.optionalInteger(key, in: range) else { return }
      configuration[keyPath: path] = value
    } value: {
      .integer($0[keyPath: path])
    }
  }

  static func flag(
    _ section: String, _ key: String, _ path: Path<Bool>, _ summary: String
  ) -> Setting {
    Setting(section: section, key: key, summary: summary) {
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
    return Setting(section: section, key: key, summary: "\(summary): \(words)") {
      configuration, table, key throws(Failure) in
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
    Setting(section: section, key: key, summary: summary) {
      configuration, table, key throws(Failure) in
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

extension JSON {
  /// A number with the fewest digits that give back the same single-precision value.
  init(shortest value: Float) {
    self = .number(Double(String(value)) ?? Double(value))
  }
}
