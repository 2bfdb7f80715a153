package import Failures
package import FitResults
import Foundation
package import MeasuredTables
import StaticFits

/// `fit switching`: when a pulse switches a device.
///
/// Single pulses give the probability against amplitude and width; repeated ramps and loops give
/// thresholds. Either way the spread is parted into devices and cycles as far as the data allows, and
/// SET and RESET are fitted apart.
package struct SwitchingFit: Sendable {
  package var report: FitReport
  /// Median SET threshold at the reference width, V; NaN where the table has RESET only.
  package var thresholdMean = Double.nan
  /// Whether SET is at negative voltages; ``thresholdMean`` and ``voltages`` are magnitudes then.
  var isMirrored = false
  /// Standard deviation of all SET thresholds, V.
  package var totalSpread = Double.nan
  /// From cycle to cycle, V, where the devices are too few for a spread between them; NaN otherwise.
  var cycleSpread = Double.nan
  /// Mean RESET threshold, below zero in a bipolar cell, and the standard deviation of all, V.
  package var resetThreshold: (mean: Double, totalSpread: Double)?
  /// Between devices and from pulse to pulse, V; nil where every device was pulsed once.
  package var spreads: (device: Double, cycle: Double)?
  /// Reference width, s; NaN from ramps.
  package var width = Double.nan
  /// Conductances of the states, where loops show them.
  var states: StatesFit?
  package var onConductance = Double.nan
  package var offConductance = Double.nan
  /// Amplitudes of the SET pulses, or thresholds of SET ramps, V.
  package var voltages = 0.0...0

  /// What the names of RESET's parameters begin with.
  static let resetPrefix = "reset_"

  /// Reads and fits.
  ///
  /// - Parameters:
  ///   - form: nil compares all by Akaike's criterion.
  ///   - threshold: siemens above which a cell counts as switched; nil finds the valley.
  ///   - width: width in seconds at which the median is stated; nil takes the middle one.
  /// - Throws: ``Failure``: `noInput`, or `badData` when a quantity is missing or the shares of
  ///   switched pulses do not determine a threshold.
  package init(
    _ reader: TableReader, form: SwitchingForm? = nil, threshold: Double? = nil,
    width: Double? = nil
  ) throws(Failure) {
    var isRamps = false
    for quantity in [MeasuredQuantity.current, .setVoltage, .resetVoltage] where !isRamps {
      isRamps = try reader.gives(quantity)
    }
    if isRamps {
      try self.init(ramps: reader)
    } else {
      try self.init(pulses: reader, form, threshold, width)
    }
  }
}
