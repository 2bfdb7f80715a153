import Failures
import Foundation
import MeasuredTables
import Testing
import _TestSupport

@Suite("Descriptions of tables")
struct TableDescriptionTests {
  private let table: TableCase

  init() throws { table = try TableCase() }

  private func read(
    _ text: String, _ description: String, _ quantities: [MeasuredQuantity]
  ) throws -> [[String]] {
    try table.rows([try table.file("t.csv", text)], quantities, description: description).rows
  }

  private static let log = """
    t,kind,V,I,ok
    0.0, READ, 0.1, 1e-6, True
    0.1, PULSE, 1.2, 4e-4, False
    0.2, READ, 0.1, 2e-6, off
    0.3, READ, 0.1, 3e-6, on
    0.4, FORM, 3.0, 5e-3, yes
    """

  private static let conditions: [(String, [String])] = [
    (#"{ column = "kind", equals = "READ" }"#, ["0", "0.2", "0.3"]),
    (#"{ column = "kind", not = "READ" }"#, ["0.1", "0.4"]),
    (#"{ column = "kind", equals = ["PULSE", "FORM"] }"#, ["0.1", "0.4"]),
    (#"{ column = "kind", not = ["PULSE", "FORM"] }"#, ["0", "0.2", "0.3"]),
    (#"{ column = "t", at_least = 0.1, below = 0.3 }"#, ["0.1", "0.2"]),
    (#"{ column = "t", above = 0.1, at_most = 0.3 }"#, ["0.2", "0.3"]),
    (#"{ column = "t", between = [0.1, 0.3] }"#, ["0.1", "0.2", "0.3"]),
    (#"{ column = 1, at_least = 0.25 }"#, ["0.3", "0.4"]),
    (#"{ column = "ok", equals = true }"#, ["0", "0.3", "0.4"]),
    (#"{ column = "ok", equals = false }"#, ["0.1", "0.2"]),
    (#"{ column = "V", equals = 0.10 }"#, ["0", "0.2", "0.3"]),
    (#"{ expression = "abs(V) * 10", above = 5 }"#, ["0.1", "0.4"]),
    (#"[{ column = "kind", equals = "READ" }, { column = "t", above = 0.1 }]"#, ["0.2", "0.3"]),
  ]

  @Test(arguments: conditions)
  func `Rows are chosen by one condition or several`(condition: String, times: [String]) throws {
    let description = """
      [[series]]
      where = \(condition)
      time = { column = "t", unit = "s" }
      """
    #expect(try read(Self.log, description, [.time]).map { $0[0] } == times)
  }

  @Test func `The row before is the one above, whatever rows are chosen`() throws {
    let description = """
      [[series]]
      where = { column = "kind", equals = "READ" }
      current = { expression = "I - previous(I)", unit = "A" }
      time = { expression = "previous(t)", unit = "s" }
      """
    let path = try table.file("t.csv", Self.log)
    let (rows, report) = try table.rows([path], [.current, .time], description: description)
    #expect(rows == [["-0.000398", "0.1"], ["1e-06", "0.2"]])
    #expect(report.suspicions.contains { $0.contains("no row before: 1") })
  }

  @Test func `Columns go by number, by place among equals, and by quoted names`() throws {
    let text = "Index,V (V),I (A),V (V),I (A)\n0,0.1,1e-6,-0.1,-2e-6\n1,0.2,2e-6,-0.2,-4e-6\n"
    for (voltage, current) in [
      (#"column = 4"#, #"column = "I (A)#2""#), (#"column = "V (V)#2""#, "column = 5"),
      (##"expression = "\"V (V)\"#2 * 1""##, ##"expression = "#5 + 0""##),
      (##"expression = "'V (V)#2'""##, ##"expression = "`I (A)`#2""##),
    ] {
      let description =
        "[quantities]\nvoltage = { \(voltage), unit = \"V\" }\ncurrent = { \(current), unit = \"A\" }"
      #expect(
        try read(text, description, [.voltage, .current])
          == [["-0.1", "-2e-06"], ["-0.2", "-4e-06"]])
    }
    let failure = #expect(throws: Failure.self) {
      try read(text, "[quantities]\nvoltage = { column = \"V (V)\", unit = \"V\" }", [])
    }
    #expect(failure?.description.contains("columns 2 and 4") == true)
  }

  @Test func `A name that is a number is told from the number of a column`() throws {
    let text = "x,3,1\n5,6,7\n8,9,10\n"
    let byName = "[quantities]\nvoltage = { column = \"3\", unit = \"V\" }"
    #expect(try read(text, byName, [.voltage]) == [["6"], ["9"]])
    let byNumber = "[quantities]\nvoltage = { column = 2, unit = \"V\" }"
    #expect(try read(text, byNumber, [.voltage]) == [["6"], ["9"]])
    let ambiguous = #expect(throws: Failure.self) {
      try read(text, "[quantities]\nvoltage = { column = 3, unit = \"V\" }", [])
    }
    #expect(ambiguous?.description.contains("may be the column called \"3\"") == true)
    let literal = #expect(throws: Failure.self) {
      try read(text, "[quantities]\nvoltage = { expression = \"x * 3\", unit = \"V\" }", [])
    }
    #expect(literal?.description.contains("may be the number") == true)
    let quoted = "[quantities]\nvoltage = { expression = '\"3\" * 3.0', unit = \"V\" }"
    #expect(try read(text, quoted, [.voltage]) == [["18"], ["27"]])
  }

  @Test func `Labels come from expressions, columns together, folders and file names`() throws {
    let text = "chip,V,I\na,-0.15,1\na,-0.201,2\nb,-0.149,3\n"
    let description = """
      [quantities]
      device = { expression = "floor(abs(V) * 20 + 0.5)" }
      operation = { columns = ["chip", 3] }
      cycle = { folder = 1 }
      current = { column = "I", unit = "A" }
      """
    let folder = table.folder.file("wafer 5")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = try table.file("wafer 5/t.csv", text)
    let (rows, report) = try table.rows([path], [.device, .operation], description: description)
    #expect(rows == [["3", "a,1"], ["4", "a,2"], ["3", "b,3"]])
    #expect(report.cycles.names == ["wafer 5"])
    let constant =
      "[quantities]\ndevice = { expression = \"1\" }\ncurrent = { column = \"I\", unit = \"A\" }"
    #expect(try read(text, constant, [.device]) == [["1"], ["1"], ["1"]])
    let named =
      "[quantities]\ndevice = { file_name = true }\ncurrent = { column = \"I\", unit = \"A\" }"
    #expect(try read(text, named, [.device]) == [["t"], ["t"], ["t"]])
  }

  private static let blocks = """
    Title: none of the table
    Run, Set
    Operator, me
    Name, V1, I1
    Value, 0.0, 1e-6
    Value, 0.5, 2e-6

    Run, Reset
    Size, 2, 2
    Name, I1, V1
    Value, 3e-6, -0.5
    Run, Set
    Name, V1, I1
    Value, 0.7, 5e-6
    """

  @Test func `Titles of blocks and their order are labels, and lines of a frame are no rows`()
    throws
  {
    let description = """
      [blocks]
      title = "Run"
      header = "Name"
      rows = "Value"
      [quantities]
      operation = { title = true }
      cycle = { block = true }
      voltage = { column = "V1", unit = "V" }
      current = { column = "I1", unit = "A" }
      """
    #expect(
      try read(Self.blocks, description, [.operation, .cycle, .voltage, .current])
        == [
          ["Set", "0", "0", "1e-06"], ["Set", "0", "0.5", "2e-06"],
          ["Reset", "0", "-0.5", "3e-06"], ["Set", "1", "0.7", "5e-06"],
        ])
  }

  @Test func `A header that stands again is refused without blocks, as both readings show`() throws
  {
    let text = "Index,V,I\n0,1,2\n\nPoints,152,152\nIndex,V,I\n0,3,4\n"
    let plain = """
      [table]
      header = "match"
      header_match = "Index"
      [quantities]
      voltage = { column = "V", unit = "V" }
      """
    let failure = #expect(throws: Failure.self) { try read(text, plain, [.voltage]) }
    #expect(failure?.description.contains("t.csv:5: the header stands again") == true)
    #expect(failure?.remedy?.contains("repeated_header = true") == true)
    let blocks = plain + "\ncycle = { block = true }\n[blocks]\nrepeated_header = true\n"
    #expect(try read(text, blocks, [.voltage, .cycle]) == [["1", "0"], ["3", "1"]])
  }

  @Test func `Samples of a line are labels only where there is a reading`() throws {
    let description = """
      [table]
      header = "none"
      layout = "samples"
      columns = ["v", "G"]
      [quantities]
      device = { sample = 1.0 }
      voltage = { column = "v", unit = "V" }
      conductance = { column = "G", unit = "S" }
      """
    let path = try table.file("t.csv", "4.0,1e-6,2e-6,,\n4.0,3e-6,4e-6,,\n")
    let (rows, report) = try table.rows([path], [.device, .conductance], description: description)
    #expect(rows == [["0", "1e-06"], ["1", "2e-06"], ["0", "3e-06"], ["1", "4e-06"]])
    #expect(report.devices.names == ["0", "1"])
  }

  @Test func `Conductance may be a resistance or a current over a voltage`() throws {
    for (header, row) in [
      ("conductance_S", "2e-6"), ("resistance_ohm", "5e5"), ("voltage_V,current_A", "0.5,1e-6"),
      ("read_voltage_V,current_A,voltage_V", "0.5,1e-6,3"), ("R (MOhm)", "0.5"),
    ] {
      let path = try table.file("t.csv", "\(header)\n\(row)\n\(row)\n")
      let (rows, report) = try table.rows([path], [.conductance], deriving: [.conductance])
      #expect(rows == [["2e-06"], ["2e-06"]])
      #expect(report.quantities.contains(.conductance))
    }
    let path = try table.file(
      "p.csv", "resistance_before_ohm,current_after_A,read_voltage_V\n5e5,1e-6,0.2\n5e5,1e-6,0.2\n")
    let found: [MeasuredQuantity] = [.conductanceBefore, .conductanceAfter]
    #expect(try table.rows([path], found, deriving: Set(found)).rows[0] == ["2e-06", "5e-06"])
    let zero = try table.file("z.csv", "voltage_V,current_A\n0,0\n0.5,1e-6\n")
    let (rows, report) = try table.rows([zero], [.conductance], deriving: [.conductance])
    #expect(rows == [["2e-06"]])
    #expect(report.suspicions.contains { $0.contains("conductance cannot be had") })
  }

  @Test(arguments: [
    (#"where = { column = "V" }"#, "tests nothing"),
    (#"where = { column = "V", between = [2, 1] }"#, "two rising numbers"),
    (#"where = { column = 0, above = 1 }"#, "counted from 1"),
    (#"each = "V""#, "has no {n}"), (#"cycle = { folder = 99 }"#, "out of range"),
    (#"current = { title = true }"#, "is a number"),
    (#"operation = { alternating = [] }"#, "no word"),
    (#"operation = { each = true }"#, "belongs into a series"),
    (##"current = { expression = "previous(V + 1)", unit = "A" }"##, "takes one column"),
    (##"current = { expression = "V#2", unit = "A" }"##, "1 times only"),
    (##"current = { expression = "V#0", unit = "A" }"##, "from 1"),
    (#"current = { column = 9, unit = "A" }"#, "it has 2"),
  ])
  func `A description that cannot be meant is refused`(line: String, cause: String) throws {
    let description = "[[series]]\n\(line)\nvoltage = { column = \"V\", unit = \"V\" }"
    let failure = #expect(throws: Failure.self) { try read("V,I\n1,2\n3,4\n", description, []) }
    #expect(failure?.description.contains(cause) == true, "\(String(describing: failure))")
  }

  @Test func `Parentheses without end do not exhaust the stack`() throws {
    let deep = String(repeating: "(", count: 200_000)
    #expect(throws: Failure.self) {
      try read(
        "V,I\n1,2\n", "[quantities]\nvoltage = { expression = \"\(deep)V\", unit = \"V\" }", [])
    }
  }
}
