import Failures
import Foundation

/// A parser, and how it is handed an input.
///
/// A ``Failure`` is an answer; anything else that ends the process is a finding.
struct FuzzTarget: Sendable {
  let name: String
  /// Name of the file that holds the input: the end of a name can choose a format.
  var fileName = "input"
  let read: @Sendable (_ bytes: UnsafeRawBufferPointer, _ path: String) throws -> Void

  /// The target of this process and the file of its inputs.
  nonisolated(unsafe) static var chosen: (target: FuzzTarget, file: ScratchFile)?

  /// Tries an input.
  static func attempt(_ bytes: UnsafeRawBufferPointer) {
    guard let (target, file) = chosen else { return }
    file.fill(bytes)
    do {
      try target.read(bytes, file.path)
    } catch {
      guard let failure = error as? Failure else {
        fatalError("an error of another kind: \(error)")
      }
      check(failure)
    }
  }

  /// A message is one line of print.
  private static func check(_ failure: Failure) {
    guard failure.kind != .internal else { fatalError("an internal failure: \(failure)") }
    let text = failure.description
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      fatalError("control characters in a message: \(text.debugDescription)")
    }
  }
}
