import Failures
import Files
import Foundation
import MeasuredTables
import Testing

@Suite("Exports of instruments")
struct TablePresetTests {
  private let table: TableCase

  init() throws { table = try TableCase() }

  /// A layout: what it is recognised as, and quantities of its first rows.
  struct Layout: Sendable, CustomTestStringConvertible {
    var text: String
    var format: TableFormat
    var quantities: [MeasuredQuantity]
    var rows: [[String]]
    var testDescription: String { "\(format.rawValue) \(quantities.count)" }
  }

  static let layouts: [Layout] = [
    Layout(
      text: PresetFixtures.easyexpert, format: .easyexpert,
      quantities: [.device, .operation, .cycle, .voltage, .current],
      rows: [
        ["A3", "Set sweep", "0", "0", "1e-12"], ["A3", "Set sweep", "0", "0.5", "2e-06"],
        ["A3", "Reset sweep", "0", "0", "0"], ["A3", "Reset sweep", "0", "-0.5", "-3e-06"],
        ["B1", "Set sweep", "0", "0.1", "1e-06"],
      ]),
    Layout(
      text: PresetFixtures.clarius, format: .clarius, quantities: [.voltage, .current, .time],
      rows: [["0", "1.2e-12", "0.01"], ["0.1", "1e-06", "0.02"], ["0.2", "2e-06", "0.03"]]),
    Layout(
      text: PresetFixtures.keithley2600, format: .keithley2600,
      quantities: [.voltage, .current, .time],
      rows: [["0", "1e-12", "0.001"], ["0.1", "1e-06", "0.011"]]),
    Layout(
      text: PresetFixtures.acs, format: .acs, quantities: [.voltage, .current, .time],
      rows: [["0", "1e-12", "0.1"], ["0.1", "1e-06", "0.2"], ["0.2", "2e-06", "0.3"]]),
    Layout(
      text: PresetFixtures.arcOne, format: .arcOne,
      quantities: [
        .device, .operation, .row, .column, .resistance, .voltage, .width, .readVoltage,
      ],
      rows: [
        ["1,2", "S R8 V=0.5", "1", "2", "12000.5", "0.2", "0", "0.2"],
        ["1,2", "P", "1", "2", "11800", "1.2", "1e-06", "0.2"],
        ["3,4", "P", "3", "4", "1000000", "-1.2", "1e-06", "0.2"],
      ]),
    Layout(
      text: PresetFixtures.arcTwo, format: .arcTwo,
      quantities: [.operation, .conductance, .voltage, .width, .current],
      rows: [["1", "5e-06", "0", "0", "-"], ["3", "1e-05", "1.5", "1e-06", "-"]]),
    Layout(
      text: PresetFixtures.lvm, format: .lvm, quantities: [.time, .voltage, .current],
      rows: [["0", "0.1", "1e-06"], ["0.001", "0.2", "2e-06"], ["0.002", "0.3", "3e-06"]]),
    Layout(
      text: PresetFixtures.lvmNoTimes, format: .lvm, quantities: [.time, .voltage, .current],
      rows: [["1", "0.1", "1e-06"], ["1.001", "0.2", "2e-06"], ["1.002", "0.3", "3e-06"]]),
    Layout(
      text: PresetFixtures.lvmOwnTimes, format: .lvm, quantities: [.time, .voltage, .current],
      rows: [["0", "0.1", "1e-06"], ["0.001", "0.2", "2e-06"]]),
    Layout(
      text: PresetFixtures.lvmSegments, format: .lvm,
      quantities: [.cycle, .time, .voltage, .current],
      rows: [
        ["0", "0", "0.1", "1e-06"], ["0", "0.001", "0.2", "2e-06"], ["1", "0", "0.4", "4e-06"],
        ["1", "0.001", "0.5", "5e-06"],
      ]),
    Layout(
      text: PresetFixtures.tektronixColumns, format: .tektronix,
      quantities: [.device, .time, .voltage],
      rows: (0..<10).map {
        ["CH1", TableCase.text((Double($0) - 2) / 1000), TableCase.text(Double($0 + 1) / 10)]
      }),
    Layout(
      text: PresetFixtures.tektronixTable, format: .tektronix,
      quantities: [.time, .voltage, .current],
      rows: [["-0.002", "0.1", "1e-06"], ["-0.001", "0.2", "2e-06"]]),
    Layout(
      text: PresetFixtures.rigolSamples, format: .rigol, quantities: [.device, .time, .voltage],
      rows: [
        ["1", "-0.0012", "4.7"], ["1", "-0.001198", "4.6"], ["1", "-0.001196", "4.7"],
        ["2", "-0.0012", "2.4"], ["2", "-0.001198", "3.2"], ["2", "-0.001196", "3.2"],
      ]),
    Layout(
      text: PresetFixtures.rigolTable, format: .rigol, quantities: [.time, .voltage, .current],
      rows: [["-0.001", "0.1", "1e-06"], ["-0.0009", "0.2", "2e-06"]]),
    Layout(
      text: PresetFixtures.rigolMemory, format: .rigol, quantities: [.time, .voltage],
      rows: [["-25", "0.1"], ["-24.999998", "0.2"], ["-24.999996", "0.3"]]),
  ]

