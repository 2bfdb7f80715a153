import Calibration
import Failures
import Files
import Reports
import Runs

/// The reader of a study file: strict, like every reader here.
struct StudyFile {
  let document: TOMLDocument
  private(set) var name = ""
  private(set) var summary = ""
  /// Repetitions first, so that a study cut short has whole conditions rather than whole seeds of
  /// some; others by name.
  private(set) var axes: [GridAxis] = []
  private var base: [GridSetting] = []
  private var exclusions: [GridExclusion] = []

  /// Keys of a study file beside the sections of a run configuration.
  private static let ownKeys = ["name", "summary", "grid", "exclude"]
  /// More points than this are a typing error.
  private static let pointLimit = 10_000

  /// Where the training images are, in place of what the file says.
  private let data: String?

  /// A line for every former key that the file holds.
  let notices: [String]

  init(document: TOMLDocument, data: String?) throws(Failure) {
    (self.document, notices) = try document.renaming(
      RunConfiguration.formerKeys, in: ["grid", "exclude"])
    self.data = data
  }

  mutating func read() throws(Failure) {
    let root = document.root
    name = try root.string("name")
    guard Self.isName(name) else {
      throw root.failure(
        "name", "\"\(name)\" cannot name a folder", remedy: "use letters, digits, '-', '_' and '.'")
    }
    summary = try root.optionalString("summary") ?? ""
    try readBase(root)
    if let data {
      base.removeAll { $0.section == "data" && $0.key == "source" }
      base.append(.init(section: "data", key: "source", spelling: QuotedText.spelling(of: data)))
    }
    if let grid = try root.optionalSection("grid") { try readAxes(grid, prefix: nil) }
    axes.sort { ($0.isReplicate ? 0 : 1, $0.name) < ($1.isReplicate ? 0 : 1, $1.name) }
    try checkAxes(root)
    for section in try root.sections("exclude") { try readExclusion(section) }
    try document.finish()
  }

  /// Whether a text can name a study: it becomes the name of a folder.
  static func isName(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count) && !text.hasPrefix(".")
      && text.allSatisfy(isNameCharacter)
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
  }

  private mutating func readBase(_ root: TOMLSection) throws(Failure) {
    let known = RunConfiguration().json.sections
    for key in root.keys where !Self.ownKeys.contains(key) {
      guard known.contains(key) else {
        let guess = Spelling.nearest(to: key, in: known + Self.ownKeys)
        throw root.failure(
          key, "unknown key",
          remedy: guess.map { "did you mean \($0)?" }
            ?? "sections: \(known.joined(separator: ", "))"
        )
      }
      let section = try root.section(key)
      for entry in section.keys {
        base.append(.init(section: key, key: entry, spelling: try section.spelling(entry)))
      }
    }
  }
}

// MARK: - Axes

extension StudyFile {
  private mutating func readAxes(_ table: TOMLSection, prefix: String?) throws(Failure) {
    for key in table.keys {
      let path = prefix.map { "\($0).\(key)" } ?? key
      switch table.shape(key) {
      case .section where prefix == nil: try readAxes(try table.section(key), prefix: key)
      case .sections where prefix == nil && !key.contains("."):
        axes.append(try cases(of: key, try table.sections(key)))
      case .list:
        guard let (section, name) = Self.split(path) else {
          throw table.failure(
            key, "is not a key of a run configuration", remedy: "write it as section.key")
        }
        let values = try table.spellings(key).map {
          GridAxis.Value(
            label: Self.label($0),
            settings: [.init(section: section, key: name, spelling: $0)])
        }
        axes.append(GridAxis(name: path, values: values))
      default: throw table.failure(key, "expected a list of values")
      }
    }
  }

  private func cases(of axis: String, _ tables: [TOMLSection]) throws(Failure) -> GridAxis {
    var values: [GridAxis.Value] = []
    for table in tables {
      let label = try table.string("name")
      var settings: [GridSetting] = []
      for key in table.keys where key != "name" {
        if table.shape(key) == .section {
          let section = try table.section(key)
          for entry in section.keys {
            settings.append(
              .init(section: key, key: entry, spelling: try section.spelling(entry)))
          }
        } else if let (section, name) = Self.split(key) {
          settings.append(.init(section: section, key: name, spelling: try table.spelling(key)))
        } else {
          throw table.failure(
            key, "is not a key of a run configuration", remedy: "write it as section.key")
        }
      }
      values.append(GridAxis.Value(label: label, settings: settings))
    }
    return GridAxis(name: axis, values: values)
  }

