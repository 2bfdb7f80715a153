import Calibration
import Devices
import Failures
import NodalAnalysis

/// A passive array behind wires: conductances in, currents out, by nodal analysis.
///
/// Word lines are driven at their first ends, bit lines sensed at virtual ground at their last.
public struct WiredCrossbar: Sendable {
  /// Resistances of lines and line ends, in ohms.
  public struct Wires: Equatable, Sendable {
    /// Between neighbouring crosspoints of a word line, and of a bit line.
    public var wordSegment: Double
    public var bitSegment: Double
    /// Of a driver and of a sense amplifier.
    public var source: Double
    public var sense: Double

    public init(
      wordSegment: Double = 1, bitSegment: Double = 1, source: Double = 10, sense: Double = 10
    ) {
      self.wordSegment = wordSegment
      self.bitSegment = bitSegment
      self.source = source
      self.sense = sense
    }
  }

  /// How potentials are found.
  public enum Method: String, Sendable {
    /// Sparse Cholesky factors and Newton's method: to rounding.
    case exact
    /// Corrections line by line: to 10⁻⁶ of the largest current.
    case fast
  }

  private let array: WiredArray

  /// An array of ohmic devices, or of a measured device in given states.
  ///
  /// - Parameters:
  ///   - conductances: siemens, row (word line) by row, all rows of one length; 0 for a device that is
  ///     not there.
  ///   - device: nil for I = G·V; else its mean static characteristic at `celsius`.
  /// - Throws: ``CrossbarError`` for ragged rows, negative or undefined numbers, or an array in which
  ///   no device conducts.
  public init(
    conductances: [[Double]], wires: Wires = Wires(), device: MeasuredDevice? = nil,
    celsius: Double = 25
  ) throws(CrossbarError) {
    let (rows, columns) = (conductances.count, conductances.first?.count ?? 0)
    guard columns > 0, conductances.allSatisfy({ $0.count == columns }) else {
      throw CrossbarError(argument: "conductances", "rows are empty or differ in length")
    }
    let states = conductances.flatMap { $0 }
    array = try exposing { () throws(Failure) in
      let devices =
        if let device {
          try DeviceGrid(
            rows: rows, columns: columns, model: device.calibration.device.staticModel,
            conductances: states, temperature: celsius + PhysicalConstants.zeroCelsius)
        } else {
          try DeviceGrid(rows: rows, columns: columns, conductances: states)
        }
      return try WiredArray(
        devices: devices, wordSegment: wires.wordSegment, bitSegment: wires.bitSegment,
        source: wires.source, sense: wires.sense)
    }
  }

  /// Currents into the sense amplifiers in amperes, one per bit line and input.
  ///
  /// - Parameter voltages: inputs of one voltage per word line, in volts.
  /// - Throws: ``CrossbarError`` for inputs of another length, or where the method does not converge.
  public func currents(
    _ voltages: [[Double]], method: Method = .exact
  ) throws(CrossbarError) -> [[Double]] {
    guard voltages.allSatisfy({ $0.count == array.rows }) else {
      throw CrossbarError(
        argument: "voltages",
        "an input does not have one voltage for each of \(array.rows) word lines")
    }
    let grounded = [Double](repeating: 0, count: array.columns)
    let inputs = voltages.map { LineEnds(word: $0, bit: grounded) }
    return try exposing { () throws(Failure) in
      switch method {
      case .exact: try ExactSolver(array).solve(inputs).map(\.outputs)
      case .fast: try FastSolver(array).currents(inputs).map(\.currents.bitTotals)
      }
    }
  }
}
