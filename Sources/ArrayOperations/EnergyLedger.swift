/// What the hardware spent: joules by phase, pulses, writes and seconds.
///
/// Every operation on an array adds to one; ledgers add up, so that a layer, an epoch and a run use
/// the same type.
package struct EnergyLedger: Equatable, Sendable {
  /// Reads in the forward direction: Σ V·I·t over devices and samples, in joules.
  package var forward = 0.0
  /// Reads in the transposed direction, in joules.
  package var backward = 0.0
  /// Σ V²·G·t over devices that receive a full pulse, in joules: the published accounting.
  package var programSelected = 0.0
  /// The same over half-selected devices at the voltage the bias scheme leaves them, in joules.
  package var programHalf = 0.0
  /// Energy of programming by the script published with arXiv:2111.14484, in joules.
  ///
  /// V²·G·t of the step before, of devices whose conductance differs from it. Booked by its procedure
  /// alone, and no part of ``total``.
  package var programPublished = 0.0
  /// The source of the generator's noise, in joules.
  package var noise = 0.0
  /// Bits that the noise source delivered, corrected ones only.
  package var noiseBits = 0
  /// Switching cycles that the noise source spent: what wears its devices.
  package var noiseCycles = 0
  /// Converters, neurons, drivers, gates and counters, in joules; zero unless a calibration or a run
  /// says what they cost.
  package var periphery = 0.0
  /// Devices that write-and-verify wrote, and those of them that it gave up outside its tolerance.
  package var devicesWritten = 0
  package var devicesMissed = 0
  /// Pulses that reached a selected device.
  package var pulses = 0
  /// Pulses that changed the conductance of their device.
  package var writes = 0
  /// Selected devices at which a pulse arrived with less than the calibrated amplitude.
  package var weakPulses = 0
  /// Exposures of a device to a half-select voltage.
  package var halfSelections = 0
  /// What half-selection moved: Σ|ΔG| over devices, in siemens.
  package var disturb = 0.0
  /// Time the arrays were busy, in seconds, layers one after the other.
  package var seconds = 0.0

  /// Nothing spent.
  package init() {}

  /// All joules together.
  package var total: Double {
    forward + backward + programSelected + programHalf + noise + periphery
  }

  /// Adds what another part or a later time spent, entry by entry.
  package static func += (left: inout EnergyLedger, right: EnergyLedger) {
    left.forward += right.forward
    left.backward += right.backward
    left.programSelected += right.programSelected
    left.programHalf += right.programHalf
    left.programPublished += right.programPublished
    left.noise += right.noise
    left.noiseBits += right.noiseBits
    left.noiseCycles += right.noiseCycles
    left.periphery += right.periphery
    left.devicesWritten += right.devicesWritten
    left.devicesMissed += right.devicesMissed
    left.pulses += right.pulses
    left.writes += right.writes
    left.weakPulses += right.weakPulses
    left.halfSelections += right.halfSelections
    left.disturb += right.disturb
    left.seconds += right.seconds
  }
}
