import Calibration
import Failures
import Foundation
import Testing

/// One change to nili2020 at a time, each answered with file, key and cause.
@Suite struct CalibrationErrorTests {
  let text: String

  init() throws {
    text = try String(
      contentsOfFile: CalibrationLibrary.path(of: "nili2020"), encoding: .utf8)
  }

  /// What is replaced, by what, and the failure's text.
  typealias Change = (String, String, String)

  static let parameters: [Change] = [
    (
      "value = -2.58e-6", "value = \"-2.58e-6\"",
      "static.a0.value: expected a number, found a string"
    ),
    ("value = -2.58e-6", "value = nan", "static.a0.value: expected a number, found nan"),
    ("value = -2.58e-6", "value = inf", "static.a0.value: expected a number, found inf"),
    (
      "value = -2.58e-6", "value = -2.58",
      "static.a0.value: -2.58 is out of range; expected -0.0001 to 0.0001"
    ),
    ("value = -2.58e-6, ", "", "static.a0.value: missing, expected a number"),
    (
      "value = -2.58e-6, ", "vlaue = -2.58e-6, ",
      "static.a0.value: missing, expected a number; is vlaue a misspelling of it?"
    ),
    ("unit = \"S\", ", "", "static.a0.unit: missing, expected a string"),
    (
      "b0 = { value = 1.18, unit = \"V^-2\"", "b0 = { value = 1.18, unit = \"V^2\"",
      "static.b0.unit: expected \"V^-2\", found \"V^2\""
    ),
    (
      "a1 = { value = 0.977, unit = \"1\", source = \"Table I\"",
      "a1 = { value = 0.977, unit = \"1\", source = \"\"", "static.a1.source: is empty"
    ),
    (
      "source = \"Table I\", range = [0.5, 1.5]", "source = \"Table I\"",
      "static.a1.range: missing, expected an array of numbers"
    ),
    (
      "range = [0.5, 1.5]", "range = [1.5, 0.5]",
      "static.a1.range: expected two numbers, the smaller first"
    ),
    (
      "range = [0.5, 1.5]", "range = [0.5, 1.5], valu = 3",
      "static.a1.valu: unknown key; remove it"
    ),
  ]

  static let structure: [Change] = [
    ("[static]\n", "[static]\na9 = 1\n", "static.a9: unknown key; remove it"),
    ("[noise]\n", "[retention]\n", "noise: missing, expected a table"),
    ("[noise]\n", "[leads]\nr = 1\n\n[noise]\n", "leads: unknown key; remove it"),
    (
      "format = 2", "format = 3",
      "calibration.format: version 3 is not known; this program reads versions 1 to 2"
    ),
    (
      "model = \"nili-cubic\"", "model = \"cubic\"",
      "static.model: unknown model \"cubic\"; expected one of \"asymmetric-power\", \"asymmetric-sinh\", \"diode\", \"fowler-nordheim\", \"linear\", \"nili-cubic\", \"odd-polynomial\", \"poole-frenkel\", \"power-law\", \"schottky\", \"sinh\", \"sinh-series\", \"sinh-state\", \"space-charge-limited\""
    ),
    (
      "\nform = \"figure\"", "\nform = \"printed\"",
      "pulses.form: unknown value \"printed\"; expected \"figure\", \"printed-log10-s\","
        + " \"printed-ln-s\", \"printed-ln-ns\""
    ),
    (
      "17.8e-6, 31.6e-6", "31.6e-6, 17.8e-6",
      "pulses.bin_edges.value: expected at least two positive numbers that ascend"
    ),
    (
      "[9.369, 7.512, ", "[7.512, ",
      "pulses.set.c3.value: expected one number or 8, one per bin, found 7"
    ),
    (
      "value = -0.89e-4, unit = \"S\", source = \"Table I\", range = [-1e-2, -1e-6]",
      "value = 0.89e-4, unit = \"S\", source = \"Table I\", range = [0, 1]",
      "pulses.reset.c0.value: must be negative"
    ),
    ("d3 = { value = [-0.57", "x3 = { value = [-0.57", "pulses.set.d3: missing, expected a table"),
    (
      "set_voltage = { value = 0.80", "set_voltage = { value = 0.70",
      "operation.set_voltage.value: is outside limits.set_voltage"
    ),
    (
      "value = [30e-6, 100e-6]", "value = [3e-6, 100e-6]",
      "operation.window.value: is outside operation.conductance_bounds"
    ),
    (
      "value = [30e-6, 100e-6]", "value = [100e-6, 30e-6]",
      "operation.window.value: the first number is larger than the second"
    ),
    (
      "pairing = \"referenced-pair\"", "pairing = \"twosided\"",
      "operation.pairing: unknown value \"twosided\"; expected \"two-sided\", \"set-only\","
        + " \"one-fixed\", \"referenced-pair\", \"single\""
    ),
  ]

  @Test("A damaged file", arguments: parameters + structure)
  func damaged(_ change: Change) throws {
    let range = try #require(text.range(of: change.0))
    let damaged = text.replacingCharacters(in: range, with: change.1)
    let failure = try #require(throws: Failure.self) {
      try Calibration.parse(damaged, name: "nili2020.toml")
    }
    #expect(failure.description == "nili2020.toml: \(change.2)")
    #expect(failure.kind == .badData)
  }

  @Test("A syntax error has line and column")
  func syntax() throws {
    let failure = try #require(throws: Failure.self) {
      try Calibration.parse("[calibration]\nformat = \n", name: "nili2020.toml")
    }
    #expect(failure.place.hasPrefix("nili2020.toml:2:"))
    #expect(failure.kind == .badData)
  }

  @Test("Several unknown keys are listed together")
  func unknownKeys() throws {
    let damaged = text.replacingOccurrences(of: "[noise]\n", with: "[noise]\nx = 1\nmodle = 2\n")
    let failure = try #require(throws: Failure.self) {
      try Calibration.parse(damaged, name: "f.toml")
    }
    #expect(failure.description == "f.toml: unknown keys noise.modle, noise.x")
  }
}