  @Test(arguments: layouts)
  func `A layout is known by its marks under any name`(layout: Layout) throws {
    let path = try table.file("file.dat", layout.text)
    let (rows, report) = try table.rows([path], layout.quantities)
    #expect(report.understandings.map(\.format) == [layout.format])
    #expect(rows == layout.rows)
    #expect(report.provenance.contains { $0.contains("(\(layout.format.rawValue))") })
  }

  @Test(arguments: layouts)
  func `A layout may be forced`(layout: Layout) throws {
    let path = try table.file("file.dat", layout.text)
    #expect(try table.rows([path], layout.quantities, format: layout.format).rows == layout.rows)
  }

  @Test(arguments: layouts)
  func `What was understood, written down, reads the same rows`(layout: Layout) throws {
    let path = try table.file("file.dat", layout.text)
    let text = try TableReader(files: [path]).understanding(of: path).text()
    #expect(try table.rows([path], layout.quantities, description: text).rows == layout.rows)
  }

  @Test func `Columns may stand in any order`() throws {
    for (header, rows) in [
      ("Time,BI,AI,BV,AV", ["1,-1e-6,1e-6,0,0.5", "2,-2e-6,2e-6,0,0.7"]),
      ("AI,AV,BI,Time,BV", ["1e-6,0.5,-1e-6,1,0", "2e-6,0.7,-2e-6,2,0"]),
    ] {
      let path = try table.file("t", ([header] + rows).joined(separator: "\n"))
      let (found, report) = try table.rows([path], [.time, .voltage, .current])
      #expect(found == [["1", "0.5", "1e-06"], ["2", "0.7", "2e-06"]])
      #expect(report.understandings[0].format == .clarius)
    }
  }

  @Test(arguments: ["xls", "xlsx"])
  func `Workbooks are refused with how to export them`(kind: String) throws {
    let bytes =
      kind == "xls"
      ? Data([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) + Data(count: 100)
      : Data([0x50, 0x4B, 3, 4]) + Data(count: 26) + Data("[Content_Types].xml".utf8)
    let path = try table.file("run", bytes)
    let failure = #expect(throws: Failure.self) { try table.rows([path], []) }
    #expect(failure?.remedy?.contains("export the sheet as CSV") == true)
  }

  @Test(arguments: [TableFormat.easyexpert, .lvm, .wide])
  func `A forced format without its marks is refused`(format: TableFormat) throws {
    let path = try table.file("t.csv", "V,I\n0,1\n1,2\n")
    #expect(throws: Failure.self) { try table.rows([path], [], format: format) }
  }

  /// Wide tables, with the label that the columns stand for.
  private static let wide: [(text: String, MeasuredQuantity, [String])] = [
    ("v1,i1,v2,i2\n0,1,0,2\n1,3,1,4\n", .device, ["1", "2"]),
    ("V (V),I_d1 (A),I_d2 (A)\n0,1,2\n1,3,4\n", .device, ["d1", "d2"]),
    ("V (V),Cell 1 (A),Cell 2 (A)\n0,1,2\n1,3,4\n", .device, ["1", "2"]),
    ("V,Cycle 1 (A),Cycle 2 (A)\n0,1,2\n1,3,4\n", .cycle, ["1", "2"]),
    ("V,I,V,I\n0,1,0,2\n1,3,1,4\n", .device, ["1", "2"]),
    ("AV,AI,AV(1),AI(1)\n0,1,0,2\n1,3,1,4\n", .cycle, ["0", "1"]),
    (
      "Device A1 V (V),Device A1 I (A),Device B2 V (V),Device B2 I (A)\n0,1,0,2\n1,3,1,4\n",
      .device, ["A1", "B2"]
    ),
    ("set,set,reset,reset\nV,I,V,I\n0,1,0,2\n1,3,1,4\n", .operation, ["set", "reset"]),
  ]

  @Test(arguments: wide)
  func `Columns side by side are read one device, cycle or operation after the other`(
    text: String, label: MeasuredQuantity, names: [String]
  ) throws {
    let path = try table.file("t.csv", text)
    let (rows, _) = try table.rows([path], [label, .voltage, .current])
    #expect(
      rows == [
        [names[0], "0", "1"], [names[0], "1", "3"], [names[1], "0", "2"], [names[1], "1", "4"],
      ])
    let written = try TableReader(files: [path]).understanding(of: path).text()
    #expect(try table.rows([path], [label, .voltage, .current], description: written).rows == rows)
  }

  @Test func `A hundred wide columns are one entry of a description`() throws {
    let header = (1...100).map { "v\($0),i\($0)" }.joined(separator: ",")
    let row = (1...100).map { "0.1,\($0)e-6" }.joined(separator: ",")
    let path = try table.file("t.csv", "\(header)\n\(row)\n\(row)\n")
    let text = try TableReader(files: [path]).understanding(of: path).text()
    #expect(text.contains("each = \"v{n}\""))
    #expect(text.split(separator: "\n").count < 15)
    let (rows, _) = try table.rows([path], [.device, .current], description: text)
    #expect(rows.count == 200)
    #expect(rows.last == ["100", "0.0001"])
  }
}
