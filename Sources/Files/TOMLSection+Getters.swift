package import Failures

/// Numbers, integers, booleans and strings.
extension TOMLSection {
  /// A finite number within a range.
  package func number(_ key: String, in range: ClosedRange<Double>? = nil) throws(Failure) -> Double
  {
    try required(key, try optionalNumber(key, in: range), "a number")
  }

  /// A finite number within a range, or nil when the key is missing.
  package func optionalNumber(
    _ key: String, in range: ClosedRange<Double>? = nil
  ) throws(Failure) -> Double? {
    let number = try value(key, "a number", \.asNumber)
    if let number { try checked(key, number, in: range) }
    return number
  }

  /// An integer within a range.
  package func integer(_ key: String, in range: ClosedRange<Int>? = nil) throws(Failure) -> Int {
    try required(key, try optionalInteger(key, in: range), "an integer")
  }

  /// An integer within a range, or nil when the key is missing.
  package func optionalInteger(
    _ key: String, in range: ClosedRange<Int>? = nil
  ) throws(Failure) -> Int? {
    let integer = try value(key, "an integer", \.asInteger)
    if let integer { try checked(key, integer, in: range) }
    return integer
  }

  /// `true` or `false`.
  package func boolean(_ key: String) throws(Failure) -> Bool {
    try required(key, try optionalBoolean(key), "true or false")
  }

  /// `true` or `false`, or nil when the key is missing.
  package func optionalBoolean(_ key: String) throws(Failure) -> Bool? {
    try value(key, "true or false", \.asBoolean)
  }

  /// A string, which may be empty.
  package func string(_ key: String) throws(Failure) -> String {
    try required(key, try optionalString(key), "a string")
  }

  /// A string, or nil when the key is missing.
  package func optionalString(_ key: String) throws(Failure) -> String? {
    try value(key, "a string", \.asString)
  }
}

/// One of a few words.
extension TOMLSection {
  /// The case whose raw value the key holds.
  package func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type = Choice.self
  ) throws(Failure) -> Choice where Choice.RawValue == String {
    try required(key, try optionalChoice(key), Self.listing(Choice.self))
  }

  /// The case whose raw value the key holds, or nil when the key is missing.
  package func optionalChoice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type = Choice.self
  ) throws(Failure) -> Choice? where Choice.RawValue == String {
    guard let word = try optionalString(key) else { return nil }
    guard let choice = Choice(rawValue: word) else {
      throw failure(
        key, "unknown value \"\(word)\"", remedy: "expected \(Self.listing(Choice.self))")
    }
    return choice
  }

  private static func listing<Choice: RawRepresentable & CaseIterable>(
    _ type: Choice.Type
  ) -> String where Choice.RawValue == String {
    Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
  }
}

/// Arrays.
extension TOMLSection {
  /// An array of finite numbers, each within a range; it may be empty.
  package func numbers(
    _ key: String, in range: ClosedRange<Double>? = nil
  ) throws(Failure) -> [Double] {
    try required(key, try optionalNumbers(key, in: range), "an array of numbers")
  }

  /// An array as ``numbers(_:in:)`` takes it, or nil when the key is missing.
  package func optionalNumbers(
    _ key: String, in range: ClosedRange<Double>? = nil
  ) throws(Failure) -> [Double]? {
    guard let numbers = try elements(key, "a number", \.asNumber) else { return nil }
    for (index, number) in numbers.enumerated() {
      try checked("\(key)[\(index)]", number, in: range)
    }
    return numbers
  }

  /// An array of integers, each within a range; it may be empty.
  package func integers(_ key: String, in range: ClosedRange<Int>? = nil) throws(Failure) -> [Int] {
    try required(key, try optionalIntegers(key, in: range), "an array of integers")
  }

  /// An array as ``integers(_:in:)`` takes it, or nil when the key is missing.
  package func optionalIntegers(
    _ key: String, in range: ClosedRange<Int>? = nil
  ) throws(Failure) -> [Int]? {
    guard let integers = try elements(key, "an integer", \.asInteger) else { return nil }
    for (index, integer) in integers.enumerated() {
      try checked("\(key)[\(index)]", integer, in: range)
    }
    return integers
  }

  /// An array of strings; it may be empty.
  package func strings(_ key: String) throws(Failure) -> [String] {
    try required(key, try optionalStrings(key), "an array of strings")
  }

  /// An array of strings, or nil when the key is missing.
  package func optionalStrings(_ key: String) throws(Failure) -> [String]? {
    try elements(key, "a string", \.asString)
  }

  /// Whether the key holds an array that begins with a string.
  package func holdsStrings(_ key: String) -> Bool {
    node(key)?.asArray?.first?.asString != nil
  }

  /// A number, or an array of them; one number gives an array of one and `isArray` false.
  package func numberOrNumbers(
    _ key: String, in range: ClosedRange<Double>? = nil
  ) throws(Failure) -> (values: [Double], isArray: Bool) {
    if node(key)?.asArray != nil { return (try numbers(key, in: range), true) }
    let number = try value(key, "a number or an array of numbers", \.asNumber)
    if let number { try checked(key, number, in: range) }
    return ([try required(key, number, "a number or an array of numbers")], false)
  }
}

/// Tables.
extension TOMLSection {
  /// A table below this one; its unread keys are errors too.
  package func section(_ key: String) throws(Failure) -> TOMLSection {
    try required(key, try optionalSection(key), "a table")
  }

  /// A table below this one, or nil when the key is missing.
  package func optionalSection(_ key: String) throws(Failure) -> TOMLSection? {
    try value(key, "a table", \.asTable).map { subsection(key, $0) }
  }

  /// The tables of an array (`[[key]]`); none when the key is missing.
  package func sections(_ key: String) throws(Failure) -> [TOMLSection] {
    try (elements(key, "a table", \.asTable) ?? []).enumerated().map { index, nodes in
      subsection("\(key)[\(index)]", nodes)
    }
  }
}
