import CZlib
import Failures
import Files
import Foundation
import Testing
import _TestSupport

@Suite("Limits of input")
struct InputLimitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func packed(_ text: Data, then tail: Data = Data()) throws -> String {
    let path = folder.file("packed.gz")
    let file = gzopen(path, "wb9")
    _ = text.withUnsafeBytes { gzwrite(file, $0.baseAddress, UInt32($0.count)) }
    gzclose(file)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path)) + tail
    try whole.write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func `A small file that unpacks to more than the limit is refused`() throws {
    let path = try packed(Data(count: 1 << 22))
    #expect(try InputFile.bytes(of: path, limit: 1 << 22).count == 1 << 22)
    let failure = try #require(throws: Failure.self) {
      try InputFile.bytes(of: path, limit: 1 << 22 - 1)
    }
    #expect(failure.kind == .badData)
  }

  @Test func `Zeros behind a gzip stream are no part of it; other bytes are damage`() throws {
    let text = Data("two words".utf8)
    #expect(try InputFile.bytes(of: packed(text, then: Data(count: 700))) == text)
    let path = try packed(text, then: Data([0, 0, 7]))
    #expect(throws: Failure.self) { try InputFile.bytes(of: path) }
  }

  @Test func `Members of a gzip file follow each other`() throws {
    let first = try Data(contentsOf: URL(fileURLWithPath: packed(Data("a".utf8))))
    #expect(try InputFile.bytes(of: packed(Data("b".utf8), then: first)) == Data("ba".utf8))
  }

  @Test func `Every gzip stream that is cut is damaged`() throws {
    let path = try packed(Data((0..<3000).map { UInt8($0 % 251) }))
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in stride(from: 3, to: whole.count, by: 17) {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: Failure.self) { try InputFile.bytes(of: path) }
    }
  }

  @Test func `A pipe is read to its end, and may be asked for again`() throws {
    let path = folder.file("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let text = Data((0..<200_000).map { UInt8($0 % 256) })
    Thread.detachNewThread { try? text.write(to: URL(fileURLWithPath: path)) }
    #expect(try InputFile.bytes(of: path) == text)
    #expect(try InputFile.bytes(of: path) == text)
  }

  @Test func `Limits hold for plain files too`() throws {
    let path = folder.file("plain")
    try Data(count: 100).write(to: URL(fileURLWithPath: path))
    #expect(try InputFile.rawBytes(of: path, limit: 100).count == 100)
    #expect(throws: Failure.self) { try InputFile.rawBytes(of: path, limit: 99) }
    #expect(throws: Failure.self) { try InputFile.rawBytes(of: folder.path) }
  }

  @Test(arguments: [
    "(a+)+b", "^(a|a)*$", "^(a|aa)+$", "(x+x+)+y", "(?<g>(a*)*)*c", "^(([a-z])+.)+[A-Z]([a-z])+$",
  ])
  func `A careless pattern ends soon`(_ pattern: String) throws {
    let text = String(repeating: "a", count: 60) + String(repeating: "x", count: 60) + "!"
    let start = ContinuousClock.now
    _ = try? BoundedPattern(pattern, at: "t").groups(in: text)
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test func `A pattern gives its named groups`() throws {
    let pattern = try BoundedPattern(
      #"_(?<operation>set|reset)_(?<voltage>[\d.]+V)(?<none>q)?"#, at: "t")
    #expect(
      try pattern.groups(in: "a_réset_set_1.5V.csv") == ["operation": "set", "voltage": "1.5V"])
    #expect(try pattern.groups(in: "other") == nil)
    #expect(throws: Failure.self) { try BoundedPattern("(", at: "t") }
    #expect(throws: Failure.self) {
      try BoundedPattern(String(repeating: "a", count: 1001), at: "t")
    }
  }

  @Test(arguments: ["1", "0.5K", "8G", "1.5m"])
  func `Sizes of memory are read`(_ text: String) {
    let expected = ["1": 1, "0.5K": 512, "8G": 0x1p33, "1.5m": 1.5 * 0x1p20]
    #expect(MemoryBudget.parsed(text) == expected[text])
  }

  @Test(arguments: ["", "G", "-1", "nan", "inf", "8 GB"])
  func `What is no size of memory is not taken`(_ text: String) {
    #expect(MemoryBudget.parsed(text) == nil)
  }
}
