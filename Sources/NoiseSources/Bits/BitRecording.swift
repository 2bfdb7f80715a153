package import Failures
import Files
import Foundation

/// Recorded bits of a file, in any of the layouts that people store them in.
package struct BitRecording: Sendable {
  /// How bits are stored.
  package enum Layout: String, CaseIterable, Sendable {
    /// Eight bits a byte, the first the most significant.
    case packed
    /// A byte of the value 0 or 1 for every bit.
    case bytes
    /// The digits 0 and 1, with or without blanks, commas, brackets and line ends between them.
    case text

    /// What it is called in print.
    package var title: String {
      switch self {
      case .packed: "packed, eight bits a byte"
      case .bytes: "one byte a bit"
      case .text: "text of 0 and 1"
      }
    }
  }

  package let layout: Layout
  /// The bits, packed; those behind ``count`` in the last byte are 0.
  package let bytes: [UInt8]
  package let count: Int

  /// Reads a file.
  ///
  /// Bytes of 0 and 1 alone are one a bit, digits 0 and 1 with blanks alone are text, other text
  /// is refused, anything else is packed: of packed bits, 64 bytes look like either with a probability below 1e-120.
  ///
  /// - Parameter layout: nil recognises it.
  /// - Throws: ``Failure``: `noInput` when the file is absent, `badData` when it is not of the layout.
  package init(path: String, layout: Layout? = nil) throws(Failure) {
    let raw = [UInt8](try InputFile.rawBytes(of: path))
    let chosen: Layout
    if let layout { chosen = layout } else { chosen = try Self.layout(of: raw, path) }
    self.layout = chosen
    switch chosen {
    case .packed:
      bytes = raw
      count = raw.count * 8
    case .bytes, .text:
      var packer = BitPacker()
      let zero: UInt8 = chosen == .text ? 0x30 : 0
      let start = chosen == .text ? Self.start(of: raw) : 0
      for (place, byte) in raw.enumerated().dropFirst(start) {
        if chosen == .text, Self.isBetween(byte) { continue }
        guard byte &- zero < 2 else {
          throw Failure(
            .badData, at: path,
            "byte \(place) is \(byte), which is no bit of the layout \(chosen.rawValue)",
            remedy: "--format \(Layout.allCases.map(\.rawValue).joined(separator: "|"))")
        }
        packer.append(byte &- zero)
      }
      (bytes, count) = packer.packed
    }
  }

  /// The layout that the bytes show; a short or empty file is packed.
  ///
  /// - Throws: ``Failure`` of kind `badData` for text with other characters than 0 and 1: of packed
  ///   bits, 64 bytes look like text with a probability below 1e-26.
  private static func layout(of raw: [UInt8], _ path: String) throws(Failure) -> Layout {
    guard raw.count >= 8 else { return .packed }
    if raw.allSatisfy({ $0 < 2 }) { return .bytes }
    let text = raw.dropFirst(start(of: raw))
    guard let other = text.firstIndex(where: { !($0 == 0x30 || $0 == 0x31 || isBetween($0)) })
    else { return .text }
    guard raw.count >= 64, text.allSatisfy({ (0x20...0x7E).contains($0) || isBetween($0) }) else {
      return .packed
    }
    throw Failure(
      .badData, at: path,
      "is text, and its byte \(other) is \"\(Character(Unicode.Scalar(raw[other])))\", which is no"
        + " bit; its bytes could be read as packed bits, or 0 and 1 alone as text",
      remedy: "leave 0 and 1 alone in it, or say --format packed")
  }

  /// Bytes of a byte order mark before text.
  private static func start(of raw: [UInt8]) -> Int {
    raw.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Whether a byte may stand between digits.
  private static func isBetween(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0x2C
      || byte == 0x5B || byte == 0x5D
  }
}

/// Bits on their way into bytes, the first the most significant.
private struct BitPacker {
  private var bytes: [UInt8] = []
  private var byte: UInt8 = 0
  private var count = 0

  mutating func append(_ bit: UInt8) {
    byte = byte << 1 | bit
    count += 1
    if count.isMultiple(of: 8) {
      bytes.append(byte)
      byte = 0
    }
  }

  var packed: (bytes: [UInt8], count: Int) {
    let rest = count % 8
    return (rest == 0 ? bytes : bytes + [byte << UInt8(8 - rest)], count)
  }
}
