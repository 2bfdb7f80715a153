package import ArrayOperations
package import Failures

/// A source of bits, with what they cost and how good they are.
///
/// A source works in stretches: ``produce(into:ledger:)`` runs its hardware for a while, tests the
/// raw bits, corrects them and appends what is left. After ``restart(at:)`` the stretches, the
/// statistics and the books depend on the position alone, which is what lets a run resume.
package protocol BitSource {
  /// The specification it was made from.
  var name: String { get }
  /// Why the source is unfit by design and runs only when told to go on; nil for an honest one.
  var defect: String? { get }
  /// Tests and estimates over the raw bits since the last restart.
  var monitor: HealthMonitor { get }
  /// Min-entropy per raw bit as the model knows it, over the bits since the last restart; nil when
  /// there is no model (software, recordings).
  var trueEntropy: Double? { get }
  /// Number of devices that wear, and the cycles each lasts; nil when nothing wears.
  var wear: DeviceWear? { get }

  /// Begins the sequence that belongs to a position, such as the number of an epoch.
  mutating func restart(at position: UInt64)

  /// Does and books what is needed before the first bit of a position; producing does it, too.
  mutating func start(ledger: inout EnergyLedger)

  /// Runs the source for a stretch and appends the bits it gives, which may be none.
  ///
  /// - Throws: ``Failure`` of kind `badData` when a recording ends.
  mutating func produce(
    into bits: inout BitQueue, ledger: inout EnergyLedger
  ) throws(Failure)
}

extension BitSource {
  package var defect: String? { nil }
  package var trueEntropy: Double? { nil }
  package var wear: DeviceWear? { nil }
  package mutating func start(ledger: inout EnergyLedger) {}
}

/// Devices that age with every cycle.
package struct DeviceWear: Equatable, Sendable {
  package var devices: Int
  /// Full cycles that one lasts.
  package var endurance: Double
  /// Cycles of all devices that are spent before the first bit.
  package var startUpCycles: Int

  package init(devices: Int, endurance: Double, startUpCycles: Int = 0) {
    self.devices = devices
    self.endurance = endurance
    self.startUpCycles = startUpCycles
  }

  /// Bits that the devices give before they are worn out; nil before any bit.
  ///
  /// - Parameters:
  ///   - bits: bits given so far.
  ///   - cycles: cycles of all devices so far, those before the first bit included.
  package func lifetimeBits(bits: Int, cycles: Int) -> Double? {
    let working = cycles - startUpCycles
    guard bits > 0, working > 0 else { return nil }
    let left = endurance * Double(devices) - Double(startUpCycles)
    return max(0, left) * Double(bits) / Double(working)
  }

  /// Cycles per device after `cycles` of them all, which take turns.
  package func cyclesPerDevice(_ cycles: Int) -> Double { Double(cycles) / Double(devices) }

  /// Devices past their endurance: all or none, because all cycle alike.
  package func wornOut(after cycles: Int) -> Int {
    cyclesPerDevice(cycles) > endurance ? devices : 0
  }
}
