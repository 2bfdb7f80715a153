/// What went wrong, where, and what to do about it: the one error this package throws.
///
/// A failure carries the exit code its kind maps to (`sysexits.h` numbering), so that a script can
/// tell a bad file from a bad option without reading English.
public struct Failure: Error, Equatable, Sendable {
  /// Cause by class; the raw value is the process's exit code.
  public enum Kind: Int32, Sendable, CaseIterable {
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
  public let kind: Kind
  /// File, key or option that is at fault, such as `nili2020.toml: static.a0`.
  public let place: String
  /// What was found and what was expected.
  public let cause: String
  /// What the user can do, when that does not follow from the cause.
  public let remedy: String?

  /// A failure whose parts read as one line: `place: cause; remedy`.
  public init(_ kind: Kind, at place: String, _ cause: String, remedy: String? = nil) {
    self.kind = kind
    self.place = place
    self.cause = cause
    self.remedy = remedy
  }
}

extension Failure: CustomStringConvertible {
  /// One line: `place: cause; remedy`.
  public var description: String {
    let line = place.isEmpty ? cause : "\(place): \(cause)"
    guard let remedy else { return line }
    return "\(line); \(remedy)"
  }
}
