import ArrayOperations
import Devices
import Failures
import Mathematics
import NodalAnalysis

/// What the wires leave of every device of one polarity, from the last solve of its tile.
///
/// A read through wires is again a matrix: element (i, j) is the device's coefficient times a gain,
/// the share of the line's voltage that reaches it times the share of its current that arrives,
/// sneak paths included. Between solves gains are held and coefficients follow the pulses.
struct WireGains: Sendable {
  /// Per basis function; terms that start linearly answer alike in both directions.
  let forward: [Lane<Float>]
  let transposed: [Lane<Float>]
  /// Fraction of a write's amplitude at the drivers that reaches the device when it is selected.
  let selected: Lane<Float>
  /// Fraction of the write scheme's voltage that reaches it when only its word line is selected, only
  /// its bit line, or neither.
  let sameWordLine: Lane<Float>
  let sameBitLine: Lane<Float>
  let unselected: Lane<Float>
  /// Both polarities of a pair lie together: a refresh needs both.
  private let records: RecordTable<Float>

  /// Gains of the plus and the minus devices of pairs, all one.
  static func ofPairs(terms: Int, pairs: Int) -> (plus: WireGains, minus: WireGains) {
    let records = RecordTable<Float>(records: pairs, values: 8 + 4 * terms, repeating: 1)
    return (
      WireGains(records, terms: terms, polarity: 0), WireGains(records, terms: terms, polarity: 1)
    )
  }

  private init(_ records: RecordTable<Float>, terms: Int, polarity: Int) {
    self.records = records
    selected = records.lane(polarity)
    sameWordLine = records.lane(2 + polarity)
    sameBitLine = records.lane(4 + polarity)
    unselected = records.lane(6 + polarity)
    forward = (0..<terms).map { records.lane(8 + polarity * terms + $0) }
    transposed = (0..<terms).map { records.lane(8 + (2 + polarity) * terms + $0) }
  }

  /// Takes over what a write leaves of one device.
  func adopt(_ attenuation: WriteAttenuation, element: Int, device: Int) {
    selected[device] = Float(attenuation.selected[element])
    sameWordLine[device] = Float(attenuation.sameWordLine[element])
    sameBitLine[device] = Float(attenuation.sameBitLine[element])
    unselected[device] = Float(attenuation.unselected[element])
  }
}

/// One tile of an array as its wires see it.
struct TileSolution: Sendable {
  /// Per physical device, row by row: gains of every basis function, then what a write leaves.
  var forward: [[Double]]
  var transposed: [[Double]]
  var write: WriteAttenuation

  /// Solves a tile whose devices have the given coefficients.
  ///
  /// - Parameters:
  ///   - readVoltage: volts on the lines of a read at most.
  ///   - writeVoltage: amplitude of a write in volts.
  init(
    _ array: WiredArray, readVoltage: Double, writeVoltage: Double, scheme: WriteScheme
  ) throws(Failure) {
    let matrix = try TransferMatrix(array, operatingVoltage: readVoltage, tolerance: 1e-5)
    (forward, transposed) = matrix.gains(of: array.devices, upTo: readVoltage)
    write = try WriteAttenuation(array, scheme: scheme.bias, voltage: writeVoltage)
  }

  /// Largest loss of any gain.
  var largestLoss: Double { 1 - min(forward[0].min() ?? 1, write.selected.min() ?? 1) }
}
