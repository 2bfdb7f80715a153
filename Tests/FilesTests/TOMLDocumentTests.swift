import Failures
import Files
import Testing

@Suite struct TOMLDocumentTests {
  enum Fruit: String, CaseIterable { case apple, pear }

  let document: TOMLDocument

  init() throws {
    document = try TOMLDocument(
      text: """
        whole = 3
        real = 2.5
        truth = true
        word = "pear"
        day = 2026-01-02
        bad = nan
        reals = [1, 2.5]
        words = ["a", "b"]
        mixed = [1, "b"]

        [table]
        inner = 9_223_372_036_854_775_807

        [[list]]
        a = 1

        [[list]]
        a = 2
        b = 3
        """, name: "t.toml")
  }

  @Test("Values of every type; integers are numbers")
  func values() throws {
    let root = document.root
    #expect(try root.integer("whole") == 3)
    #expect(try root.number("whole") == 3)
    #expect(try root.number("real", in: 2...3) == 2.5)
    #expect(try root.boolean("truth"))
    #expect(try root.string("word") == "pear")
    #expect(try root.choice("word", of: Fruit.self) == .pear)
    #expect(try root.numbers("reals") == [1, 2.5])
    #expect(try root.strings("words") == ["a", "b"])
    #expect(try root.section("table").integer("inner") == Int.max)
    #expect(try root.sections("list").map { try $0.integer("a") } == [1, 2])
    #expect(try root.sections("none").isEmpty)
    let (single, isArray) = try root.numberOrNumbers("real")
    #expect(single == [2.5] && !isArray)
    #expect(try root.numberOrNumbers("reals").isArray)
  }

  @Test("Missing keys are nil for optional getters")
  func missing() throws {
    #expect(try document.root.optionalNumber("x") == nil)
    #expect(try document.root.optionalInteger("x") == nil)
    #expect(try document.root.optionalBoolean("x") == nil)
    #expect(try document.root.optionalString("x") == nil)
    #expect(try document.root.optionalNumbers("x") == nil)
    #expect(try document.root.optionalSection("x") == nil)
    #expect(try document.root.optionalChoice("x", of: Fruit.self) == nil)
    #expect(!document.root.contains("x"))
  }

  struct Misreading: Sendable {
    var read: @Sendable (TOMLSection) throws -> Void
    var expected: String

    init(_ read: @escaping @Sendable (TOMLSection) throws -> Void, _ expected: String) {
      self.read = read
      self.expected = expected
    }
  }

  static let misreadings = [
    Misreading({ _ = try $0.number("word") }, "word: expected a number, found a string"),
    Misreading({ _ = try $0.number("day") }, "day: expected a number, found a date"),
    Misreading({ _ = try $0.number("bad") }, "bad: expected a number, found nan"),
    Misreading({ _ = try $0.integer("real") }, "real: expected an integer, found a number"),
    Misreading({ _ = try $0.boolean("whole") }, "whole: expected true or false, found an integer"),
    Misreading({ _ = try $0.string("table") }, "table: expected a string, found a table"),
    Misreading({ _ = try $0.section("reals") }, "reals: expected a table, found an array"),
    Misreading({ _ = try $0.numbers("mixed") }, "mixed[1]: expected a number, found a string"),
    Misreading({ _ = try $0.integers("reals") }, "reals[1]: expected an integer, found a number"),
    Misreading(
      { _ = try $0.sections("list")[0].number("b") }, "list[0].b: missing, expected a number"),
    Misreading(
      { _ = try $0.integer("whole", in: 4...9) }, "whole: 3 is out of range; expected 4 to 9"),
    Misreading(
      { _ = try $0.numbers("reals", in: 0...2) },
      "reals[1]: 2.5 is out of range; expected 0.0 to 2.0"),
    Misreading(
      { _ = try $0.section("table").string("inner") },
      "table.inner: expected a string, found an integer"),
    Misreading(
      { _ = try $0.choice("word", of: Vegetable.self) },
      "word: unknown value \"pear\"; expected \"leek\""),
  ]

  enum Vegetable: String, CaseIterable { case leek }

  @Test("Wrong types and ranges name key, expectation and finding", arguments: misreadings)
  func errors(_ misreading: Misreading) throws {
    let failure = try #require(throws: Failure.self) { try misreading.read(document.root) }
    #expect(failure.description == "t.toml: \(misreading.expected)")
    #expect(failure.kind == .badData)
  }

  @Test("Keys that nobody read are refused, with the nearest one that was asked for")
  func unread() throws {
    let document = try TOMLDocument(
      text: "[train]\nepochs = 3\nbacth = 4\n[[list]]\na = 1\n[[list]]\na = 1\nc = 2",
      name: "t.toml")
    let train = try document.root.section("train")
    _ = try train.integer("epochs")
    #expect(try train.optionalInteger("batch") == nil)
    for entry in try document.root.sections("list") { _ = try entry.integer("a") }
    let failure = try #require(throws: Failure.self) { try document.finish() }
    #expect(
      failure.description
        == "t.toml: unknown keys list[1].c, train.bacth (did you mean batch?)")
  }

  @Test("A document that was read whole is accepted")
  func complete() throws {
    let document = try TOMLDocument(text: "a = 1\n[b]\nc = 2", name: "t.toml")
    _ = try document.root.integer("a")
    _ = try document.root.section("b").integer("c")
    try document.finish()
  }

  @Test(
    "Text that is not TOML is refused with a place",
    arguments: [
      ("a = ", "t.toml:1:"), ("a = 1\na = 2", "t.toml:2:"), ("a = 1\n[b\n", "t.toml:2:"),
      ("a = 9223372036854775808", "t.toml:1:"), ("a = 1\u{0}b = 2", "t.toml"),
    ])
  func syntax(_ text: String, _ place: String) throws {
    let failure = try #require(throws: Failure.self) {
      try TOMLDocument(text: text, name: "t.toml")
    }
    #expect(failure.place.hasPrefix(place))
    #expect(failure.kind == .badData)
  }

  @Test("A missing file")
  func missingFile() throws {
    let failure = try #require(throws: Failure.self) { try TOMLDocument(path: "/none.toml") }
    #expect(failure.kind == .noInput)
  }

  @Test(
    "Suggestions",
    arguments: [
      ("epoch", "epochs"), ("bacth", "batch"), ("Batch", "batch"), ("seed", nil), ("bat", nil),
    ] as [(String, String?)])
  func spelling(_ word: String, _ expected: String?) {
    #expect(Spelling.nearest(to: word, in: ["epochs", "batch", "threads"]) == expected)
  }
}
