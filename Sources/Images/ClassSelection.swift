package import Failures

/// Which of the ten classes of a data set are used.
package struct ClassSelection: Sendable, Hashable {
  /// Every class.
  package static let all = ClassSelection(digits: Set(0...9))

  private let digits: Set<UInt8>

  private init(digits: Set<UInt8>) { self.digits = digits }

  /// Reads `all`, one class (`3` is the digit 3 alone) or a list of classes (`0,1`).
  ///
  /// - Parameter place: where the text stands, for errors, such as `--classes`.
  /// - Throws: ``Failure`` of kind `usage` for a class that does not exist or is named twice.
  package init(parsing text: String, at place: String = "--classes") throws(Failure) {
    let text = text.trimmed
    if text == "all" {
      self = .all
      return
    }
    var digits: Set<UInt8> = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(item).trimmed
      guard name.utf8.count == 1, let digit = UInt8(name), digit <= 9 else {
        throw Failure(
          .usage, at: place, "there is no class '\(name)'",
          remedy: "name all, one digit such as 3, or a list such as 0,1")
      }
      guard digits.insert(digit).inserted else {
        throw Failure(.usage, at: place, "class \(digit) is named twice")
      }
    }
    self.digits = digits
  }

  /// Whether images of a class are used.
  package func contains(_ digit: UInt8) -> Bool { digits.contains(digit) }

  /// The selected classes, ascending.
  package var classes: [UInt8] { digits.sorted() }
}

extension ClassSelection: CustomStringConvertible {
  /// The text that ``init(parsing:at:)`` reads, in one spelling per selection.
  package var description: String {
    self == .all ? "all" : classes.map(String.init).joined(separator: ",")
  }
}

extension String {
  /// The text without spaces at its ends.
  fileprivate var trimmed: String {
    var rest = self[...]
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
