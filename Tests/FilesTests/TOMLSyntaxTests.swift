import Failures
import Files
import Testing

/// What the parser must never see.
@Suite("Malformed TOML")
struct TOMLSyntaxTests {
  static let malformed = [
    "[", "[[", "[]", "[[]]", "[a", "[[a]", "[a]]", "[a]b", "[.a]", "[a.]", "[a..b]", "a", "a.",
    "a =", "= 1", "a = 1 b = 2", "a = [", "a = [1", "a = [1,,2]", "a = [,]", "a = {", "a = {b",
    "a = {b = 1", "a = {b = 1,}", "a = {,}", "a = {\n}", "a = \"", "a = \"\n\"", "a = \"\\x\"",
    "a = \"\\u12\"", "a = \"\\ud800\"", "a = \"\\U00110000\"", "a = \"\\u0000\"", "a = '",
    "a = '\n'", "a = \"\"\"", "a = \"\"\"\\ x\"\"\"", "a = '''", "\"\"\"a\"\"\" = 1", "a = 01",
    "a = +", "a = -", "a = --1", "a = 1_", "a = _1", "a = 1__0", "a = 1.", "a = .5", "a = 1.e5",
    "a = 1e", "a = 1e+", "a = 1.5_", "a = 0x", "a = 0xg", "a = +0x1", "a = 0b2", "a = 0o8",
    "a = 0x8000000000000000", "a = 9223372036854775808", "a = True", "a = nul", "a = inf.",
    "a = infinity", "a = 1979-13-01", "a = 1979-02-29", "a = 1979-05-27T", "a = 25:00:00",
    "a = 07:32", "a = 1979-05-27 07:32:00 x", "a = 1\u{1}", "# \u{7}", "a = 1\r", "\r",
    "a = \u{e9}",
    "a = \"\u{0}\"", "\u{fffe}a = 1", "a\u{a0}= 1",
  ]

  @Test(arguments: malformed)
  func `Malformed text is refused with a place`(_ text: String) throws {
    let failure = try #require(throws: Failure.self) { try TOMLDocument(text: text, name: "t") }
    #expect(failure.kind == .badData)
    #expect(!failure.description.contains("\n"))
  }

  static let wellFormed = [
    "", "\n\r\n", "\u{feff}a = 1", "# only a remark", "a=1", " a . b . 'c d' = 1 # remark",
    "\"a\\\"b\" = 1", "1 = 1", "-_ = 1", "a = +1", "a = -0", "a = 1_000", "a = 0xdead_beef",
    "a = 0b1_0", "a = 0o7", "a = 1e5", "a = 1E+05", "a = -1.5e-3", "a = 1_0.0_1", "a = -inf",
    "a = +nan", "a = []", "a = [1, 2,]", "a = [ # remark\n 1,\n [2, 'b'], # remark\n]", "a = {}",
    "a = { b.c = 1, d = [1,\n2] }", "a = ''", "a = \"\"", "a = \"\"\"\"\"\"", "a = ''''a''''",
    "a = \"\"\"a\"\"b\"\"\"\"\"", "a = '''\na\r\nb\\'''", "a = \"\"\"a \\  \n\n  b\"\"\"",
    "a = \"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F600\"", "[a]\n[[b.c]]\n[ d . 'e' ]\nf = 1",
    "a = 1979-05-27", "a = 1979-05-27T07:32:00Z", "a = 1979-05-27 07:32:00.5+01:00",
    "a = 07:32:00", "\"é\" = 1",
  ]

  @Test(arguments: wellFormed)
  func `Well-formed text is read`(_ text: String) throws {
    _ = try TOMLDocument(text: text, name: "t")
  }

  static let deep = [
    "a = " + String(repeating: "[", count: 100_000),
    "a = " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
    "a = " + String(repeating: "{b=", count: 100_000),
    "[" + Array(repeating: "a", count: 70_000).joined(separator: ".") + "]",
    Array(repeating: "a", count: 70_000).joined(separator: ".") + " = 1",
    "[a.b.c]\n" + Array(repeating: "a", count: 62).joined(separator: ".") + " = 1",
  ]

  @Test(arguments: deep.indices)
  func `Deep nesting is refused, whatever it is made of`(_ index: Int) throws {
    let failure = try #require(throws: Failure.self) {
      try TOMLDocument(text: Self.deep[index], name: "t")
    }
    #expect(failure.cause.contains("deeper than 64"))
  }

  @Test(arguments: ["1e400", "-1e400", "1e-400", "-1e-400", "1e-99999999999"])
  func `Numbers that no Double holds are refused, large or small`(_ number: String) throws {
    #expect(throws: Failure.self) { try TOMLDocument(text: "a = \(number)", name: "t") }
    #expect(RangedNumber.value(number) == nil)
  }

  @Test(arguments: ["5e-324", "1.7976931348623157e308", "0e-999", "0.0", "-0.0", "0x1p-10"])
  func `Numbers that a Double holds are taken`(_ number: String) {
    #expect(RangedNumber.value(number) == Double(number))
  }
}
