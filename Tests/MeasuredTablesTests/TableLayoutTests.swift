import Failures
import Foundation
import MeasuredTables
import Testing

@Suite("Layouts of tables")
struct TableLayoutTests {
  private let table: TableCase

  init() throws { table = try TableCase() }

  private func check(
    _ text: String, _ expected: [[String]] = [["0.5", "3e-06"], ["1.5", "4e-06"]]
  )
    throws -> ReadReport
  {
    let path = try table.file("t", text)
    let (rows, report) = try table.rows([path], [.voltage, .current])
    #expect(rows == expected)
    return report
  }

  @Test(arguments: [",", ";", "\t", " ", "   ", " , ", "|"])
  func `Columns are parted by any usual sign`(sign: String) throws {
    _ = try check("Voltage (V)\(sign)Current (A)\n0.5\(sign)3e-6\n1.5\(sign)4e-6\n")
  }

  @Test(arguments: [
    "# voltage_V,current_A\n0.5,3e-6\n1.5,4e-6\n", "# V I\n5.0e-01 3.0e-06\n1.5e+00 4.0e-06\n",
    "% measured today\n% V  I\n0.5 3e-6\n1.5 4e-6\n",
    "# Voltage (V), Current (A)\n0.5 3e-6\n1.5 4e-6\n",
  ])
  func `A header in a comment is the header, as numpy.savetxt writes it`(text: String) throws {
    _ = try check(text)
  }

  @Test(arguments: [
    "Voltage,Current\nV,uA\n0.5,3\n1.5,4\n",
    "Voltage\tCurrent\n(mV)\t(nA)\n\n500\t3000\n1500\t4000\n",
    "V;I\n[V];[A]\n0.5;3e-6\n1.5;4e-6\n",
    "Voltage\tCurrent\nV\tA\nset\tcell 3\n0.5\t3e-6\n1.5\t4e-6\n",
  ])
  func `Units may stand in a row below the names`(text: String) throws {
    _ = try check(text)
  }

  @Test(arguments: [0, 1, 40, 4000])
  func `A preamble of any length is passed over`(lines: Int) throws {
    let settings = (0..<lines).map { "setting \($0),\($0)" }.joined(separator: "\n")
    _ = try check(
      "Instrument: X\nVoltage (V),5\n\(settings)\n\nV (V),I (A)\n0.5,3e-6\n1.5,4e-6\n")
  }

  @Test func `Decimal commas are read where the data shows them, and told`() throws {
    for text in [
      "V;I\n0,5;3e-6\n1,5;4,0e-6\n", "V\tI\n0,5\t3E-6\n1,5\t4E-6\n", "V I\n0,5 3e-6\n1,5 4e-6\n",
    ] {
      #expect(try check(text).provenance.contains { $0.contains("decimal commas") })
    }
  }

  @Test(arguments: ["V,I\n0,5,3,0e-6\n1,5,4,0e-6\n", "V,I\n0,0\n0,5,3e-6\n1,5,4e-6\n"])
  func `Commas of two kinds are refused`(text: String) throws {
    let path = try table.file("t", text)
    let failure = #expect(throws: Failure.self) { try table.rows([path], []) }
    #expect(failure?.description.contains("cannot be told apart") == true)
    #expect(failure?.remedy?.contains("semicolons") == true)
  }

