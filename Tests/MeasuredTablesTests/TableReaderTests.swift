import Failures
import Files
import Foundation
import MeasuredTables
import Testing
import _TestSupport

@Suite("Import of tables")
struct TableReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    return folder.file(name)
  }

  private func rows(
    _ files: [String], _ description: String? = nil, _ quantities: [MeasuredQuantity]
  ) throws -> ([[Double]], ReadReport) {
    var table = TableDescription.tidy
    if let description {
      table = try TableDescription(document: TOMLDocument(text: description, name: "d.toml"))
    }
    var rows: [[Double]] = []
    let report = try TableReader(files: files, description: table).readRows { row in
      rows.append(quantities.map { row[$0] })
    }
    return (rows, report)
  }

  @Test func `A tidy table needs no description, whatever its delimiter and unit`() throws {
    for delimiter in [",", "\t", ";"] {
      let lines = ["voltage_mV,current_uA,device,other", "100,1e-1,a,x", "-200,-.25,b,y"]
      let path = try file(
        "t",
        lines.map { $0.replacingOccurrences(of: ",", with: delimiter) }.joined(separator: "\r\n"))
      let (rows, report) = try rows([path], nil, [.voltage, .current])
      #expect(
        zip(rows.joined(), [0.1, 1e-7, -0.2, -2.5e-7]).allSatisfy { abs($0 / $1 - 1) < 1e-12 })
      #expect(report.devices.names == ["a", "b"])
    }
  }

  @Test func `Columns move, comments vary, and the file's name says the rest`() throws {
    let description = """
      [table]
      header = "match"
      header_match = "Time"
      [file]
      pattern = '(?<device>cell\\d)_(?<operation>set|reset)_(?<compliance>\\d+[mu]A)'
      [quantities]
      voltage = { expression = "AV - BV", unit = "V" }
      current = { column = "AI", unit = "A" }
      device = { file = "device" }
      operation = { file = "operation" }
      compliance = { file = "compliance", unit = "A" }
      """
    let a = try file("cell1_set_20uA.csv", "---\nSet at 2.4V\n---\nTime,BI,BV,AI,AV\n0,0,0.5,3,2\n")
    let b = try file("cell2_reset_5mA.csv", "BI,BV,AI,AV,Time\n0,000.2500E-3,23E-3,1,0\n")
    let (rows, report) = try rows([a, b], description, [.voltage, .current, .compliance])
    #expect(rows.count == 2)
    #expect(rows[0].prefix(2) == [1.5, 3] && abs(rows[0][2] - 20e-6) < 1e-15)
    #expect(abs(rows[1][0] - 0.99975) < 1e-12 && rows[1][1] == 0.023 && rows[1][2] == 5e-3)
    #expect(report.operations.names == ["set", "reset"])
    #expect(report.comments.map(\.text) == ["Set at 2.4V"])
  }

  @Test func `A block stored backwards is turned round, its pulse numbers are not`() throws {
    let path = try file(
      "d.json", #"{"V": [2.5, -2.7], "n": 2, "p": [0,1,2,0,1,2], "G": [3,4,5,6,7,8]}"#)
    let description = """
      [[series]]
      block = "n + 1"
      order = "reversed"
      voltage = { expression = "V[1]", unit = "V" }
      pulse = { column = "p" }
      conductance = { column = "G", unit = "uS" }
      cycle = { block = true }
      """
    let (rows, report) = try rows([path], description, [.pulse, .conductance, .voltage])
    #expect(rows.map { $0[0] } == [0, 1, 2, 0, 1, 2])
    #expect(rows.map { ($0[1] * 1e6).rounded() } == [5, 4, 3, 8, 7, 6])
    #expect(rows.allSatisfy { $0[2] == -2.7 })
    #expect(report.cycles.names == ["0", "1"])
  }

  @Test func `Rows of several kinds are told apart, samples in a line are rows`() throws {
    let log = try file("log.csv", "C4,1,SET,2,3\nC4,2,READ,100,0.01,7\nC4,3,READ,200,0.005,8\n")
    let description = """
      [table]
      header = "none"
      ragged = true
      columns = ["chip", "time", "op", "R", "G"]
      [[series]]
      where = { column = "op", equals = "READ" }
      conductance = { column = "G", unit = "S" }
      time = { column = "time", unit = "s" }
      device = { column = "chip" }
      """
    #expect(try rows([log], description, [.time, .conductance]).0 == [[2, 0.01], [3, 0.005]])
    let trace = try file("trace.tsv", "0\t5\t1\t2\t3\n8\t6\t4\t5\t6\n")
    let samples = """
      [table]
      header = "none"
      layout = "samples"
      columns = ["level", "cell", "G"]
      [quantities]
      level = { column = "level" }
      conductance = { column = "G", unit = "uS" }
      time = { sample = 0.0025 }
      """
    let (found, _) = try rows([trace], samples, [.level, .time])
    #expect(found == [[0, 0], [0, 0.0025], [0, 0.005], [8, 0], [8, 0.0025], [8, 0.005]])
  }

  @Test func `Cells that are no numbers are left out and named`() throws {
    let path = try file("t.csv", "voltage_V,current_A\n1,2\n1,oops\n1,nan\n1;2\n1,inf\n2,3\n")
    let (rows, report) = try rows([path], nil, [.voltage])
    #expect(rows.count == 2)
    let text = report.suspicions.joined(separator: "\n")
    #expect(text.contains("no number: 1, at \(path):3"))
    #expect(text.contains("not finite: 2 times, first at \(path):4"))
    #expect(text.contains("mixed delimiters?"))
  }

  @Test(arguments: [
    ("a,b\n1,2\n", "no column is a quantity"),
    ("voltage_V,current_A\nx,y\n", "holds no table"),
  ])
  func `A table that cannot be read says what to do`(text: String, cause: String) throws {
    let path = try file("t.csv", text)
    let failure = #expect(throws: Failure.self) { try rows([path], nil, []) }
    #expect(failure?.kind == .badData)
    #expect(failure?.description.contains(cause) == true)
    #expect(failure?.remedy != nil)
  }

  @Test(arguments: [
    ("[quantities]\nvoltage = { column = \"X\", unit = \"V\" }", "no column \"X\""),
    ("[quantities]\nvoltage = { column = \"a\" }", "missing"),
    ("[quantities]\nvoltage = { column = \"a\", unit = \"Hz\" }", "does not measure"),
    ("[quantities]\nvoltage = { expression = \"a +\", unit = \"V\" }", "missing"),
    ("[quantities]\nvolts = { column = \"a\" }", "describes no quantity"),
  ])
  func `A description that does not fit is refused`(description: String, cause: String) throws {
    let path = try file("t.csv", "a,b\n1,2\n")
    let failure = #expect(throws: Failure.self) { try rows([path], description, []) }
    #expect(failure?.description.contains(cause) == true, "\(String(describing: failure))")
  }

  @Test func `A cut gzip file is an error, an absent one another`() throws {
    let path = folder.file("t.csv.gz")
    let gzip: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0xce]
    try Data(gzip).write(to: URL(fileURLWithPath: path))
    #expect(throws: Failure.self) { try rows([path], nil, []) }
    let absent = #expect(throws: Failure.self) { try rows([folder.file("no")], nil, []) }
    #expect(absent?.kind == .noInput)
  }

  @Test func `Inspection counts sweeps and names what is suspicious`() throws {
    let path = try file(
      "t.csv", "device,voltage_V,current_A\na,0,1\na,1,1\na,0,1\nb,0,1\nb,1,1\n")
    let inspection = try TableInspection(TableReader(files: [path]))
    #expect(inspection.sweeps == 3)
    #expect(inspection.suspicions.contains { $0.contains("current is 1.0 in every row") })
  }

  @Test func `Spreadsheets' byte order mark and quotes are no part of names and numbers`() throws {
    let path = try file(
      "t", "\u{FEFF}\"voltage_V\",\"current_A\",\"device\"\n0.1,\"1e-6\",\"a,b\"\n\"0.2\",2e-6,c\n")
    let (rows, report) = try rows([path], nil, [.voltage, .current])
    #expect(rows == [[0.1, 1e-6], [0.2, 2e-6]])
    #expect(report.devices.names == ["a,b", "c"])
  }

  @Test(arguments: ["1e30", "0", "-3", "n[0] / 0"])
  func `A block of impossible length is refused`(block: String) throws {
    let path = try file("t.json", #"{"n": [2, 200], "g": [1, 2, 3, 4]}"#)
    let description = """
      [quantities]
      conductance = { expression = "g", unit = "S" }
      cycle = { block = true }
      [table]
      block = "\(block)"
      """
    let failure = #expect(throws: Failure.self) {
      _ = try self.rows([path], description, [.conductance])
    }
    #expect(failure?.kind == .badData)
  }
}
