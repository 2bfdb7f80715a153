import Failures
import Foundation
import Mathematics
import StaticFits
import Statistics

/// Single pulses on cells in the state they are to leave, counted by device and kind of pulse.
struct SwitchingObservations: Sendable {
  /// Amplitude in volts and width in seconds.
  struct Level: Hashable, Sendable {
    var voltage: Double
    var width: Double
  }

  struct Count: Sendable {
    var level: Int
    var switched: Double
    var total: Double
  }

  let polarity: SwitchingPolarity
  var levels: [Level] = []
  var devices: [[Count]] = []
  /// The number of each device in the table's labels.
  var labels: [Int] = []
  /// Devices, by their labels' numbers, that were never in the state that counts.
  private(set) var unusable: [Int] = []
  var pulses = 0
  var switched = 0
  /// Pulses on cells that were in the wrong state.
  var excluded = 0
  /// Conductance above which a cell counts as switched, S; NaN where the table says it itself.
  var threshold = Double.nan
  /// Median conductances of the two states, S.
  var onConductance = Double.nan
  var offConductance = Double.nan

  /// Whether the table names devices: without names all pulses look like one device's.
  var namesDevices = true

  /// Devices that received several pulses.
  private var several: Int {
    devices.count { $0.reduce(0) { $0 + $1.total } >= Self.severalPulses }
  }

  /// Whether enough devices received several pulses that their spread can be told apart.
  var isRepeated: Bool { several >= VarianceComponents.fewestGroups }

  /// Whether all pulses are of one device, which knows no spread but its own.
  var isOneDevice: Bool { namesDevices && devices.count == 1 }

  /// Whether all pulses are of two devices, from which their mean is hardly known.
  var isTwoDevices: Bool { devices.count == 2 && several == 2 }

  /// Pulses of a device from which on it has a threshold of its own.
  private static let severalPulses = 4.0

  /// The counts of all pulses, whatever the device.
  var pooled: [Count] {
    var sums = levels.indices.map { Count(level: $0, switched: 0, total: 0) }
    for count in devices.joined() {
      sums[count.level].switched += count.switched
      sums[count.level].total += count.total
    }
    return sums
  }

  /// The state that a pulse is to end.
  var stateName: String { polarity == .set ? "high-resistance" : "low-resistance" }

  /// Fewest pulses from which three numbers can be told.
  static let fewest = 20

  /// Counts pulses of one kind.
  ///
  /// A SET pulse counts on a cell well below the threshold, a RESET pulse on one above it.
  init(
    _ all: [SwitchingPulses.Pulse], _ polarity: SwitchingPolarity, threshold: Double,
    at place: String
  ) throws(Failure) {
    self.polarity = polarity
    self.threshold = threshold
    var places: [Level: Int] = [:]
    var counts: [Int: [Int: (Double, Double)]] = [:]
    var seen: Set<Int> = []
    var (switchedStates, freshStates): ([Double], [Double]) = ([], [])
    for pulse in all {
      seen.insert(pulse.device)
      // Half the threshold: a cell close to it is neither fresh nor switched.
      let isAway = polarity == .set ? pulse.before >= threshold / 2 : pulse.before < threshold
      if isAway {
        excluded += 1
        continue
      }
      let isPast = polarity == .set ? pulse.after > threshold : pulse.after < threshold
      let isSwitched = pulse.isSwitched.isNaN ? isPast : pulse.isSwitched >= 0.5
      if isSwitched { switchedStates.append(pulse.after) }
      freshStates.append(pulse.before)
      let level = places[pulse.level] ?? levels.count
      if level == levels.count {
        places[pulse.level] = level
        levels.append(pulse.level)
      }
      let old = counts[pulse.device]?[level] ?? (0, 0)
      counts[pulse.device, default: [:]][level] = (old.0 + (isSwitched ? 1 : 0), old.1 + 1)
      pulses += 1
      if isSwitched { switched += 1 }
    }
    let sorted = counts.sorted { $0.key < $1.key }
    labels = sorted.map(\.key)
    devices = sorted.map { device in
      device.value.sorted { $0.key < $1.key }.map {
        Count(level: $0.key, switched: $0.value.0, total: $0.value.1)
      }
    }
    unusable = seen.subtracting(labels).sorted()
    let (after, before) = (Self.typical(switchedStates), Self.typical(freshStates))
    (onConductance, offConductance) = polarity == .set ? (after, before) : (before, after)
    try check(at: place)
  }

  /// The counts without some devices, by their place in ``devices``.
  func without(_ places: Set<Int>) -> Self {
    var rest = self
    let kept = devices.indices.filter { !places.contains($0) }
    rest.devices = kept.map { devices[$0] }
    rest.labels = kept.map { labels[$0] }
    rest.pulses = Int(
      clamping: rest.devices.joined().reduce(0) { $0 + $1.total }, to: 0...pulses)
    rest.switched = Int(
      clamping: rest.devices.joined().reduce(0) { $0 + $1.switched }, to: 0...switched)
    return rest
  }

  private func check(at place: String) throws(Failure) {
    guard pulses >= Self.fewest else {
      throw Failure(
        .badData, at: place,
        "\(pulses) pulses on cells in the \(stateName) state are too few (\(excluded) left out)",
        remedy: "at least \(Self.fewest) are needed; --threshold sets what counts as switched")
    }
    guard switched > 0, switched < pulses else {
      throw Failure(
        .badData, at: place, "\(switched == 0 ? "no" : "every") pulse switches its cell",
        remedy: "measure amplitudes around the threshold, or set --threshold")
    }
    guard pooled.contains(where: { $0.switched > 0 && $0.switched < $0.total }) else {
      throw Failure(
        .badData, at: place,
        "no amplitude switches only a part of its pulses: the spread is not determined",
        remedy: "measure amplitudes closer to the threshold")
    }
  }

  /// The median of the finite values, NaN for none.
  private static func typical(_ values: [Double]) -> Double {
    values.filter(\.isFinite).median ?? .nan
  }
}
