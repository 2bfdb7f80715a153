import Failures

/// A strict check of TOML 1.0's syntax, made before the parser sees a text.
///
/// The parser of the package ends the process on an assertion for some malformed texts, and it
/// recurses as deep as a text asks. What passes here is well formed and nested at most ``deepest``
/// levels, dotted keys and headers counted. Meaning, such as a key given twice, is the parser's.
///
/// Two things that TOML allows are refused: numbers that a `Double` would silently turn to zero or
/// infinity, and the character NUL, which ends a text for the parser.
struct TOMLSyntax {
  /// Levels of tables and arrays, where no file of this program needs more than six.
  static let deepest = 64

  private let bytes: [UInt8]
  private let name: String
  private var at = 0
  /// Parts of the header of the present table.
  private var headerDepth = 0

  private init(_ text: String, name: String) {
    bytes = Array(text.utf8)
    self.name = name
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { at = 3 }
  }

  /// Checks a whole document.
  ///
  /// - Throws: ``Failure`` of kind `badData`, placed as `name:line:column`.
  static func check(_ text: String, name: String) throws(Failure) {
    var syntax = TOMLSyntax(text, name: name)
    while syntax.at < syntax.bytes.count { try syntax.expression() }
  }
}

// MARK: - Lines and keys

extension TOMLSyntax {
  /// One line: blank, a table's header, or a key with its value, which may go on over lines.
  private mutating func expression() throws(Failure) {
    skipBlanks()
    switch peek {
    case nil, .newline, .carriageReturn, .hash: break
    case .openBracket: try header()
    default: try keyValue(depth: headerDepth)
    }
    skipBlanks()
    if peek == .hash { try comment() }
    guard try lineEnd() || at == bytes.count else {
      throw unexpected("the end of the line")
    }
  }

  private mutating func header() throws(Failure) {
    at += 1
    let isArray = take(.openBracket)
    skipBlanks()
    headerDepth = try key()
    skipBlanks()
    guard take(.closeBracket), !isArray || take(.closeBracket) else {
      throw unexpected(isArray ? "']]'" : "']'")
    }
    try requireDepth(headerDepth)
  }

  private mutating func keyValue(depth: Int) throws(Failure) {
    let parts = try key()
    skipBlanks()
    guard take(.equals) else { throw unexpected("'=' after the key") }
    skipBlanks()
    try value(depth: depth + parts)
  }

  /// A key of one or more parts; returns how many.
  private mutating func key() throws(Failure) -> Int {
    var parts = 0
    while true {
      switch peek {
      case .quote, .apostrophe: try string(allowsLines: false)
      case let byte? where byte.isBareKey: while let byte = peek, byte.isBareKey { at += 1 }
      default: throw unexpected("a key")
      }
      parts += 1
      let end = at
      skipBlanks()
      guard take(.point) else {
        at = end
        return parts
      }
      skipBlanks()
    }
  }

  private func requireDepth(_ depth: Int) throws(Failure) {
    guard depth <= Self.deepest else {
      throw failure("is nested deeper than \(Self.deepest) levels")
    }
  }
}

// MARK: - Values

extension TOMLSyntax {
  private mutating func value(depth: Int) throws(Failure) {
    try requireDepth(depth)
    switch peek {
    case .quote, .apostrophe: try string(allowsLines: true)
    case .openBracket: try array(depth: depth)
    case .openBrace: try inlineTable(depth: depth)
    default: try word()
    }
  }

  private mutating func array(depth: Int) throws(Failure) {
    at += 1
    while true {
      try skipLines()
      if take(.closeBracket) { return }
      try value(depth: depth + 1)
      try skipLines()
      if take(.comma) { continue }
      guard take(.closeBracket) else { throw unexpected("',' or ']'") }
      return
    }
  }

  private mutating func inlineTable(depth: Int) throws(Failure) {
    at += 1
    skipBlanks()
    if take(.closeBrace) { return }
    while true {
      skipBlanks()
      try keyValue(depth: depth + 1)
      skipBlanks()
      if take(.comma) { continue }
      guard take(.closeBrace) else { throw unexpected("',' or '}'") }
      return
    }
  }

  /// Whether a blank at this place stands between a date and a time.
  private func separatesTime(_ start: Int) -> Bool {
    peek == .space && at == start + 10 && bytes[start + 4] == UInt8(ascii: "-")
      && at + 3 < bytes.count && bytes[at + 3] == UInt8(ascii: ":")
  }

  /// A boolean, a number or a date.
  private mutating func word() throws(Failure) {
    let start = at
    while let byte = peek, byte.isWord || separatesTime(start) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if let problem = TOMLWord.problem(text) {
      at = start
      throw text.isEmpty ? unexpected("a value") : failure(problem)
    }
  }
}

// MARK: - Strings

extension TOMLSyntax {
  private mutating func string(allowsLines: Bool) throws(Failure) {
    let quote = bytes[at]
    let start = at
    guard bytes[at...].starts(with: [quote, quote, quote]) else {
      at += 1
      while try !character(of: quote, start: start, inLines: false) {}
      at += 1
      return
    }
    guard allowsLines else {
      throw failure("a key cannot go over lines")
    }
    at += 3
    while try !character(of: quote, start: start, inLines: true) {}
    // Two more quotes may belong to the text.
    var count = 0
    while count < 5, take(quote) { count += 1 }
  }

