import ArgumentParser
import Failures
import Runs

/// Options that set a key of the run configuration: name, help and completion are the key's.
extension Option where Value == RunOption? {
  /// The option of a key, `section.key`.
  init(setting key: String) {
    let option = CommandOption.of(key)
    self.init(
      name: .customLong(option.name), parsing: .unconditional,
      help: ArgumentHelp(stringLiteral: option.help).value(option.valueName),
      completion: option.words.isEmpty ? nil : .list(option.words),
      transform: option.parsed)
  }
}

extension CommandOption {
  /// What the option was given; a ``ValidationError`` where it is no value of the key's type.
  @Sendable func parsed(_ text: String) throws -> RunOption {
    do throws(Failure) {
      return try given(text)
    } catch {
      throw ValidationError(error.cause)
    }
  }
}

extension Flag where Value == Bool {
  /// The flag of a key, `section.key`, which is then true.
  init(wrappedValue: Bool, setting key: String) {
    let option = CommandOption.of(key)
    self.init(
      wrappedValue: wrappedValue, name: .customLong(option.name),
      help: ArgumentHelp(stringLiteral: option.help))
  }
}

extension RunOption {
  /// The option of a flag; nil when it is not given.
  static func flag(_ isGiven: Bool, setting key: String) -> RunOption? {
    isGiven ? try? CommandOption.of(key).given("true") : nil
  }
}

extension ArgumentHelp {
  fileprivate func value(_ name: String) -> ArgumentHelp {
    var help = self
    help.valueName = name
    return help
  }
}
