import Failures
import Foundation
import NoiseSources
import Testing
import _TestSupport

/// The layouts in which people store recorded bits.
@Suite("Recorded bits")
struct BitRecordingTests {
  private let folder: TemporaryFolder
  /// 101 bits, which are no whole number of bytes.
  private let bits: [UInt8] = (0..<101).map { UInt8(($0 * $0 / 3) & 1) }

  init() throws { folder = try TemporaryFolder() }

  private var digits: [String] { bits.map { "\($0)" } }

  private var packed: [UInt8] {
    stride(from: 0, to: bits.count, by: 8).map { first in
      (0..<8).reduce(UInt8(0)) { byte, at in
        byte << 1 | (bits.indices.contains(first + at) ? bits[first + at] : 0)
      }
    }
  }

  private func read(
    _ bytes: [UInt8], as layout: BitRecording.Layout? = nil
  ) throws -> BitRecording {
    let path = folder.file("bits")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try BitRecording(path: path, layout: layout)
  }

  @Test(arguments: ["", " ", "\n", "\r\n", ",", ", ", "\t"])
  func `Digits may have blanks, commas and line ends between them`(between: String) throws {
    let text = digits.joined(separator: between)
    for whole in [text, "\u{FEFF}" + text + "\n", "[" + text + "]"] {
      let found = try read(Array(whole.utf8))
      #expect(found.layout == .text && found.count == bits.count && found.bytes == packed)
    }
  }

  @Test func `A byte a bit and packed bits are told apart, and no bit is dropped`() throws {
    let single = try read(bits)
    #expect(single.layout == .bytes && single.count == 101 && single.bytes == packed)
    let whole = try read(packed)
    #expect(whole.layout == .packed && whole.count == 104 && whole.bytes == packed)
  }

  @Test(arguments: ["bit\n", "0,1\n2,0\n", "false\ntrue\n"])
  func `Text that is not of bits alone is refused with both readings`(before: String) throws {
    let bytes = Array((before + digits.joined()).utf8)
    let failure = #expect(throws: Failure.self) { try read(bytes) }
    #expect(failure?.remedy?.contains("--format packed") == true)
    #expect(try read(bytes, as: .packed).count == 8 * bytes.count)
  }
}
