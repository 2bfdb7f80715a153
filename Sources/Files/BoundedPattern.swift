import CPCRE2
package import Failures

/// A regular expression from a file, matched with a bound on the work.
///
/// An expression such as `(a+)+b` takes time that doubles with every character of a text that does
/// not match; a search that takes more than a tenth of a second or so is refused instead.
package final class BoundedPattern {
  private let handle: OpaquePointer
  private let place: String

  /// Longest expression, in bytes.
  package static let longest = 1000
  /// Steps of the matcher, of some tens of nanoseconds each.
  private static let steps: UInt32 = 1_000_000

  /// Compiles an expression in PCRE2's syntax, which has groups as `(?<name>…)`.
  ///
  /// - Parameter place: where the expression stands, for errors.
  /// - Throws: ``Failure`` of kind `badData` when it is none, or longer than ``longest``.
  package init(_ text: String, at place: String) throws(Failure) {
    guard text.utf8.count <= Self.longest else {
      throw Failure(.badData, at: place, "is longer than \(Self.longest) bytes")
    }
    guard let handle = bounded_pattern_compile(text, text.utf8.count) else {
      throw Failure(.badData, at: place, "is no regular expression")
    }
    self.handle = handle
    self.place = place
  }

  deinit { bounded_pattern_free(handle) }

  /// The texts of the named groups at the first match, or nil when nothing matches.
  ///
  /// Groups that took no part in the match are absent.
  ///
  /// - Throws: ``Failure`` of kind `badData` when the search is given up.
  package func groups(in text: String) throws(Failure) -> [String: String]? {
    let bytes = Array(text.utf8)
    switch bounded_pattern_search(handle, text, bytes.count, Self.steps) {
    case 0: return nil
    case 1: break
    default:
      throw Failure(
        .badData, at: place, "takes too long to match \"\(text)\"",
        remedy: "avoid repetitions within repetitions")
    }
    var groups: [String: String] = [:]
    for index in 0..<bounded_pattern_names(handle) {
      var (start, end) = (0, 0)
      guard let name = bounded_pattern_name(handle, index),
        bounded_pattern_range(handle, index, &start, &end) != 0
      else { continue }
      groups[String(cString: name)] = String(decoding: bytes[start..<end], as: UTF8.self)
    }
    return groups
  }
}
