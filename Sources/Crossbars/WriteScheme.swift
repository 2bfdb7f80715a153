package import NodalAnalysis

/// What lines that are not selected are held at while a device is written.
package enum WriteScheme: String, Sendable, CaseIterable {
  /// V/2: mates on the selected lines see half the amplitude, all others nothing.
  case half
  /// V/3: every other device of the tile sees a third of the amplitude, those on no selected line
  /// with the opposite sign.
  case third

  /// Share of the amplitude that devices on exactly one selected line see.
  var halfSelectRatio: Double { self == .half ? 1.0 / 2 : 1.0 / 3 }

  /// Share of the amplitude that devices on no selected line see, with its sign.
  var unselectedRatio: Double { self == .half ? 0 : -1.0 / 3 }

  /// The same scheme for the solver of wired arrays.
  package var bias: BiasScheme { self == .half ? .half : .third }

  /// Joules per second and V² that a phase dissipates in devices that are not selected.
  ///
  /// - Parameters:
  ///   - mates: Σ G of devices on exactly one selected line.
  ///   - others: Σ G of all devices of the tile that are not selected.
  func halfSelectedConductance(mates: Double, others: Double) -> Double {
    self == .half ? mates / 4 : others / 9
  }
}
