import Devices
package import Failures
import Files

/// Reads the parameters of one section of a calibration file and keeps them for display.
///
/// A parameter is a table of exactly four entries:
///
///     a0 = { value = -2.58e-6, unit = "S", source = "Table I", range = [-1e-4, 1e-4] }
package struct ParameterReader {
  let section: TOMLSection
  let collection: ParameterCollection

  /// The parameters and settings read so far, shared by the readers of a file.
  final class ParameterCollection {
    var parameters: [Parameter] = []
    var settings: [WordChoice] = []
  }

  /// One number.
  package func number(_ key: String, unit: String) throws(Failure) -> Double {
    let entry = try section.section(key)
    let value = try entry.number("value", in: try range(of: entry))
    try collect(key, entry, [value], unit)
    return value
  }

  /// As many numbers as given, or a non-empty array of any length.
  package func numbers(_ key: String, unit: String, count: Int? = nil) throws(Failure) -> [Double] {
    let entry = try section.section(key)
    let values = try entry.numbers("value", in: try range(of: entry))
    guard values.count == count ?? max(1, values.count) else {
      throw entry.failure(
        "value", "expected \(count.map { "\($0)" } ?? "some") numbers, found \(values.count)")
    }
    try collect(key, entry, values, unit)
    return values
  }

  /// One number per bin; a single number serves all bins.
  func numbersPerBin(_ key: String, unit: String, bins: Int) throws(Failure) -> [Double] {
    let entry = try section.section(key)
    let (values, isArray) = try entry.numberOrNumbers("value", in: try range(of: entry))
    guard !isArray || values.count == bins else {
      throw entry.failure(
        "value", "expected one number or \(bins), one per bin, found \(values.count)")
    }
    try collect(key, entry, values, unit)
    return isArray ? values : Array(repeating: values[0], count: bins)
  }

  /// Two numbers, the lower first.
  package func interval(_ key: String, unit: String) throws(Failure) -> ClosedRange<Double> {
    let values = try numbers(key, unit: unit, count: 2)
    guard values[0] <= values[1] else {
      throw section.failure("\(key).value", "the first number is larger than the second")
    }
    return values[0]...values[1]
  }

  /// One of a few words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type = Choice.self
  ) throws(Failure) -> Choice where Choice.RawValue == String {
    let choice = try section.choice(key, of: type)
    collection.settings.append(WordChoice(key: dotted(key), value: choice.rawValue))
    return choice
  }

  /// The model of the kind, among those of a list, that the section names.
  func model<Model>(
    among kinds: [ModelKind<Model>], _ limits: DeviceLimits
  ) throws(Failure) -> Model {
    let name = try section.string("model")
    guard let kind = kinds.first(where: { $0.name == name }) else {
      let known = kinds.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw section.failure(
        "model", "unknown model \"\(name)\"", remedy: "expected one of \(known)")
    }
    collection.settings.append(WordChoice(key: dotted("model"), value: name))
    return try kind.model(self, limits)
  }

  /// A reader of a nested section.
  func nested(_ key: String) throws(Failure) -> ParameterReader {
    ParameterReader(section: try section.section(key), collection: collection)
  }

  private func dotted(_ key: String) -> String { "\(section.dottedPath).\(key)" }

  private func range(of entry: TOMLSection) throws(Failure) -> ClosedRange<Double> {
    let ends = try entry.numbers("range")
    guard ends.count == 2, ends[0] <= ends[1] else {
      throw entry.failure("range", "expected two numbers, the smaller first")
    }
    return ends[0]...ends[1]
  }

  private func collect(
    _ key: String, _ entry: TOMLSection, _ values: [Double], _ unit: String
  ) throws(Failure) {
    let found = try entry.string("unit")
    guard found == unit else {
      throw entry.failure("unit", "expected \"\(unit)\", found \"\(found)\"")
    }
    let source = try entry.string("source")
    guard !source.isEmpty else { throw entry.failure("source", "is empty") }
    collection.parameters.append(
      Parameter(
        key: dotted(key), values: values, unit: unit, source: source, range: try range(of: entry)))
  }
}
