import Calibration
import Devices
import DynamicFits
import FitResults
import Foundation
import Mathematics
import MeasuredTables
import Statistics
import Testing
import _TestSupport

@Suite("Step forms of equal pulses and the noise about them")
struct StepFormTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [0.0, 0.5, 1 - 1e-9, 1, 1 + 1e-9, 2, 3.5])
  func `Closed forms follow du by dn in small steps`(exponent: Double) {
    var share = 0.9
    let (rate, slices) = (0.01, 1000)
    for _ in 0..<40 * slices { share -= rate / Double(slices) * pow(max(0, share), exponent) }
    let closed = StepForm.share(0.9, rate: rate, exponent: exponent, pulses: 40)
    #expect(abs(closed - share) < 1e-4, "\(closed), \(share)")
  }

  @Test func `Any start is walked from`() {
    for start in [-1e300, -1, 1, 5, 1e300] {
      #expect(PiecewiseWalk.value(from: start, pulses: 10) { _ in 0.01 }.isFinite)
    }
    for start in [Double.nan, .infinity] {
      #expect(PiecewiseWalk.value(from: start, pulses: 10) { _ in 0.01 }.isNaN)
    }
  }

  @Test(arguments: [-0.05, 0, 0.31, 0.97])
  func `Piecewise steps, too`(start: Double) {
    let nodes = [0.09, 0.04, 0.04, 0.015, 0.006, 0.002]
    var u = start
    let slices = 2000
    for pulse in 1...60 {
      for _ in 0..<slices {
        let at = min(max(u, 0), 1) * 5
        let lower = min(4, Int(at))
        let step = nodes[lower] + (at - Double(lower)) * (nodes[lower + 1] - nodes[lower])
        u += step / Double(slices)
      }
      let closed = PiecewiseWalk.value(from: start, pulses: Double(pulse)) { nodes[$0] }
      #expect(abs(closed - u) < 1e-4, "pulse \(pulse): \(closed), \(u)")
    }
  }

  @Test func `Non-negative least squares holds what would turn negative at zero`() throws {
    let columns = [[1.0, 1, 1, 1], [0, 1, 2, 3], [1e9, -1e9, 1e9, -1e9]]
    let x = try NonNegativeLeastSquares.solve(columns, [3, 5, 7, 9])
    #expect(abs(x[0] - 3) < 1e-9 && abs(x[1] - 2) < 1e-9 && x[2] < 1e-12)
    // Falling: the best slope is negative, so that the mean is left.
    let falling = try NonNegativeLeastSquares.solve(Array(columns.prefix(2)), [4, 3, 2, 1])
    #expect(abs(falling[0] - 2.5) < 1e-12 && falling[1] == 0)
    // Two equal columns are no failure.
    let equal = try NonNegativeLeastSquares.solve([columns[0], columns[0]], [2, 2, 2, 2])
    #expect(abs(equal[0] + equal[1] - 2) < 1e-12)
  }

  /// Ten cycles of 200 pulses each way on devices whose step has a given shape, with noise.
  private func table(
    devices: Int = 6, cycleToCycle: Double = 0, white: Double = 0.2e-6, flicker: Double = 0,
    step: (_ share: Double) -> Double
  ) throws -> TableReader {
    let stream = RandomStream(seed: 5, name: "series")
    let count = devices * 10 * 400
    let (steps, reads) = (
      Normal.draws(count, from: stream, substream: 0),
      Normal.draws(count, from: stream, substream: 1)
    )
    // 1/f noise: a sum of processes that forget over every octave of pulses.
    var states = [Double](repeating: 0, count: 9)
    let kicks = Normal.draws(9 * count, from: stream, substream: 2)
    let spreads = Normal.draws(devices, from: stream, substream: 3)
    var text = "device,cycle,pulse,voltage_V,width_s,conductance_S\n"
    var k = 0
    for device in 0..<devices {
      for cycle in 0..<10 {
        for isSet in [true, false] {
          var passed = 0.02
          for pulse in 0..<200 {
            for octave in states.indices {
              let keep = exp(-pow(0.5, Double(octave)))
              states[octave] =
                keep * states[octave] + (1 - keep * keep).squareRoot() * kicks[9 * k + octave]
            }
            let share = isSet ? passed : 1 - passed
            let g =
              20e-6 + 40e-6 * share + white * reads[k] + flicker * states.reduce(0, +)
            text += "\(device),\(cycle),\(pulse),\(isSet ? 1 : -1),1e-6,\(g)\n"
            passed +=
              (1 + 0.1 * spreads[device]) * step(passed) * (1 + cycleToCycle * steps[k])
            k += 1
          }
        }
      }
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("t.csv")))
    return TableReader(files: [folder.file("t.csv")])
  }

  private func parameter(_ fit: SeriesFit, _ name: String) throws -> FittedParameter {
    try #require(fit.report.parameters.first { $0.name == name })
  }

  @Test func `The exponent of a power law comes back`() throws {
    let fit = try SeriesFit(
      try table { 0.05 * pow(max(0, 1 - $0), 2) }, form: .power, given: .init())
    for name in ["set_exponent", "reset_exponent"] {
      let found = try parameter(fit, name)
      #expect(abs(found.value - 2) < 0.25, "\(found)")
    }
  }

  @Test func `Piecewise steps come back, are chosen, and load`() throws {
    // A fast start, a plateau of equal steps, a slow end: no power of what is left.
    func step(_ u: Double) -> Double { u < 0.2 ? 0.03 : u < 0.7 ? 0.006 : 0.002 }
    let fit = try SeriesFit(try table(step: step), form: nil, given: .init())
    #expect(fit.form == .piecewise, "\(fit.report.notes)")
    guard case .piecewise(let model) = fit.model else { return }
    // Nodes lie evenly over what was reached, which is 0.02 … 0.98 of the range.
    for (node, truth) in [(2, 0.006), (3, 0.006)] {
      #expect(abs(model.setSteps[node] / (40e-6 * truth) - 1) < 0.25, "\(model.setSteps)")
      #expect(abs(model.resetSteps[5 - node] / (-40e-6 * truth) - 1) < 0.25)
    }
    var draft = CalibrationDraft(assumedAround: fit.conductance, readVoltage: 0.2, name: "x")
    fit.enter(&draft, source: "test")
    let calibration = try Calibration.parse(draft.text(name: "x.toml"), name: "x.toml")
    let response = try #require(calibration.device.pulseModel as? PiecewiseResponse)
    #expect(response == model)
  }

  @Test(arguments: [(0.0, 0.0), (0.0, 0.2e-6), (1.5, 0), (1.5, 0.2e-6)])
  func `Noise of steps is told from white and 1 over f noise of readings`(
    truth: Double, flicker: Double
  ) throws {
    let reader = try table(cycleToCycle: truth, flicker: flicker) { 0.03 * max(0, 1 - $0) }
    let fit = try SeriesFit(reader, form: .softBounds, given: .init())
    let found = try parameter(fit, "cycle_to_cycle")
    #expect(abs(found.value - truth) < (truth == 0 ? 0.3 : 0.2 * truth), "\(found)")
    let reads = try #require(fit.report.statistic("read_flicker_S_per_efold"))
    #expect(flicker == 0 ? reads < 0.13e-6 : reads > 0.15e-6, "\(reads)")
  }
}