  @Test func `Any usual encoding and end of line is read`() throws {
    let text = "Voltage (V),Current (µA)\r\n0.5,3\r\n1.5,4\r\n"
    let expected = [["0.5", "3e-06"], ["1.5", "4e-06"]]
    let big = Data([0xFE, 0xFF]) + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let little = Data(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    let files: [(Data, String)] = [
      (Data(text.utf8), "Windows"),
      (Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8), "byte order mark"),
      (big, "UTF-16, big-endian"), (Data([0xFF, 0xFE]) + little, "UTF-16, little-endian"),
      (little, "UTF-16, little-endian"),
      (Data(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }), "Windows"),
      (Data(text.replacing("\r\n", with: "\r").utf8), "line 1"),
    ]
    for (bytes, fact) in files {
      let path = try table.file("t", bytes)
      let (rows, report) = try table.rows([path], [.voltage, .current])
      #expect(rows == expected)
      #expect(report.provenance.contains { $0.contains(fact) }, "\(report.provenance)")
    }
  }

  @Test func `UTF-16 of many lines keeps every character`() throws {
    let lines = (0..<40_000).map { "\($0),d\($0 % 7)ü𝄞" }
    let text = "Current (A),device\n" + lines.joined(separator: "\n")
    let bytes = Data([0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    let (rows, report) = try table.rows([try table.file("t", bytes)], [.current, .device])
    #expect(rows.count == 40_000)
    #expect(rows.last == ["39999", "d1ü𝄞"])
    #expect(report.devices.names.count == 7)
  }

  @Test func `Instruments' "no value" is no value, and counted`() throws {
    let path = try table.file(
      "t.csv",
      "V,I\n0,1e-6\n0.1,9.91e37\n0.2,199.999e99\n0.3,-1e30\n0.4,9.9E+37\n0.5,OVERFLOW\n0.6,\n0.7,3e-6\n"
    )
    let (rows, report) = try table.rows([path], [.voltage])
    #expect(rows == [["0"], ["0.7"]])
    #expect(report.suspicions.contains { $0.contains("\"no value\": 5 times") })
    #expect(report.suspicions.contains { $0.contains("an empty cell: 1") })
    #expect(report.droppedRows.map(\.count).reduce(0, +) == 6)
    #expect(report.droppedRows.allSatisfy { $0.of == 8 })
  }

  @Test func `Repeated headers and empty lines make blocks, whose number is the cycle`() throws {
    let block = "0,1e-6\n1,2e-6\n"
    for text in ["V,I\n\(block)V,I\n\(block)V,I\n\(block)", "V,I\n\(block)\n\(block)\n\n\(block)"] {
      let (rows, report) = try table.rows([try table.file("t", text)], [.cycle, .voltage])
      #expect(rows.map { $0[0] } == ["0", "0", "1", "1", "2", "2"])
      #expect(report.provenance.contains { $0.contains("the number of the block is the cycle") })
    }
  }

  @Test func `Lines behind the table are no rows, and a second table is refused`() throws {
    let rows = "V,I\n0,1e-6\n1,2e-6\n"
    let foot = try table.file("a", rows + "\nCompliance,0.1\nEnd of data\n")
    let (read, report) = try table.rows([foot], [.voltage])
    #expect(read.count == 2)
    #expect(report.suspicions.contains { $0.contains("no number: 1") })
    let second = try table.file("b", rows + "\nTime,Power\n1,2\n")
    let failure = #expect(throws: Failure.self) { try table.rows([second], []) }
    #expect(failure?.description.contains("a second table seems to begin: Time, Power") == true)
  }

  @Test(arguments: [
    ("0,1\n1,2\n2,3\n", "numbers only"), ("hello\nworld\n", "holds no table"),
    ("a,b\n1,2\n2,3\n", "no column is a quantity"), ("V (A),I (V)\n1,2\n2,3\n", "no column is"),
  ])
  func `A file without names of quantities is refused with what to do`(text: String, cause: String)
    throws
  {
    let failure = #expect(throws: Failure.self) { try table.rows([try table.file("t", text)], []) }
    #expect(failure?.description.contains(cause) == true, "\(String(describing: failure))")
    #expect(failure?.remedy != nil)
  }

  @Test func `A file that cannot be read is left out wherever it stands, or refused if strict`()
    throws
  {
    let good = try table.file("good.csv", "V,I,device\n0,1,a\n1,2,a\n")
    let bad = try table.file("bad.csv", "nothing\n")
    let cut = try table.file(
      "cut.csv.gz", Data([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0xce]))
    for files in [[bad, good], [good, bad], [good, cut, "absent.csv"], [cut, good]] {
      let (rows, report) = try table.rows(files, [.voltage])
      #expect(rows == [["0"], ["1"]])
      #expect(report.leftOut.count == files.count - 1)
      #expect(report.sources.map(\.path) == [good])
      #expect(throws: Failure.self) { try table.rows(files, [.voltage], strict: true) }
    }
    #expect(throws: Failure.self) { try table.rows([bad, cut], []) }
  }

  @Test func `Files without a column for the device are devices by their names`() throws {
    let a = try table.file("cell7.csv", "V,I\n0,1\n1,2\n")
    let b = try table.file("cell9.csv", "V,I\n0,1\n1,2\n")
    let (_, report) = try table.rows([a, b], [])
    #expect(report.devices.names == ["cell7", "cell9"])
    #expect(report.provenance.contains { $0.contains("the file's name does") })
  }

  @Test func `Blanks around a word are no part of it`() throws {
    let a = try table.file("a.csv", "device,voltage_V,current_A\nd0,0.1,1e-6\nd0,0.2,2e-6\n")
    let b = try table.file(
      "b.csv", "device, voltage_V, current_A\nd0 , 0.1, 1e-6\n d0, 0.2, 2e-6\n")
    let c = try table.file("c.csv", "voltage_V, current_A, device\n0.1, 1e-6, d0\n0.2, 2e-6, d0 \n")
    #expect(try table.rows([a, b, c], []).report.devices.names == ["d0"])
  }

  @Test func `Cells may carry their units`() throws {
    _ = try check("Voltage,Current\n0.5 V,3 uA\n1500 mV,4000 nA\n")
  }
}
