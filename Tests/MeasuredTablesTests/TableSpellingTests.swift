import Failures
import Files
import Foundation
import MeasuredTables
import Testing

/// Spellings of numbers, units and names that files of other programs have.
@Suite("Spellings of other programs")
struct TableSpellingTests {
  private let table: TableCase

  init() throws { table = try TableCase() }

  private func iv(_ text: String) throws -> [[String]] {
    try table.rows([try table.file("t.csv", text)], [.voltage, .current]).rows
  }

  @Test func `Fortran's exponents and Unicode's minus are numbers`() throws {
    #expect(
      try iv("V,I\n\u{2212}0.5,\u{2212}2.5D-06\n\u{2013}0.25,1.5d-6\n")
        == [["-0.5", "-2.5e-06"], ["-0.25", "1.5e-06"]])
  }

  @Test func `Decimal commas in quotes are read between commas, and told`() throws {
    let path = try table.file("t.csv", "V,I\n\"0,25\",\"1,5e-6\"\n\"0,5\",\"3e-6\"\n")
    let (rows, report) = try table.rows([path], [.voltage, .current])
    #expect(rows == [["0.25", "1.5e-06"], ["0.5", "3e-06"]])
    #expect(report.provenance.contains { $0.contains("decimal commas") })
    let written = try TableReader(files: [path]).understanding(of: path).text()
    #expect(try table.rows([path], [.voltage, .current], description: written).rows == rows)
  }

  @Test func `Thousands in quotes are not taken for decimals`() throws {
    #expect(throws: Failure.self) {
      try table.rows([try table.file("t.csv", "R (ohm),V (V)\n\"1,234\",\"2,345\"\n")], [])
    }
  }

  @Test func `A description finds semicolons among decimal commas`() throws {
    let path = try table.file("t.txt", "V;I\n0,1;0,00025\n0,2;0,0005\n")
    let description = """
      [quantities]
      voltage = { column = "V", unit = "V" }
      current = { column = "I", unit = "mA" }
      """
    #expect(
      try table.rows([path], [.voltage, .current], description: description).rows
        == [["0.1", "2.5e-07"], ["0.2", "5e-07"]])
  }

  @Test func `A unit in the name and another one below it are not chosen between`() throws {
    let path = try table.file("t.csv", "Voltage (mV),Current (A)\nV,A\n100,1e-6\n200,2e-6\n")
    let (_, report) = try table.rows([path], [.current])
    #expect(!report.quantities.contains(.voltage))
    #expect(report.provenance.contains { $0.contains("says mV and the row below V") })
  }

  @Test(arguments: ["%", "//", "!", ";"])
  func `A header behind any sign of a comment is written down and read again`(mark: String) throws {
    let path = try table.file("t.csv", "\(mark) V,I\n0.1,1e-6\n0.2,2e-6\n")
    let written = try TableReader(files: [path]).understanding(of: path).text()
    let (rows, _) = try table.rows([path], [.voltage, .current], description: written)
    #expect(rows == [["0.1", "1e-06"], ["0.2", "2e-06"]])
  }

  @Test func `Names that are units, and times of a terminal, are read`() throws {
    let hours = try table.file("h.csv", "hours,kOhm\n1,2\n2,4\n")
    #expect(
      try table.rows([hours], [.time, .resistance]).rows == [["3600", "2000"], ["7200", "4000"]])
    let pulse = try table.file("p.csv", "AV(1),AI(1),ATime(1)\n1,2e-6,1e-7\n1,3e-6,2e-7\n")
    #expect(
      try table.rows([pulse], [.time, .current]).rows == [["1e-07", "2e-06"], ["2e-07", "3e-06"]])
  }

  @Test func `Devices called by letters, and ramps by their operation, are told apart`() throws {
    let letters = try table.file("l.csv", "V,I (dev A),I (dev B)\n0.1,1,2\n0.2,3,4\n")
    #expect(
      try table.rows([letters], [.device, .voltage, .current]).rows == [
        ["A", "0.1", "1"], ["A", "0.2", "3"], ["B", "0.1", "2"], ["B", "0.2", "4"],
      ])
    let ramps = try table.file("r.csv", "V_set,I_set,V_reset,I_reset\n1,2,-1,-3\n1.5,4,-2,-5\n")
    #expect(
      try table.rows([ramps], [.operation, .voltage, .current]).rows == [
        ["set", "1", "2"], ["set", "1.5", "4"], ["reset", "-1", "-3"], ["reset", "-2", "-5"],
      ])
  }

  @Test func `The gate's voltage is not the drain's`() throws {
    #expect(
      try iv("Vd (V),Id (A),Vg (V),Ig (A)\n0.1,1e-6,0,1e-12\n0.2,2e-6,0,2e-12\n")
        == [["0.1", "1e-06"], ["0.2", "2e-06"]])
  }

  @Test func `Thresholds without ramps stay thresholds`() throws {
    let path = try table.file("t.csv", "cycle,V_set,V_reset\n1,0.8,-1\n2,0.9,-1.1\n")
    #expect(
      try table.rows([path], [.setVoltage, .resetVoltage]).rows == [
        ["0.8", "-1"], ["0.9", "-1.1"],
      ])
  }

  @Test(arguments: [
    "<?xml version=\"1.0\"?>\n<Workbook><Row/></Workbook>", "<html><table><tr/></table></html>",
  ])
  func `Workbooks as markup are refused with how to export them`(text: String) throws {
    let path = try table.file("run.xls", text)
    let failure = #expect(throws: Failure.self) { try table.rows([path], []) }
    #expect(failure?.remedy?.contains("export the sheet as CSV") == true)
  }

  @Test func `A list of JSON records is a table`() throws {
    let path = try table.file("t.json", #"[{"V": 0.1, "I_uA": 2}, {"V": 0.2, "I_uA": 4}]"#)
    #expect(
      try table.rows([path], [.voltage, .current]).rows == [["0.1", "2e-06"], ["0.2", "4e-06"]])
  }

  @Test func `Blocks are numbered device by device`() throws {
    let block = { (device: String) in
      "SetupTitle, Set\nMetaData, TestRecord.TestTarget, \(device)\nDataName, V1, I1\n"
        + "DataValue, 0.1, 1e-6\nDataValue, 0.2, 2e-6\n\n"
    }
    let path = try table.file("t.csv", block("A") + block("A") + block("B"))
    let (rows, _) = try table.rows([path], [.device, .cycle])
    #expect(rows == [["A", "0"], ["A", "0"], ["A", "1"], ["A", "1"], ["B", "0"], ["B", "0"]])
  }
}
