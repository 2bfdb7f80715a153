import ArrayOperations
import Calibration
import Crossbars
import Devices
import Failures
import Mathematics
import Networks
import Runs

/// An array of pairs of devices that multiplies, and learns by sign-only pulses.
///
/// Weights are differences G⁺ − G⁻ in siemens of word lines × outputs. What the array is made of, wires
/// and non-idealities included, follows the same configuration as `crossbar-gan train`.
public final class TrainableCrossbar {
  /// What was spent since the array was made.
  public struct Expense: Equatable, Sendable {
    /// Joules of reads and of pulses, selected and half-selected.
    public var energy = 0.0
    /// Pulses to selected devices.
    public var pulses = 0
    /// Seconds that the array was busy with pulses.
    public var seconds = 0.0
    /// Devices that write-and-verify did not bring to their target.
    public var missed = 0
  }

  /// Word lines, driven in a forward read.
  public let wordLines: Int
  /// Weights per word line, sensed in a forward read.
  public let outputs: Int
  /// The sum so far.
  public private(set) var expense = Expense()

  private let crossbar: Crossbar
  private var draw: UInt64 = 0
  private var step: UInt64 = 0

  /// An array with every weight nominally zero.
  ///
  /// - Parameters:
  ///   - configuration: as for ``Training``; its device, wires, pairing and pulses are used.
  ///   - deviceSeed: which chip this is: fixes the frozen variation.
  ///   - seed: decides noise.
  /// - Throws: ``CrossbarError`` for a configuration that is refused or an array of more than 2²⁹ pairs.
  public init(
    wordLines: Int, outputs: Int, configuration: Configuration, deviceSeed: UInt64 = 1,
    seed: UInt64 = 1
  ) throws(CrossbarError) {
    guard wordLines > 0, outputs > 0 else {
      throw CrossbarError(argument: "wordLines, outputs", "an array has at least one device")
    }
    self.wordLines = wordLines
    self.outputs = outputs
    crossbar = try exposing { () throws(Failure) in
      let crossbar = try Crossbar(
        configuration.resolved.technology(), wordLines: wordLines, outputs: outputs, name: "array",
        deviceSeed: deviceSeed, seed: seed,
        signs: [Float](repeating: 1, count: wordLines * outputs))
      try crossbar.solveStaleWires()
      return crossbar
    }
  }

  /// Writes weights by write-and-verify.
  ///
  /// - Parameter weights: G⁺ − G⁻ in siemens, word line by word line.
  /// - Throws: ``CrossbarError`` for another number of weights, numbers that are not finite, or wires
  ///   that cannot be solved.
  public func write(_ weights: [Float]) throws(CrossbarError) {
    guard weights.count == wordLines * outputs, weights.allSatisfy(\.isFinite) else {
      throw CrossbarError(
        argument: "weights", "\(wordLines * outputs) finite differences of conductances are needed")
    }
    draw += 1
    book(crossbar.writeVerified(targets: weights, draw: draw))
    try exposing { () throws(Failure) in try crossbar.solveWires() }
  }

  /// Sends one pulse to every weight with a sign: +1 raises G⁺ − G⁻, −1 lowers it, 0 leaves it.
  ///
  /// - Parameter signs: word line by word line.
  /// - Throws: ``CrossbarError`` for another number of signs, or wires that cannot be solved.
  public func program(_ signs: [Int8]) throws(CrossbarError) {
    guard signs.count == wordLines * outputs, signs.allSatisfy({ (-1...1).contains($0) }) else {
      throw CrossbarError(
        argument: "signs", "\(wordLines * outputs) of -1, 0 and +1 are needed")
    }
    var matrix = SignMatrix(rows: wordLines, columns: outputs)
    matrix.elements = signs
    book(crossbar.program(matrix, step: step))
    step += 1
    _ = crossbar.driftWhenDue()
    try exposing { () throws(Failure) in _ = try crossbar.solveStaleWires() }
  }

  /// Currents of the outputs in amperes for voltages of the word lines in volts.
  ///
  /// - Throws: ``CrossbarError`` for another number of voltages.
  public func forward(_ voltages: [Float]) throws(CrossbarError) -> [Float] {
    try read(voltages, .forward, from: wordLines, to: outputs)
  }

  /// Currents of the word lines in amperes for voltages of the outputs in volts: the transposed read.
  ///
  /// - Throws: ``CrossbarError`` for another number of voltages.
  public func backward(_ voltages: [Float]) throws(CrossbarError) -> [Float] {
    try read(voltages, .transposed, from: outputs, to: wordLines)
  }

  /// G⁺ − G⁻ in siemens as an exact measurement without wires would find them, word line by word line.
  public var weights: [Float] { crossbar.readDifferences() }

  private func read(
    _ voltages: [Float], _ direction: ReadDirection, from lines: Int, to sensed: Int
  ) throws(CrossbarError) -> [Float] {
    guard voltages.count == lines, voltages.allSatisfy(\.isFinite) else {
      throw CrossbarError(argument: "voltages", "\(lines) finite voltages are needed")
    }
    var (input, output) = (voltages, [Float](repeating: 0, count: sensed))
    draw += 1
    expense.energy += input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let from = input.baseAddress, let to = output.baseAddress else { return 0 }
        return crossbar.read(
          MatrixView(base: from, rows: lines, columns: 1), direction,
          into: MatrixView(base: to, rows: sensed, columns: 1), draw: draw)
      }
    }
    return output
  }

  private func book(_ ledger: EnergyLedger) {
    expense.energy += ledger.total
    expense.pulses += ledger.pulses
    expense.seconds += ledger.seconds
    expense.missed += ledger.devicesMissed
  }
}
