import Failures
import MeasuredTables
import Testing

@Suite("Spellings of headers")
struct HeadingTests {
  private let table: TableCase

  init() throws { table = try TableCase() }

  /// Half a volt and three microamperes, as the header's units have them.
  private static let pairs: [(header: String, row: String)] = [
    ("Voltage (V),Current (A)", "0.5,3e-6"), ("V [V],I [uA]", "0.5,3"),
    ("Voltage/mV,Current/uA", "500,3"), ("V_(mV),I_(nA)", "500,3000"),
    ("voltage_mV,current_uA", "500,3"), ("V,I", "0.5,3e-6"), ("V1,I1", "0.5,3e-6"),
    ("VA,IA", "0.5,3e-6"), ("AV,AI", "0.5,3e-6"), ("Vforce,Imeas", "0.5,3e-6"),
    ("Smu1.V[1][1],Smu1.I[1][1]", "0.5,3e-6"), ("AnodeV,AnodeI", "0.5,3e-6"),
    ("DrainV,DrainI", "0.5,3e-6"), ("Vds (V),Ids (A)", "0.5,3e-6"),
    ("U / V,I / mA", "0.5,0.003"), ("Voltage in V,Current in µA", "0.5,3"),
    ("voltage,current", "0.5,3e-6"), ("Bias Voltage (V),Measured Current [A]", "0.5,3e-6"),
    ("Applied Voltage (Volts),Current (Amps)", "0.5,3e-6"), ("V (volt),I (microamps)", "0.5,3"),
    ("V_TE (V),I_TE (A)", "0.5,3e-6"), ("V(Top),I(Top)", "0.5,3e-6"),
    ("MEASURED VOLTAGE (V),MEASURED CURRENT (A)", "0.5,3e-6"),
    ("\"Voltage, V\",\"Current, A\"", "0.5,3e-6"), ("CH1 Voltage,CH1 Current", "0.5,3e-6"),
    ("Bit line voltage (V),Cell current (uA)", "0.5,3"), ("Vset (V),Imeas (A)", "0.5,3e-6"),
    ("SMU-1 Voltage (V),SMU-1 Current (A)", "0.5,3e-6"), ("V ,I ", "0.5,3e-6"),
  ]

  @Test(arguments: pairs)
  func `Voltage and current are known by any usual name`(header: String, row: String) throws {
    let path = try table.file("t.csv", "\(header)\n0,0\n\(row)\n")
    let (rows, report) = try table.rows([path], [.voltage, .current])
    #expect(rows == [["0", "0"], ["0.5", "3e-06"]])
    #expect(report.quantities.isSuperset(of: [.voltage, .current]))
  }

  private static let others: [(header: String, row: String, MeasuredQuantity, String)] = [
    ("t [min],R [MΩ]", "2,0.5", .time, "120"), ("t/h,R (kOhm)", "0.5,3", .resistance, "3000"),
    ("Time (ms),G (µS)", "20,3", .conductance, "3e-06"), ("Time (S),I (A)", "2,1", .time, "2"),
    ("T (K),R (ohm)", "300,1", .temperature, "26.85"), ("T (°C),R(Ω)", "85,1", .temperature, "85"),
    ("Temp (K),G (S)", "300,1", .temperature, "26.85"), ("Pulse #,G (uS)", "4,3", .pulse, "4"),
    ("Pulse amplitude (V),Pulse width (us)", "1.2,5", .width, "5e-06"),
    ("x,R_read (kOhm)", "1,7", .resistance, "7000"),
    (
      "x,Conductance (G0)", "1,2", .conductance,
      "0.000154961835"
    ), ("V_read (V),I_read (A)", "0.2,1e-6", .readVoltage, "0.2"),
  ]

  @Test(arguments: others)
  func `Units are those of the SI by the time a fit sees them`(
    header: String, row: String, quantity: MeasuredQuantity, value: String
  ) throws {
    let path = try table.file("t.csv", "\(header)\n\(row)\n\(row)\n")
    #expect(try table.rows([path], [quantity]).rows == [[value], [value]])
  }

  @Test func `A unit that is not given is assumed, and that is said`() throws {
    let path = try table.file("t.csv", "V,I (uA)\n1,2\n1,2\n")
    let report = try table.rows([path], [.voltage]).report
    #expect(report.provenance.contains { $0.contains("no unit is given: taken as \"V\" in V") })
    #expect(!report.provenance.contains { $0.contains("\"I (uA)\" in A") })
  }

  @Test(arguments: [
    ("Voltage (MV),Current (A)", "\"MV\" may be mega or milli"),
    ("Voltage (V),Current density (A/cm2)", "\"A/cm2\" does not measure current"),
    ("V,absI,I", "\"absI\": a magnitude"), ("V,log10(I) (A),I", "a magnitude"),
    ("V,T,I", "it may be time or temperature"),
  ])
  func `A column that cannot be taken is named with the reason`(header: String, note: String) throws
  {
    let cells = header.split(separator: ",").map { _ in "1" }.joined(separator: ",")
    let path = try table.file("t.csv", "\(header)\n\(cells)\n\(cells)\n")
    let report = try table.rows([path], [.voltage]).report
    #expect(report.provenance.contains { $0.contains(note) }, "\(report.provenance)")
  }

  @Test func `Of what was applied and what was measured, the measured is read`() throws {
    let path = try table.file("t.csv", "Vforce (V),Vmeas (V),Imeas (A)\n1,0.9,2\n2,1.9,3\n")
    let (rows, report) = try table.rows([path], [.voltage])
    #expect(rows == [["0.9"], ["1.9"]])
    #expect(report.provenance.contains { $0.contains("\"Vforce (V)\": what was applied") })
  }

  @Test func `Of two channels the one that moves is read, and two that move are refused`() throws {
    let still = try table.file("a.csv", "AV,AI,BV,BI\n0,1,0,-1\n1,2,0,-2\n")
    let (rows, report) = try table.rows([still], [.voltage, .current])
    #expect(rows == [["0", "1"], ["1", "2"]])
    #expect(report.provenance.contains { $0.contains("\"BV\" (always 0.0) is not read") })
    let moving = try table.file("b.csv", "VA,IA,VB,IB\n0,1,0,-1\n1,2,0.5,-2\n")
    let failure = #expect(throws: Failure.self) { try table.rows([moving], [.voltage]) }
    #expect(failure?.description.contains("\"VA\" (column 1, 0.0 … 1.0)") == true)
    #expect(failure?.description.contains("\"VB\" (column 3, 0.0 … 0.5)") == true)
  }
}