  private func checkAxes(_ root: TOMLSection) throws(Failure) {
    var count = 1
    for axis in axes {
      guard !axis.values.isEmpty else { throw root.failure("grid.\(axis.name)", "has no values") }
      var seen: Set<String> = []
      for value in axis.values where !seen.insert(value.label).inserted {
        throw root.failure("grid.\(axis.name)", "has \(value.label) twice")
      }
      count *= axis.values.count
      guard count <= Self.pointLimit else {
        throw root.failure("grid", "has more than \(Self.pointLimit) points")
      }
    }
    var owners: [String: String] = [:]
    for axis in axes {
      for key in Set(axis.values.flatMap { $0.settings.map { "\($0.section).\($0.key)" } }) {
        if let other = owners.updateValue(axis.name, forKey: key) {
          throw root.failure("grid", "\(key) is moved by two axes, \(other) and \(axis.name)")
        }
      }
    }
  }

  /// Section and key of a dotted path, or nil.
  private static func split(_ path: String) -> (section: String, key: String)? {
    let parts = path.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    return (String(parts[0]), String(parts[1]))
  }

  /// A value as people write it: without quotes around a plain string.
  private static func label(_ spelling: String) -> String {
    let isPlain = spelling.hasPrefix("\"") && !spelling.contains("\\")
    return isPlain ? String(spelling.dropFirst().dropLast()) : spelling
  }
}

// MARK: - Exclusions

extension StudyFile {
  private mutating func readExclusion(_ table: TOMLSection) throws(Failure) {
    var conditions: [(axis: String, labels: [String])] = []
    for key in table.keys {
      if table.shape(key) == .section {
        let section = try table.section(key)
        for entry in section.keys {
          conditions.append(try condition("\(key).\(entry)", section, entry))
        }
      } else {
        conditions.append(try condition(key, table, key))
      }
    }
    guard !conditions.isEmpty else { throw table.failure("", "an empty [[exclude]] is everything") }
    exclusions.append(GridExclusion(conditions: conditions))
  }

  private func condition(
    _ name: String, _ table: TOMLSection, _ key: String
  ) throws(Failure) -> (axis: String, labels: [String]) {
    guard let axis = axes.first(where: { $0.name == name }) else {
      let guess = Spelling.nearest(to: name, in: axes.map(\.name))
      throw table.failure(
        key, "is not an axis of the grid",
        remedy: guess.map { "did you mean \($0)?" }
          ?? "axes: \(axes.map(\.name).joined(separator: ", "))")
    }
    let known = axis.values.map(\.label)
    let whole = Self.label(try table.spelling(key))
    // A list is one value where the axis has lists, and else any of its elements.
    if known.contains(whole) { return (name, [whole]) }
    let labels =
      table.shape(key) == .list ? try table.spellings(key).map(Self.label) : [whole]
    for label in labels where !known.contains(label) {
      let guess = Spelling.nearest(to: label, in: known)
      throw table.failure(
        key, "\(label) is not on the axis",
        remedy: guess.map { "did you mean \($0)?" } ?? "values: \(known.joined(separator: ", "))")
    }
    return (name, labels)
  }
}

// MARK: - Points

extension StudyFile {
  /// A value per axis for every point of the grid, the last axis fastest.
  func positions() -> [[GridAxis.Value]] {
    let all = axes.reduce([[]]) { positions, axis in
      positions.flatMap { position in axis.values.map { position + [$0] } }
    }
    return all.filter { position in
      let labels = zip(axes, position).map { StudyPoint.Label(axis: $0.name, value: $1.label) }
      return !exclusions.contains { $0.matches(labels) }
    }
  }

  /// The configuration of a point through the run configuration's own reader.
  func resolve(
    _ position: [GridAxis.Value]
  ) throws(Failure) -> ResolvedConfiguration {
    var sections: [String: [String: String]] = [:]
    for setting in base + position.flatMap(\.settings) {
      sections[setting.section, default: [:]][setting.key] = setting.spelling
    }
    var text = ""
    for (section, entries) in sections.sorted(by: { $0.key < $1.key }) {
      text += "[\(QuotedText.spelling(of: section))]\n"
      for (key, spelling) in entries.sorted(by: { $0.key < $1.key }) {
        text += "\(QuotedText.spelling(of: key)) = \(spelling)\n"
      }
    }
    let labels = zip(axes, position).map { StudyPoint.Label(axis: $0.name, value: $1.label) }
    let place = axes.isEmpty ? document.name : "\(document.name) (\(StudyPoint.title(labels)))"
    return try RunConfiguration.resolve(file: TOMLDocument(text: text, name: place))
  }
}

extension JSON {
  /// The names of an object's members.
  fileprivate var sections: [String] {
    guard case .object(let members) = self else { return [] }
    return members.map(\.key)
  }
}
