import ArrayOperations
import Devices
import Mathematics

/// Reads single devices of one polarity at V_read, as write-and-verify does.
///
/// Made once for many reads. Sound: it holds what each needs of storage that the array owns, which outlives it,
/// and only reads it.
struct DeviceReader: @unchecked Sendable {
  private let coefficients: StaticTable
  /// φₖ(V)/V at V_read.
  private let chords: [Double]
  private let read: ReadOperation
  private let noisePerSiemens: Double
  private let noise: RandomStream
  private let conductance: Lane<Float>
  private let deviation: Lane<Float>
  /// What wires leave of the linear part; it stands for all terms: verifying reads are compared within 0.2 %.
  private let gain: Lane<Float>?
  private let nonIdealities: UnsafeMutablePointer<Float>?

  init(_ crossbar: Crossbar, _ bank: DeviceBank) {
    let technology = crossbar.technology
    coefficients = technology.coefficients
    read = technology.conditions.read
    let voltage = read.voltage
    chords = technology.basis.map { $0.chord(at: voltage) }
    noisePerSiemens = technology.noisePerSiemens
    noise = crossbar.verifyNoise
    conductance = bank.conductance
    deviation = bank.readDeviation
    gain = crossbar.gains(of: bank)?.forward[0]
    nonIdealities = crossbar.nonIdealities(of: bank)?.gain.base
  }

  /// I(V_read)/V_read of a device in siemens behind the wires, without noise.
  func conductance(_ device: Int) -> Double {
    let chord = withUnsafeTemporaryAllocation(of: Float.self, capacity: chords.count) { values in
      guard let base = values.baseAddress else { return 0.0 }
      coefficients.coefficients(at: conductance[device], z: deviation[device], into: base)
      var sum = 0.0
      for term in 0..<chords.count { sum += Double(base[term]) * chords[term] }
      return sum
    }
    return (gain.map { Double($0[device]) } ?? 1) * Double(nonIdealities?[device] ?? 1) * chord
  }

  /// The same with the noise of one read, which is booked.
  func verify(
    _ device: Int, element: Int, draw: UInt64, ledger: inout EnergyLedger
  ) -> Double {
    let chord = conductance(device)
    ledger.forward += read.voltage * read.voltage * chord * read.time
    ledger.seconds += read.time
    guard noisePerSiemens > 0 else { return chord }
    return chord + standardDeviation(at: chord)
      * Double(noise.gaussian(at: element, substream: draw))
  }

  /// Standard deviation in siemens of a verifying read of a conductance.
  func standardDeviation(at conductance: Double) -> Double {
    (noisePerSiemens * max(0, conductance)).squareRoot() / read.voltage
  }
}
