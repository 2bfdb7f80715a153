package import Failures
import Files
package import Reports

/// The option of the command line that sets a key of the run configuration.
package struct CommandOption: Sendable {
  /// `section.key`.
  package let key: String
  /// Without dashes.
  package let name: String
  /// What stands for the value in help.
  package let valueName: String
  /// Words that complete the option; empty where any text may stand.
  package let words: [String]
  /// One sentence.
  package let help: String

  /// The option of a key.
  package static func of(_ key: String) -> CommandOption {
    guard let option = Setting.table.first(where: { $0.name == key })?.option else {
      preconditionFailure("no option sets \(key)")
    }
    return option
  }

  /// Every option, in the order of the table of keys.
  package static var all: [CommandOption] { Setting.table.compactMap(\.option) }

  /// What the option was given, as its key takes it.
  ///
  /// - Throws: ``Failure`` of kind `usage` for text that is no number where one is expected; ranges
  ///   are the configuration reader's.
  package func given(_ text: String) throws(Failure) -> RunOption {
    guard let setting = Setting.table.first(where: { $0.name == key }) else {
      preconditionFailure("no key \(key)")
    }
    func failure(_ expected: String) -> Failure {
      Failure(.usage, at: "--\(name)", "expected \(expected), found \"\(text)\"")
    }
    let value: JSON
    switch setting.kind {
    case .text, .list: value = .text(text)
    case .flag: value = .boolean(text == "true")
    case .integer:
      guard let number = Int(text) else { throw failure("an integer") }
      value = .integer(number)
    case .number:
      guard let number = Double(text), number.isFinite else { throw failure("a number") }
      value = .number(number)
    }
    return RunOption("--\(name)", setting.section, setting.key, value)
  }
}

/// A key set on the command line.
package struct RunOption: Sendable {
  /// The option's name, for errors.
  package var option: String
  /// Section of the run configuration, such as `run`.
  package var section: String
  /// Key within the section.
  package var key: String
  /// What the file would have in its place.
  package var value: JSON

  /// An option by name that sets a key of a section, without the check that there is one.
  package init(_ option: String, _ section: String, _ key: String, _ value: JSON) {
    self.option = option
    self.section = section
    self.key = key
    self.value = value
  }
}

/// A key as the reference prints it.
package struct KeyDescription: Sendable {
  /// `section.key`.
  package let name: String
  /// What it holds and which values are taken.
  package let values: String
  /// The value in force where nothing is said, by the default calibration.
  package let standard: String
  /// Its option, with dashes; empty without.
  package let option: String
  package let meaning: String
}

extension RunConfiguration {
  /// Every key, in the order of the printed configuration.
  ///
  /// - Throws: ``Failure`` when the default calibration cannot be loaded.
  package static func reference() throws(Failure) -> [KeyDescription] {
    let standard = try resolve(file: nil).configuration
    return Setting.table.map { setting in
      KeyDescription(
        name: setting.name,
        values: setting.kind == .text && !setting.values.isEmpty
          ? setting.values : "\(setting.kind.rawValue) \(setting.values)",
        standard: setting.value(standard)?.line ?? "",
        option: setting.option.map { "--\($0.name)" } ?? "",
        meaning: setting.summary)
    }
  }
}
