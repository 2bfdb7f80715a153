import Calibration
import Devices
import Testing

/// The pulse model of nili2020 against published figures and derived numbers.
@Suite struct NiliPulseTests {
  let device: DeviceModel
  let model: NiliPulseResponse

  init() throws {
    device = try Calibration.load("nili2020").device
    model = try #require(device.pulseModel as? NiliPulseResponse)
  }

  /// Conductance (S), voltage (V), width (s), mean step (S), spread.
  typealias Vector = (Double, Double, Double, Double, Double)

  @Test(
    "Mean step and spread",
    arguments: [
      (12e-6, 1.0, 100e-6, 6.409_908_375_5e-6, 0.350),
      (50e-6, 1.0, 100e-6, 1.467_235_741_0e-5, 0.565),
      (120e-6, 0.8, 100e-9, 9.573_667_426_4e-8, 0.04912),
      (200e-6, 1.15, 1e-6, 3.286_444_415_0e-6, 0.0372),
      (4e-6, 0.9, 1e-3, 1.340_230_478_6e-6, 0.36306),
      (12e-6, -1.2, 100e-6, -1.100_247_155_3e-7, -0.05044),
      (50e-6, -1.2, 100e-6, -5.219_563_276_7e-6, -0.11232),
      (120e-6, -0.8, 100e-9, -2.349_548_394_7e-7, -0.00832),
      (200e-6, -1.5, 1e-6, -5.536_942_258_2e-5, -0.287),
      (4e-6, -1.0, 1e-3, -2.110_777_621_4e-11, -0.0728),
    ] as [Vector])
  func vector(_ vector: Vector) {
    let response = model.response(
      to: Pulse(voltage: vector.1, width: vector.2), conductance: vector.0)
    #expect(isClose(response.meanStep, vector.3, 1e-9), "\(response.meanStep)")
    // Spreads are printed exactly or rounded to three to five digits.
    #expect(abs(response.relativeSpread - vector.4) < 6e-5, "\(response.relativeSpread)")
  }

  struct Trajectory: Sendable {
    /// µS.
    var start: Double
    var pulse: Pulse
    /// Pulses, and conductance in µS after them.
    var states: [(Int, Double)]
    /// Half a unit of the last digit given, or the reading error of a figure, in µS.
    var tolerance: Double
  }

  static let derived = [
    Trajectory(
      start: 65, pulse: Pulse(voltage: 0.9, width: 0.5e-3),
      states: [(1, 73.8), (5, 106.6), (10, 139.5), (20, 199.1), (40, 299.7)], tolerance: 0.051),
    Trajectory(
      start: 65, pulse: Pulse(voltage: -1.1, width: 1e-3),
      states: [(1, 54.6), (5, 39.9), (8, 28.8), (10, 27.5), (25, 17.8), (75, 13.6)],
      tolerance: 0.051),
    Trajectory(
      start: 165, pulse: Pulse(voltage: -1.4, width: 1e-3),
      states: [(1, 87.2), (2, 51.9), (5, 18.1), (10, 10.6), (50, 6.2)], tolerance: 0.051),
    Trajectory(
      start: 65, pulse: Pulse(voltage: -1.4, width: 1e-3),
      states: [(1, 29.8), (4, 17.0), (13, 9.6), (55, 5.7)], tolerance: 0.051),
    Trajectory(
      start: 165, pulse: Pulse(voltage: -1.1, width: 1e-3),
      states: [(5, 55.7), (12, 29.9), (30, 18.3)], tolerance: 0.051),
  ]

  /// Points read off Figs 7c and 7d of the paper.
  static let published = [
    Trajectory(
      start: 65, pulse: Pulse(voltage: 0.9, width: 0.5e-3),
      states: [(4, 100), (20, 200)], tolerance: 2),
    Trajectory(
      start: 65, pulse: Pulse(voltage: -1.4, width: 1e-3),
      states: [(1, 30), (4, 17), (13, 10), (55, 6)], tolerance: 0.5),
    Trajectory(
      start: 65, pulse: Pulse(voltage: -1.1, width: 1e-3),
      states: [(8, 29), (25, 18), (75, 14.5)], tolerance: 1),
    Trajectory(
      start: 165, pulse: Pulse(voltage: -1.1, width: 1e-3),
      states: [(5, 57), (12, 30), (30, 18)], tolerance: 1.5),
  ]

  @Test("Conductance after a number of pulses", arguments: derived + published)
  func trajectory(_ trajectory: Trajectory) {
    let states = device.meanTrajectory(
      from: trajectory.start * 1e-6, pulse: trajectory.pulse, count: 80)
    for (count, expected) in trajectory.states {
      let state = states[count - 1] * 1e6
      #expect(abs(state - expected) < trajectory.tolerance, "\(state) µS after \(count) pulses")
    }
  }

  @Test(
    "Pulses to the upper end of the range, Figs 7c and 7d",
    arguments: [(65e-6, 1.1, 9), (65e-6, 0.9, 44), (165e-6, 1.1, 6), (165e-6, 0.9, 30)])
  func pulsesToTop(_ start: Double, _ voltage: Double, _ expected: Int) throws {
    let states = device.meanTrajectory(
      from: start, pulse: Pulse(voltage: voltage, width: 0.5e-3), count: 60)
    let top = try #require(states.firstIndex { $0 >= 315e-6 })
    #expect(top + 1 == expected)
  }

  @Test("Fig. 3: steps over four decades of width")
  func stepsOverWidth() {
    for (width, expected) in [(100e-3, 204.0), (10e-3, 137), (1e-3, 74), (100e-6, 34)] {
      let response = model.response(to: Pulse(voltage: 1.15, width: width), conductance: 80e-6)
      #expect(abs(response.meanStep * 1e6 - expected) < 0.51)
    }
    let strong = model.response(to: Pulse(voltage: -1.5, width: 100e-3), conductance: 250e-6)
    #expect(abs(strong.meanStep * 1e6 + 266) < 0.51)
  }

  @Test("Fig. 4b: spread of RESET over the widths")
  func resetSpreadOverWidth() {
    let printed = [0.05, 0.11, 0.19, 0.29, 0.39, 0.50, 0.63]
    for (width, expected) in zip([1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1], printed) {
      let response = model.response(to: Pulse(voltage: -1.5, width: width), conductance: 40e-6)
      #expect(abs(response.relativeSpread + expected) < 0.0051, "\(response.relativeSpread)")
    }
  }

  @Test("Spread is held within its bounds and steps keep their sign")
  func bounds() {
    let wild = model.response(to: Pulse(voltage: 1.15, width: 100e-3), conductance: 40e-6)
    #expect(wild.relativeSpread == 0.6)
    let weak = model.response(to: Pulse(voltage: 0.8, width: 100e-9), conductance: 4e-6)
    #expect(weak.relativeSpread == 0)
    for voltage in [0.8, 1.15, -0.8, -1.5] {
      for z in [-8.0, -1, 0, 1, 8] {
        for bin in 0..<model.binCount {
          let response = model.response(to: Pulse(voltage: voltage, width: 1e-3), bin: bin)
          #expect(response.step(z: z) * voltage >= 0)
        }
      }
    }
  }
}
