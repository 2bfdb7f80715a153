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
}
