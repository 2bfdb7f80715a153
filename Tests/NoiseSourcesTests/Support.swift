import ArrayOperations
import Calibration
import Devices
import Failures
import NoiseSources

/// The device of most tests.
func testDevice() throws -> DeviceModel { try Calibration.load("nili2020").device }

/// A source by its text.
func bitSource(
  _ text: String, seed: UInt64 = 1, device: DeviceModel? = nil, tests: HealthTests = .standard,
  purpose: String = "bits"
) throws -> any BitSource {
  var conditions = NoiseConditions(
    device: try device ?? testDevice(), seed: seed, deviceSeed: seed, purpose: purpose)
  conditions.tests = tests
  conditions.isForSamples = purpose.hasPrefix("samples")
  return try NoiseSpecification(parsing: text).bitSource(conditions)
}

/// A watched stream of a source, allowed to go on.
func bitStream(_ text: String, seed: UInt64 = 1, device: DeviceModel? = nil) throws -> BitStream {
  try BitStream(try bitSource(text, seed: seed, device: device), keepsGoing: true)
}

/// The next bits one by one.
func bits(_ count: Int, of stream: inout BitStream) throws -> [Bool] {
  var ledger = EnergyLedger()
  return try (0..<count).map { _ in try stream.take(1, ledger: &ledger) == 1 }
}

/// The 64 bits of a word, the most significant first.
func unpacked(_ word: UInt64) -> [Bool] {
  (0..<64).map { word >> UInt64(63 - $0) & 1 == 1 }
}

/// The bits of bytes, the most significant of each first.
func unpacked(_ bytes: [UInt8]) -> [Bool] {
  var bits: [Bool] = []
  for byte in bytes {
    for shift in (0..<8).reversed() { bits.append(byte >> UInt8(shift) & 1 == 1) }
  }
  return bits
}

/// Whether a count is within ±3.9 standard deviations of n·p: α = 1e-4.
func isPlausible(_ count: Int, of n: Int, probability p: Double) -> Bool {
  abs(Double(count) - Double(n) * p) <= 3.9 * (Double(n) * p * (1 - p)).squareRoot() + 1
}

extension DeviceModel {
  /// The device with fewer reserved columns and other numbers.
  func switching(_ change: (inout SwitchingModel) -> Void) throws -> DeviceModel {
    var device = self
    guard var model = device.switching else {
      throw Failure(.internal, at: "test", "no switching model")
    }
    change(&model)
    device.switching = model
    return device
  }
}
