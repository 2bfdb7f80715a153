import Failures
import FitResults
import Foundation
import MeasuredTables
import StaticFits
import Statistics

extension SwitchingFit {
  /// Thresholds of repeated ramps: SET, RESET, or both.
  init(ramps reader: TableReader) throws(Failure) {
    let place = reader.files[0]
    let ramps = try RampThresholds(reader)
    report = FitReport(kind: "switching", model: "ramps")
    report.statistics = [("rows", Double(ramps.report.rows))]
    report.notes = ["thresholds of slow ramps, not of pulses: a short pulse needs more voltage"]
    if !ramps.isGiven { report.notes.append("thresholds: \(RampExcursion.definitions)") }
    var failure: Failure?
    for (branch, name) in [(ramps.set, "SET"), (ramps.reset, "RESET")] where branch.ramps > 0 {
      report.notes.append("\(branch.ramps) \(name) ramps: \(branch.exclusions)")
      report.leftOut += branch.leftOut(name)
      guard branch.thresholds >= RampThresholds.fewest else { continue }
      do {
        let parts = try VarianceComponents(
          branch.groups, unit: "V", resolution: branch.resolution, at: place)
        enter(branch, parts, isSet: name == "SET", at: place)
      } catch {
        failure = error
        report.notes.append("\(name) thresholds are not fitted: \(error.cause)")
      }
    }
    if report.parameters.isEmpty, let failure { throw failure }
    if let states = ramps.states, states.isParted { enter(states) }
    report.notes += ramps.report.suspicions
  }

  /// The states that the loops show.
  private mutating func enter(_ found: StatesFit) {
    states = found
    (onConductance, offConductance) = found.ends
    report.parameters += found.report.parameters
    report.statistics += found.report.statistics
    report.distributions += found.report.distributions
    report.notes += found.report.notes
    report.figures += found.report.figures
    report.leftOut += found.report.leftOut
  }

  private mutating func enter(
    _ branch: RampThresholds.Branch, _ parts: VarianceComponents, isSet: Bool, at place: String
  ) {
    let all = branch.groups.flatMap { $0 }
    let total = parts.totalSpread
    if isSet {
      thresholdMean = parts.mean.value
      if let between = parts.between, let within = parts.within {
        spreads = (between.value, within.value)
      }
      totalSpread = total
      cycleSpread = parts.within?.value ?? .nan
      voltages = (all.min() ?? 0)...(all.max() ?? 0)
    } else {
      resetThreshold = (parts.mean.value, total.isFinite ? total : parts.within?.value ?? 0)
    }
    let prefix = isSet ? "" : Self.resetPrefix
    var mean = parts.mean
    mean.name = "threshold_mean"
    report.parameters += [mean, parts.within, parts.between, parts.total].compactMap { $0 }.map {
      var parameter = $0
      parameter.name = prefix + parameter.name
      return parameter
    }
    report.notes += parts.undetermined.map { "\(isSet ? "SET" : "RESET"): \($0)" }
    report.statistics += [
      ("\(prefix)ramps", Double(branch.ramps)), ("\(prefix)thresholds", Double(all.count)),
      ("\(prefix)excluded", Double(branch.excluded)),
      ("\(prefix)devices", Double(branch.groups.count)),
      ("\(prefix)deviation_of_means_V", parts.deviationOfMeans),
    ]
    if let within = parts.within, total.isFinite {
      report.statistics.append(("\(prefix)cycle_share", within.value / total))
    }
    report.correlations += parts.correlations.map { $0.named { prefix + $0 } }
    addRamps(
      branch.groups, mean: parts.mean.value,
      spread: total.isFinite ? total : parts.within?.value ?? 0, prefix: prefix,
      kind: isSet ? "SET" : "RESET")
    // Families of positive numbers need magnitudes.
    let isNegative = all.allSatisfy { $0 < 0 }
    let sample = isNegative ? all.map { -$0 } : all
    let fits = (try? DistributionFit.all(of: sample, at: place)) ?? []
    if !fits.isEmpty { report.distributions.append(("\(prefix)threshold", fits)) }
    if isNegative, !fits.isEmpty {
      report.notes.append("the distribution \(prefix)threshold is of magnitudes")
    }
  }
}
