import Failures

/// What went wrong, where, and what to do about it.
///
/// The one error that this module throws.
public struct CrossbarError: Error, Equatable, Sendable, CustomStringConvertible {
  /// File, key or argument that is at fault, such as `nili2020.toml: static.a0`.
  public let place: String
  /// What was found and what was expected.
  public let cause: String
  /// What can be done, when that does not follow from the cause.
  public let remedy: String?
  /// The exit code that the command line has for this kind of failure.
  public let exitCode: Int32
  /// One line: `place: cause; remedy`.
  public let description: String

  init(_ failure: Failure) {
    place = failure.place
    cause = failure.cause
    remedy = failure.remedy
    exitCode = failure.kind.rawValue
    description = failure.description
  }

  init(argument: String, _ cause: String) {
    self.init(Failure(.usage, at: argument, cause))
  }
}

/// Runs a body and throws its failure as the public error.
func exposing<Result>(_ body: () throws(Failure) -> Result) throws(CrossbarError) -> Result {
  do throws(Failure) {
    return try body()
  } catch {
    throw CrossbarError(error)
  }
}
