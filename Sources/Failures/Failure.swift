/// What went wrong, where, and what to do about it: the one error this package throws.
///
/// A failure carries the exit code its kind maps to (`sysexits.h` numbering), so that a script can
/// tell a bad file from a bad option without reading English.
package struct Failure: Error, Equatable, Sendable {
  /// Cause by class; the raw value is the process's exit code.
  package enum Kind: Int32, Sendable, CaseIterable {
    /// An option, argument or configuration key is not usable.
    case usage = 64
    /// A file was read and its content is not acceptable.
    case badData = 65
    /// A file or folder that should be read is not there.
    case noInput = 66
    /// A broken invariant of this program.
    case `internal` = 70
    /// An output cannot be created, or exists already.
    case cannotCreate = 73
    /// Reading or writing failed part way.
    case inputOutput = 74
    /// Stopped on request; `--resume` continues.
    case interrupted = 75
  }

  /// Cause by class; decides the exit code.
  package let kind: Kind
  /// File, key or option that is at fault, such as `nili2020.toml: static.a0`.
  package let place: String
  /// What was found and what was expected.
  package let cause: String
  /// What the user can do, when that does not follow from the cause.
  package let remedy: String?

  /// A failure whose parts read as one line: `place: cause; remedy`.
  package init(_ kind: Kind, at place: String, _ cause: String, remedy: String? = nil) {
    self.kind = kind
    self.place = place
    self.cause = cause
    self.remedy = remedy
  }
}

extension Failure: CustomStringConvertible {
  /// One line: `place: cause; remedy`; see ``oneLine(_:)``.
  package var description: String {
    let cause = Self.oneLine(cause)
    let line = place.isEmpty ? cause : "\(Self.oneLine(place)): \(cause)"
    guard let remedy else { return line }
    return "\(line); \(Self.oneLine(remedy))"
  }
}

extension Failure {
  /// The longest part of a line that comes from elsewhere, in characters.
  private static let longest = 300

  /// Text for one line of a terminal: without line ends and other control characters, and cut in its
  /// middle when it is long.
  package static func oneLine(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate, .privateUse:
        // A run of line ends and tabs is one space.
        let isBlank = scalar.properties.isWhitespace
        if !isBlank {
          scalars.append("\u{FFFD}")
        } else if scalars.last != " " {
          scalars.append(" ")
        }
      default: scalars.append(scalar)
      }
    }
    let line = String(scalars)
    guard line.count > longest else { return line }
    return "\(line.prefix(longest - 60)) … \(line.suffix(50))"
  }
}
