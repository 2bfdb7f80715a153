import Foundation
import Testing
import _TestSupport

@Suite("array")
struct ArrayTests {
  private let tool: Tool
  /// The 3 × 3 array of the physics notes: 20 Ω segments, 10 Ω ends.
  private static let wires = [
    "--word-line-ohm", "20", "--bit-line-ohm", "20", "--source-ohm", "10", "--sense-ohm", "10",
  ]
  private static let currents = [1.539152362848e-5, -1.324745386240e-5, -3.429707238460e-6]

  init() throws {
    tool = try Tool()
    try write("G.csv", "100e-6,50e-6,10e-6\n20e-6,200e-6,75e-6\n150e-6,30e-6,60e-6\n")
    try write("V.csv", "0.1,-0.1,0.05\n")
  }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: tool.path(name), atomically: true, encoding: .utf8)
  }

  private func run(_ arguments: [String]) throws -> Tool.Result {
    try tool.finish(tool.start(["array"] + arguments))
  }

  private func numbers(_ name: String) throws -> [[Double]] {
    try tool.text(name).split(separator: "\n").map { line in
      try line.split(separator: ",").map { try #require(Double($0)) }
    }
  }

  private func object(_ result: Tool.Result) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test(arguments: [["--method", "exact"], ["--method", "fast", "--tolerance", "1e-10"]])
  func `Currents of the 3 × 3 array, in siemens, volts and amperes`(method: [String]) throws {
    let result = try run(
      ["solve", "--conductances", "G.csv", "--inputs", "V.csv", "--out", "I.csv"] + Self.wires
        + method)
    #expect(result.code == 0, "\(result.errors)")
    let found = try numbers("I.csv")
    try #require(found.count == 1 && found[0].count == 3)
    for (current, expected) in zip(found[0], Self.currents) {
      #expect(abs(current - expected) <= 1e-10 * abs(expected) + 1e-17)
    }
  }

  @Test func `A header and several inputs; the reverse input gives the reverse currents`() throws {
    try write("H.csv", "a,b,c\n0.1,-0.1,0.05\n-0.1,0.1,-0.05\n")
    let result = try run(
      ["solve", "--conductances", "G.csv", "--inputs", "H.csv", "--out", "I.csv", "--json"]
        + Self.wires)
    #expect(result.code == 0, "\(result.errors)")
    let found = try numbers("I.csv")
    try #require(found.count == 2)
    for (one, other) in zip(found[0], found[1]) { #expect(abs(one + other) < 1e-16) }
    #expect(try object(result)["inputs"] as? Int == 2)
  }

  @Test func `Nonlinear devices and ideal wires give the plain sum`() throws {
    let ideal = [
      "--word-line-ohm", "0", "--bit-line-ohm", "0", "--source-ohm", "0",
      "--sense-ohm", "0", "--device", "sinh:5",
    ]
    let result = try run(
      ["solve", "--conductances", "G.csv", "--inputs", "V.csv", "--out", "I.csv"] + ideal)
    #expect(result.code == 0, "\(result.errors)")
    let conductances = [[100e-6, 50e-6, 10e-6], [20e-6, 200e-6, 75e-6], [150e-6, 30e-6, 60e-6]]
    for (column, current) in try numbers("I.csv")[0].enumerated() {
      let expected = zip([0.1, -0.1, 0.05], conductances).reduce(0) {
        $0 + $1.1[column] / 5 * sinh(5 * $1.0)
      }
      #expect(abs(current - expected) < 1e-15)
    }
  }

  @Test(arguments: ["grounded", "floating", "half", "third"])
  func `Reading one device tells the sneak share`(scheme: String) throws {
    let result = try run(
      [
        "read", "--conductances", "G.csv", "--row", "0", "--column", "2", "--scheme", scheme,
        "--json",
      ] + Self.wires)
    #expect(result.code == 0, "\(result.errors)")
    let share = try #require(object(result)["sneak_share"] as? Double)
    // Through 10 µS alone everything else matters, but least where unselected lines are grounded.
    #expect(scheme == "grounded" ? abs(share) < 0.05 : share > 0.2)
  }

  @Test func `Writing shows voltages and disturb; V over 3 disturbs less`() throws {
    var largest: [Double] = []
    for scheme in ["half", "third"] {
      let result = try run(
        [
          "write", "--conductances", "G.csv", "--device", "nili2020", "--row", "1", "--column", "0",
          "--scheme", scheme, "--voltage", "1.0", "--pulses", "100", "--out", "V-\(scheme).csv",
          "--disturb-out", "D-\(scheme).csv",
        ] + Self.wires)
      #expect(result.code == 0, "\(result.errors)")
      let voltages = try numbers("V-\(scheme).csv")
      #expect(voltages[1][0] > 0.98 && voltages[1][0] <= 1)
      let disturb = try numbers("D-\(scheme).csv")
      var others = disturb.flatMap { $0 }
      others.remove(at: 3)
      largest.append(others.map(abs).max() ?? 0)
    }
    #expect(largest[0] > largest[1] && largest[1] > 0)
  }

  @Test func `Netlists, pictures and limits`() throws {
    #expect(
      try run(
        ["export", "--conductances", "G.csv", "--inputs", "V.csv", "--spice", "a.cir"]
          + Self.wires
      ).code == 0)
    #expect(try tool.text("a.cir").contains(".options reltol=1e-10"))
    let plot = try run(
      ["plot", "--conductances", "G.csv", "--inputs", "V.csv", "--out", "a.png"] + Self.wires)
    #expect(plot.code == 0, "\(plot.errors)")
    #expect(try tool.bytes("a.png").prefix(4) == Data([0x89, 0x50, 0x4e, 0x47]))
    let limits = try run(["limits"])
    #expect(limits.code == 0)
    #expect(limits.output.contains("published"))
  }

  @Test(arguments: [
    (["--word-line-ohm", "-1"], "", Int32(64)),
    (["--sense-ohm", "nan"], "", 64),
    (["--source-ohm", "inf", "--sense-ohm", "inf"], "", 65),
    ([], "0.1,0.1\n", 65),
    ([], "0.1,x,0.1\n0.1,0.1,0.1\n0,zero,0\n", 65),
    ([], "0.1,nan,0.1\n", 65),
  ])
  func `Bad input is one line, the right code and no file`(
    options: [String], inputs: String, code: Int32
  ) throws {
    if !inputs.isEmpty { try write("V.csv", inputs) }
    let result = try run(
      ["solve", "--conductances", "G.csv", "--inputs", "V.csv", "--out", "I.csv"] + options)
    #expect(result.code == code, "\(result.errors)")
    #expect(!result.errors.isEmpty)
    #expect(!tool.exists("I.csv"))
  }

  @Test func `A missing file and a folder that cannot be written`() throws {
    #expect(try run(["solve", "--conductances", "no.csv", "--inputs", "V.csv"]).code == 66)
    let result = try run(
      ["solve", "--conductances", "G.csv", "--inputs", "V.csv", "--out", "no/such/I.csv"])
    #expect(result.code == 73 || result.code == 74)
  }
}
