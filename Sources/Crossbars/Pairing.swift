/// How a signed weight is held by devices, and which of them a pulse may move.
package enum Pairing: String, Sendable, CaseIterable {
  /// W ∝ G⁺ − G⁻; a raise SETs the plus device and RESETs the minus one.
  case twoSided = "two-sided"
  /// W ∝ G⁺ − G⁻; a raise SETs the plus device, a fall the minus one; pairs need refreshing.
  case setOnly = "set-only"
  /// W ∝ G⁺ − G⁻ with the minus device a reference in a tile of its own, which training neither
  /// pulses nor half-selects.
  case oneFixed = "one-fixed"
  /// W ∝ (G⁺ − G⁻) − (R⁺ − R⁻): a two-sided pair and a pair of references in tiles of their own, which
  /// training neither pulses nor half-selects.
  case referencedPair = "referenced-pair"
  /// |W| ∝ G − G_low with the sign stored digitally and never changing.
  case singleWithSign = "single"

  /// Devices that hold a weight, each on a bit line of its own.
  package var devicesPerWeight: Int {
    switch self {
    case .singleWithSign: 1
    case .twoSided, .setOnly, .oneFixed: 2
    case .referencedPair: 4
    }
  }

  /// Those of them that training pulses; the others are references.
  package var pulsedDevicesPerWeight: Int {
    switch self {
    case .singleWithSign, .oneFixed: 1
    case .twoSided, .setOnly, .referencedPair: 2
    }
  }

  /// Whether weights have a second device.
  var hasMinusDevices: Bool { self != .singleWithSign }

  /// Whether both devices of a pair are in one tile, on neighbouring bit lines.
  ///
  /// A pulse to one then half-selects the other. References that are never pulsed are kept apart.
  var sharesTiles: Bool { self == .twoSided || self == .setOnly || self == .referencedPair }
}

// MARK: - From a weight to its devices

/// Which devices of a pair get a SET and which a RESET pulse when its weight shall move.
struct PulseAssignment: Equatable, Sendable {
  var setsPlus = false
  var setsMinus = false
  var resetsPlus = false
  var resetsMinus = false
}

extension Pairing {
  /// The pulses that move a weight (for a single device its magnitude) up or down.
  func pulses(raising: Bool) -> PulseAssignment {
    let change = changes(of: raising ? 1 : -1)
    return PulseAssignment(
      setsPlus: change.plus > 0, setsMinus: change.minus > 0, resetsPlus: change.plus < 0,
      resetsMinus: change.minus < 0)
  }

  /// The changes of a pair's devices, in siemens, that change G⁺ − G⁻ (of a single device, G) by a
  /// number of siemens; zero for a device that is left alone.
  func changes(of change: Double) -> (plus: Double, minus: Double) {
    switch self {
    case .twoSided, .referencedPair: (change / 2, -change / 2)
    case .setOnly: change > 0 ? (change, 0) : (0, -change)
    case .oneFixed, .singleWithSign: (change, 0)
    }
  }

  /// The conductances in siemens that hold a difference.
  ///
  /// - Parameters:
  ///   - zero: the pair's conductances at a difference of zero.
  ///   - held: the conductance a device can have that is nearest to a wanted one.
  func conductances(
    holding difference: Double, about zero: (plus: Double, minus: Double),
    held: (Double) -> Double
  ) -> (plus: Double, minus: Double) {
    switch self {
    case .twoSided, .setOnly:
      return (held(zero.plus + difference / 2), held(zero.minus - difference / 2))
    case .referencedPair:
      // A zero at the window's border leaves the rest of the change to the other device.
      let plus = held(zero.plus + difference / 2)
      let minus = held(zero.minus - (difference - (plus - zero.plus)))
      return (held(zero.plus + difference - (zero.minus - minus)), minus)
    case .oneFixed: return (held(zero.plus + difference), zero.minus)
    case .singleWithSign: return (held(zero.plus + abs(difference)), zero.minus)
    }
  }
}
