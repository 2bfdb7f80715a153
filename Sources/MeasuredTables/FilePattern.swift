import Failures
import Files
import Foundation

/// What the path of a file says.
struct FilePattern {
  private let groups: [String: String]
  private let path: String

  /// Matches a file's name, without its folder.
  init(_ pattern: String?, path: String, description: String) throws(Failure) {
    self.path = path
    guard let pattern else {
      groups = [:]
      return
    }
    let expression = try BoundedPattern(pattern, at: "\(description): file.pattern")
    let name = (path as NSString).lastPathComponent
    guard let found = try expression.groups(in: name) else {
      throw Failure(
        .badData, at: path, "its name does not match file.pattern of \(description)",
        remedy: "correct the pattern or leave the file out")
    }
    groups = found
  }

  func value(
    of group: String, for quantity: MeasuredQuantity, _ scale: UnitScale,
    report: inout ReadReport
  ) throws(Failure) -> Double {
    guard let text = groups[group] else {
      throw Failure(
        .badData, at: path, "file.pattern has no group \"\(group)\"",
        remedy: "write it as (?<\(group)>...)")
    }
    if quantity.isLabel { return Double(report.label(quantity, text)) }
    if let bare = Double(text) { return scale(bare) }
    guard let value = UnitScale.value(of: text, for: quantity) else {
      throw Failure(.badData, at: path, "\"\(text)\" in its name is no \(quantity.rawValue)")
    }
    return value
  }

  /// The name of a folder of the path: 1 holds the file, 2 is above it.
  func folder(_ depth: Int) throws(Failure) -> String {
    let parts = URL(fileURLWithPath: path).standardizedFileURL.pathComponents.dropLast()
    guard depth < parts.count else {
      throw Failure(.badData, at: path, "its path has no folder \(depth)")
    }
    return parts[parts.count - depth]
  }

  /// The file's name without its ending.
  var stem: String {
    var name = (path as NSString).lastPathComponent
    if name.lowercased().hasSuffix(".gz") { name = String(name.dropLast(3)) }
    return (name as NSString).deletingPathExtension
  }
}
