import Failures
import Foundation
import Mathematics
import NodalAnalysis

/// Predicted readings of a read-out from wires and devices.
///
/// Parameters are the logarithms of the segment, of all that lies in series at a driven end (contact
/// and source), of all at a sensed end (contact and sense amplifier), in ohms, and, where devices
/// are unknown but alike, of their conductance in siemens. A weak prior, log-normal around the start
/// with a standard deviation of two decades, gives an end to valleys that the data leave flat. Devices are linear: currents are the
/// transfer matrix times the voltages.
struct WireModel: LeastSquaresProblem {
  let readout: WireReadout
  let drive: ArrayWires.Drive
  /// Standard deviation of every reading, A.
  let deviations: [Double]
  /// Readings that count.
  var used: [Int]
  /// Centre of the prior.
  var centre: [Double] = []
  private let cache = Cache()

  /// Standard deviation of the prior, of natural logarithms.
  static let priorSpread = 2 * log(10.0)

  var parameterCount: Int { readout.conductances == nil ? 4 : 3 }
  var rowCount: Int { used.count + parameterCount }

  /// Relative step of derivatives: the curvature leaves 1e-5 of them.
  static let step = 0.01

  /// Predictions that were asked for last, by their parameters.
  private final class Cache {
    var entries: [(parameters: [Double], currents: [Double])] = []
  }

  init(_ readout: WireReadout, drive: ArrayWires.Drive, noise: Double, floor: Double) {
    self.readout = readout
    self.drive = drive
    used = Array(readout.readings.indices)
    deviations = readout.readings.map {
      (floor * floor + noise * noise * $0.current * $0.current).squareRoot()
    }
  }

  /// Predictions; no current where the array cannot be solved, so that a step there is refused.
  ///
  /// Resistances are held within 6 µΩ and 1 MΩ.
  func currents(_ parameters: [Double]) -> [Double] {
    if let known = cache.entries.first(where: { $0.parameters == parameters }) {
      return known.currents
    }
    let ohms = parameters[0..<3].map { exp(min(max($0, -12), 14)) }
    let wires = ArrayWires.driven(
      rows: readout.rows, columns: readout.columns, wordSegment: ohms[0], bitSegment: ohms[0],
      source: ohms[1], sense: ohms[2], drive: drive)
    let conductances =
      readout.conductances
      ?? Array(repeating: exp(parameters[3]), count: readout.rows * readout.columns)
    let result =
      (try? readout.currents(wires: wires, conductances: conductances))
      ?? Array(repeating: 0, count: readout.readings.count)
    if cache.entries.count >= 16 { cache.entries.removeFirst() }
    cache.entries.append((parameters, result))
    return result
  }

  func evaluate(
    at parameters: UnsafeBufferPointer<Double>, rows: Range<Int>,
    residuals: UnsafeMutableBufferPointer<Double>, jacobian: UnsafeMutableBufferPointer<Double>?
  ) {
    let point = Array(parameters)
    let predicted = currents(point)
    for (at, row) in rows.enumerated() {
      residuals[at] =
        row < used.count
        ? (predicted[used[row]] - readout.readings[used[row]].current) / deviations[used[row]]
        : (point[row - used.count] - centre[row - used.count]) / Self.priorSpread
    }
    guard let jacobian else { return }
    for parameter in 0..<parameterCount {
      var (above, below) = (point, point)
      above[parameter] += Self.step
      below[parameter] -= Self.step
      let (high, low) = (currents(above), currents(below))
      for (at, row) in rows.enumerated() {
        let isPrior = row - used.count == parameter
        jacobian[at * parameterCount + parameter] =
          row < used.count
          ? (high[used[row]] - low[used[row]]) / (2 * Self.step * deviations[used[row]])
          : (isPrior ? 1 / Self.priorSpread : 0)
      }
    }
  }

  /// The best of a few starts.
  func start(at place: String) throws(Failure) -> [Double] {
    let ratios = readout.readings.map { reading in
      abs(reading.current / reading.voltage) / (reading.row == nil ? Double(readout.rows) : 1)
    }
    guard let typical = ratios.median, typical > 0 else {
      throw Failure(.badData, at: place, "most currents are zero", remedy: "read at more voltage")
    }
    var best: (point: [Double], cost: Double)?
    for segment in [0.5, 5, 50.0] {
      for end in [5.0, 100, 2000] {
        var point = [log(segment), log(end), log(end)]
        if readout.conductances == nil { point.append(log(typical)) }
        let predicted = currents(point)
        var cost = 0.0
        for (index, reading) in readout.readings.enumerated() {
          let residual = (predicted[index] - reading.current) / deviations[index]
          cost += min(residual * residual, 1e12)
        }
        if cost.isFinite, cost < best?.cost ?? .infinity { best = (point, cost) }
      }
    }
    guard let best else {
      throw Failure(.badData, at: place, "no array of such wires can be solved")
    }
    return best.point
  }
}
