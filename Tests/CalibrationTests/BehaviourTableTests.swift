import Calibration
import Devices
import Foundation
import Testing

/// Mean steps of nili2020 in µS for twelve pulses and all bins, and what follows from them.
@Suite struct BehaviourTableTests {
  let device: DeviceModel
  let model: NiliPulseResponse

  init() throws {
    device = try Calibration.load("nili2020").device
    model = try #require(device.pulseModel as? NiliPulseResponse)
  }

  /// Voltage, width, and a step per bin with as many digits as are significant; `~0` below 0.0005.
  typealias Row = (Double, Double, String)

  @Test(
    "Mean steps",
    arguments: [
      (0.8, 1e-7, ".005 .017 .032 .077 .113 .129 .096 .071"),
      (0.8, 1e-5, ".035 .111 .204 .488 .715 .811 .604 .450"),
      (0.9, 1e-6, ".089 .192 .303 .638 .888 .849 .627 .458"),
      (1.0, 1e-7, ".207 .302 .405 .738 .970 .814 .606 .437"),
      (1.0, 1e-5, "1.33 1.94 2.60 4.69 6.12 5.11 3.82 2.78"),
      (1.0, 5e-4, "6.12 8.82 11.7 20.2 25.8 21.2 16.1 12.2"),
      (1.15, 1e-3, "47.5 49.1 53.5 77.1 90.5 74.3 59.9 45.7"),
      (-0.8, 1e-7, "~0 ~0 ~0 -.002 -.019 -.070 -.235 -.569"),
      (-1.0, 1e-6, "~0 ~0 -.003 -.046 -.333 -1.15 -3.69 -9.39"),
      (-1.2, 1e-7, "~0 ~0 -.014 -.231 -1.34 -4.35 -11.4 -24.2"),
      (-1.2, 5e-4, "~0 -.011 -.177 -1.46 -7.12 -19.0 -48.6 -115"),
      (-1.5, 1e-3, "-.010 -.137 -.998 -4.74 -15.6 -36.8 -80.2 -176"),
    ] as [Row])
  func steps(_ row: Row) throws {
    for (bin, text) in row.2.split(separator: " ").enumerated() {
      let step = model.response(to: Pulse(voltage: row.0, width: row.1), bin: bin).meanStep * 1e6
      if text == "~0" {
        #expect(abs(step) < 0.0005)
        continue
      }
      let printed = try #require(Double(text))
      let decimals = text.contains(".") ? text.reversed().prefix { $0 != "." }.count : 0
      #expect(abs(step - printed) <= 0.5001 * pow(10, -Double(decimals)), "\(step) for \(text)")
    }
  }

  @Test(
    "States at which a SET and a RESET pulse balance",
    arguments: [
      (0.8, -0.8, 1e-7, 99.9...100.1), (0.8, -0.8, 1e-5, 177...179), (1.0, -1.0, 1e-6, 97...100.1),
      (1.15, -0.92, 1e-7, 176...179),
    ])
  func symmetryPoint(
    _ set: Double, _ reset: Double, _ width: Double, _ expected: ClosedRange<Double>
  ) {
    // Binned: the symmetry point is where the sum of the steps changes sign.
    let balance = (0..<8).map { bin in
      model.response(to: Pulse(voltage: set, width: width), bin: bin).meanStep
        + model.response(to: Pulse(voltage: reset, width: width), bin: bin).meanStep
    }
    let bin = balance.firstIndex { $0 < 0 } ?? 7
    let border = model.binEdges[bin] * 1e6
    #expect(expected.contains(border), "\(border) µS, \(balance)")
  }
}
