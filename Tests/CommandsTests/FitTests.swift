import Foundation
import Testing
import _TestSupport

@Suite("fit and measure")
struct FitTests {
  private let tool: Tool

  init() throws { tool = try Tool() }

  @Test func `Measured, fitted blind, asked`() throws {
    let measured = try tool.run(
      "measure", "iv", "--devices", "40", "--cycles", "6", "--temperature", "25,60,100",
      "--points", "21", "--out", "iv.csv")
    #expect(measured.code == 0, "\(measured.errors)")
    let header = try tool.text("iv.csv").prefix { $0 != "\n" }
    #expect(header == "device,cycle,conductance_S,temperature_C,voltage_V,current_A")
    let inspected = try tool.run("fit", "inspect", "iv.csv", "--json")
    #expect(inspected.output.contains("\"sweeps\":720"))
    let fitted = try tool.run(
      "fit", "iv", "iv.csv", "--model", "nili-cubic", "--out", "mine.toml", "--report", "report")
    #expect(fitted.code == 0, "\(fitted.errors)")
    #expect(try tool.text("mine.toml").contains("sha256:"))
    #expect(try tool.text("report/index.html").contains("</html>"))
    let asked = try tool.run(
      "device", "current", "--calibration", "./mine.toml", "--conductance", "5e-5", "--voltage",
      "0.2", "--json")
    let answer = try #require(
      JSONSerialization.jsonObject(with: Data(asked.output.utf8)) as? [String: Any])
    let current = try #require(answer["current_A"] as? [Double])[0]
    #expect(abs(current / 1.0618463514e-5 - 1) < 0.03)
  }

  @Test(arguments: [
    "easyexpert", "clarius", "keithley2600", "acs", "lvm", "npz", "mat", "hdf5", "wide",
  ])
  func `Sweeps in the layout of an instrument give the parameters of tidy ones`(format: String)
    throws
  {
    func fitted(_ format: String) throws -> [String: Double] {
      let measured = try tool.run(
        "measure", "iv", "--devices", "12", "--cycles", "4", "--points", "11", "--format", format,
        "--out", "sweeps.\(format)")
      #expect(measured.code == 0, "\(measured.errors)")
      let answer = try tool.run("fit", "iv", "sweeps.\(format)", "--model", "nili-cubic", "--json")
      #expect(answer.code == 0, "\(answer.errors)")
      let object = try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
      let parameters = (object as? [String: Any])?["parameters"] as? [String: [String: Any]]
      return try #require(parameters).compactMapValues { $0["value"] as? Double }
    }
    let (expected, found) = (try fitted("table"), try fitted(format))
    #expect(expected.count > 5 && found.keys == expected.keys)
    for (name, value) in expected {
      #expect(abs((found[name] ?? .nan) - value) <= 1e-6 * abs(value), "\(name)")
    }
  }

  @Test func `A layout without a place for a measurement is refused before it is made`() throws {
    let refused = try tool.run("measure", "iv", "--format", "rigol", "--out", "x.csv")
    #expect(refused.code == 64 && refused.errors.contains("--format rigol"))
    #expect(!tool.exists("x.csv"))
    #expect(try tool.run("measure", "iv", "--format", "oscillograph", "--out", "x.csv").code == 64)
  }

  @Test func `Measured traps and thresholds, fitted blind, make noise`() throws {
    for (kind, source) in [("noise", "telegraph"), ("switching", "switching")] {
      #expect(try tool.run("measure", kind, "--out", "\(kind).csv").code == 0)
      let fitted = try tool.run(
        "fit", kind, "\(kind).csv", "--base", "nili2020", "--out", "\(kind).toml", "--json")
      #expect(fitted.code == 0, "\(fitted.errors)")
      let bits = try tool.run(
        "noise", "generate", "--source", source, "--calibration", "./\(kind).toml", "--bits",
        "1000", "--out", "\(kind).bin", "--keep-going")
      #expect(bits.code == 0, "\(bits.errors)")
    }
  }

  @Test func `A table that says nothing leaves nothing behind`() throws {
    try Data("voltage_V,current_A\n0.1,x\n".utf8)
      .write(to: URL(fileURLWithPath: tool.path("bad.csv")))
    let result = try tool.run("fit", "iv", "bad.csv", "--out", "x.toml")
    #expect(result.code == 65)
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(!tool.exists("x.toml"))
    #expect(try tool.run("fit", "iv", "absent.csv").code == 66)
    #expect(try tool.run("fit", "iv", "bad.csv", "--model", "no").code == 64)
  }

  @Test func `A map is measured, fitted and measured again`() throws {
    let measured = try tool.run(
      "measure", "map", "--rows", "24", "--columns", "20", "--row-spread", "0.05", "--dead",
      "0.01", "--out", "map.csv")
    #expect(measured.code == 0, "\(measured.errors)")
    let fitted = try tool.run(
      "fit", "map", "map.csv", "--base", "nili2020", "--out", "mine.toml", "--cells", "cells.csv",
      "--parts", "parts.csv", "--report", "report")
    #expect(fitted.code == 0, "\(fitted.errors)")
    #expect(try tool.text("mine.toml").contains("[map]"))
    #expect(try tool.text("parts.csv").split(separator: "\n").count == 45)
    #expect(try tool.text("cells.csv").contains("dead,"))
    #expect(try tool.text("report/index.html").contains("Autocorrelation"))
    #expect(try tool.run("device", "show", "./mine.toml").output.contains("map.residual_spread"))
    let again = try tool.run("measure", "map", "--calibration", "./mine.toml", "--out", "b.csv")
    #expect(again.code == 0, "\(again.errors)")
  }

  @Test func `Fitted wires are a set that training takes`() throws {
    let measured = try tool.run(
      "measure", "wires", "--rows", "10", "--columns", "12", "--spread", "0.3", "--wires", "bayat",
      "--out", "w.csv")
    #expect(measured.code == 0, "\(measured.errors)")
    let fitted = try tool.run(
      "fit", "wires", "w.csv", "--base", "nili2020", "--name", "mine", "--out", "mine.toml",
      "--json")
    #expect(fitted.code == 0, "\(fitted.errors)")
    #expect(fitted.output.contains("\"segment\""))
    let resolved = try tool.run(
      "train", "--calibration", "./mine.toml", "--wires", "mine", "--dry-run")
    #expect(resolved.code == 0, "\(resolved.errors)")
    let compared = try tool.run("fit", "compare", "nili2020", "./mine.toml", "--json")
    #expect(compared.code == 0, "\(compared.errors)")
    #expect(compared.output.contains("wires.mine.segment"))
  }

  @Test(arguments: [
    ("row,column,conductance_S\n0,0,1e-5\n", 65),
    ("row,column,conductance_S\n" + (0..<36).map { "\($0 / 6),\($0 % 6),1e-5\n" }.joined(), 65),
    ("row,column,conductance_S\n" + (0..<36).map { "\($0 / 6),\($0 % 6),nan\n" }.joined(), 65),
    ("row,column,conductance_S\n" + (0..<36).map { "0.5,\($0),1e-5\n" }.joined(), 65),
    ("row,column,conductance\n0,0,1e-5\n", 65), ("voltage_V,current_A\n0.1,1e-6\n", 65),
    ("", 65),
  ])
  func `Bad maps and read-outs are refused and leave nothing`(text: String, code: Int) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: tool.path("bad.csv")))
    for kind in ["map", "wires"] {
      let result = try tool.run("fit", kind, "bad.csv", "--out", "x.toml")
      #expect(result.code == code, "\(kind): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1)
      #expect(!tool.exists("x.toml"))
      #expect(try tool.run("fit", kind, "absent.csv").code == 66)
    }
  }
}
