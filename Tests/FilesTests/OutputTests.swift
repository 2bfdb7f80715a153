import Failures
import Files
import Foundation
import Testing
import _TestSupport

@Suite("Output files")
struct OutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  @Test func `A file under way has no name, and an unfinished one leaves none`() throws {
    let target = try OutputTarget(folder.file("a"))
    #expect(AtomicFile.write(Data("x".utf8), to: target.descriptor))
    #expect(names.isEmpty)
    close(target.descriptor)
    target.discard()
    #expect(names.isEmpty)
    try AtomicFile.write("y", to: folder.file("a"))
    try AtomicFile.write("z", to: folder.file("a"))
    #expect(names == ["a"])
    #expect(try InputFile.text(of: folder.file("a")) == "z")
  }

  @Test func `A link that the user named stays; one at the program's own name is replaced`() throws
  {
    let (link, target) = (folder.file("link"), folder.file("target"))
    try AtomicFile.write("old", to: target)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    try AtomicFile.write("new", to: link)
    #expect(try InputFile.text(of: target) == "new")
    try AtomicFile.write("own", to: link, links: .replaced)
    #expect(try InputFile.text(of: target) == "new")
    #expect(try InputFile.text(of: link) == "own")
    #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == nil)
  }

  @Test func `A folder of the program's own name is not taken through a link`() throws {
    try OutputFolder.create("inner", in: folder.path)
    try OutputFolder.create("inner", in: folder.path)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("plots"), withDestinationPath: folder.file("inner"))
    #expect(throws: Failure.self) { try OutputFolder.create("plots", in: folder.path) }
  }

  @Test func `Working files of processes that live no more are removed, of others kept`() throws {
    let dead = "a.part-\(pid_t.max)"
    let own = "a.part-\(getpid() == 1 ? 2 : 1)"
    for name in [dead, own, "b.part-\(pid_t.max)", "a.part-x", "c.part-"] {
      try Data().write(to: URL(fileURLWithPath: folder.file(name)))
    }
    try AtomicFile.write("", to: folder.file("a"))
    #expect(names == ["a", own, "a.part-x", "b.part-\(pid_t.max)", "c.part-"].sorted())
    OutputTarget.removeAbandoned(in: folder.path)
    #expect(names == ["a", own, "a.part-x", "c.part-"].sorted())
  }

  @Test func `An empty name and a folder are refused`() {
    for path in ["", folder.path] {
      #expect(throws: Failure.self) { try AtomicFile.write("", to: path) }
    }
    #expect(throws: Failure.self) { try OutputFolder.create("") }
  }

  @Test func `A full device is a failure of writing`() throws {
    let failure = try #require(throws: Failure.self) {
      try AtomicFile.write("text", to: "/dev/full")
    }
    #expect(failure.kind == .inputOutput)
  }

  @Test func `Messages are one line without control characters, long texts are cut`() {
    let hostile = "a\n\u{1b}[31mb\u{7f}\r\t\u{202e}c\u{2028}d"
    let failure = Failure(
      .usage, at: hostile, hostile, remedy: String(repeating: "x", count: 100_000))
    let line = failure.description
    #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    #expect(!line.unicodeScalars.contains("\u{202e}") && !line.unicodeScalars.contains("\u{2028}"))
    #expect(line.count < 400)
    #expect(Failure.oneLine("Fréchet 5 µS … ±1 → 2") == "Fréchet 5 µS … ±1 → 2")
  }
}

@Suite("Checked integers")
struct CheckedIntegerTests {
  @Test(arguments: [
    (1e300, 9), (-1e300, -3), (.infinity, 9), (-.infinity, -3), (.nan, -3), (2.5, 3), (-2.5, -3),
    (8.999, 9), (0x1p63, 9),
  ])
  func `A number beyond the range gives its end`(_ value: Double, _ expected: Int) {
    #expect(Int(clamping: value, to: -3...9) == expected)
  }

  @Test(arguments: [1e300, -1, .nan, .infinity, 9.5, 0x1p63])
  func `A number beyond the range is none`(_ value: Double) {
    #expect(Int(checked: value, in: 0...9) == nil)
    #expect(Int(checked: 9.4, in: 0...9) == 9)
  }

  @Test func `Products beyond 64 bits and of negative factors are none`() {
    #expect(Int.product(3, 4, 5) == 60)
    #expect(Int.product([Int]()) == 1)
    #expect(Int.product(1 << 40, 1 << 40) == nil)
    #expect(Int.product(-1, 4) == nil)
    #expect(Int.product(0, .max, .max) == 0)
  }
}