  /// Steps over a character of a string, or returns true before the quotes that end it.
  private mutating func character(
    of quote: UInt8, start: Int, inLines: Bool
  ) throws(Failure) -> Bool {
    guard let byte = peek else {
      at = start
      throw failure("the string is not closed")
    }
    if byte == quote, !inLines || bytes[at...].starts(with: [quote, quote, quote]) { return true }
    if byte == .newline || byte == .carriageReturn {
      guard inLines, try lineEnd() else {
        at = inLines ? at : start
        throw failure(inLines ? "a line ends in CR without LF" : "the string is not closed")
      }
      return false
    }
    if byte == .backslash, quote == .quote {
      try escape(inLines: inLines)
      return false
    }
    guard byte.isPrintable else { throw controlCharacter }
    at += 1
    return false
  }

  private mutating func escape(inLines: Bool) throws(Failure) {
    at += 1
    guard let byte = peek else { throw unexpected("an escape") }
    switch byte {
    case UInt8(ascii: "u"): try codePoint(digits: 4)
    case UInt8(ascii: "U"): try codePoint(digits: 8)
    case _ where "btnfr\"\\".utf8.contains(byte): at += 1
    case _ where inLines: try foldedLine()
    default: throw unexpected("an escape such as \\n or \\u00e9")
    }
  }

  /// The rest of a line that a backslash ends.
  private mutating func foldedLine() throws(Failure) {
    skipBlanks()
    guard try lineEnd() else { throw unexpected("an escape such as \\n or \\u00e9") }
  }

  private mutating func codePoint(digits: Int) throws(Failure) {
    at += 1
    let text = String(decoding: bytes[at...].prefix(digits), as: UTF8.self)
    guard text.utf8.count == digits, text.allSatisfy(\.isHexDigit), text.allSatisfy(\.isASCII),
      let number = UInt32(text, radix: 16), Unicode.Scalar(number) != nil, number != 0
    else { throw failure("expected \(digits) hexadecimal digits of a character that is not NUL") }
    at += digits
  }
}

// MARK: - Blanks, comments and failures

extension TOMLSyntax {
  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    at += 1
    return true
  }

  private mutating func skipBlanks() {
    while peek == .space || peek == .tab { at += 1 }
  }

  /// Blanks, comments and line ends, as they may stand in an array.
  private mutating func skipLines() throws(Failure) {
    while true {
      skipBlanks()
      if peek == .hash { try comment() }
      guard try lineEnd() else { return }
    }
  }

  private mutating func comment() throws(Failure) {
    while let byte = peek, byte != .newline, byte != .carriageReturn {
      guard byte.isPrintable else { throw controlCharacter }
      at += 1
    }
  }

  /// Takes LF or CR LF.
  private mutating func lineEnd() throws(Failure) -> Bool {
    if take(.newline) { return true }
    guard peek == .carriageReturn else { return false }
    guard at + 1 < bytes.count, bytes[at + 1] == .newline else {
      throw failure("a line ends in CR without LF")
    }
    at += 2
    return true
  }

  private var controlCharacter: Failure {
    failure("a control character (\(bytes[at])) is not allowed here")
  }

  private func unexpected(_ expected: String) -> Failure {
    guard let byte = peek else { return failure("the file ends where \(expected) was expected") }
    let found =
      byte == .newline || byte == .carriageReturn
      ? "the end of the line"
      : byte.isPrintable && byte < 0x80
        ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    return failure("expected \(expected), found \(found)")
  }

  private func failure(_ cause: String) -> Failure {
    let before = bytes[..<min(at, bytes.count)]
    let line = before.count { $0 == .newline } + 1
    let lineStart = before.lastIndex(of: .newline).map { $0 + 1 } ?? 0
    // Columns count characters, not bytes.
    let column = before[lineStart...].count { $0 & 0xc0 != 0x80 } + 1
    return Failure(.badData, at: "\(name):\(line):\(column)", cause)
  }
}

extension UInt8 {
  fileprivate static let tab = UInt8(ascii: "\t")
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
  fileprivate static let space = UInt8(ascii: " ")
  fileprivate static let hash = UInt8(ascii: "#")
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let apostrophe = UInt8(ascii: "'")
  fileprivate static let backslash = UInt8(ascii: "\\")
  fileprivate static let point = UInt8(ascii: ".")
  fileprivate static let comma = UInt8(ascii: ",")
  fileprivate static let equals = UInt8(ascii: "=")
  fileprivate static let openBracket = UInt8(ascii: "[")
  fileprivate static let closeBracket = UInt8(ascii: "]")
  fileprivate static let openBrace = UInt8(ascii: "{")
  fileprivate static let closeBrace = UInt8(ascii: "}")

  fileprivate var isPrintable: Bool { self == .tab || self >= 0x20 && self != 0x7f }

  fileprivate var isBareKey: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// What numbers, booleans and dates are written with.
  fileprivate var isWord: Bool { isBareKey || "+.:".utf8.contains(self) }
}
