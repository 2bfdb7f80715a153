import Foundation
package import Networks
import Reports

/// Whether training still leads somewhere, judged after every epoch.
///
/// Adversarial training does not end by itself when it has failed: the discriminator tells every
/// fake, the generator is left with gradients that say nothing, and pulses go on. What counts as a
/// collapse is far outside what healthy runs do, whose distance swings by a factor of two or three:
/// - a loss that is not finite,
/// - a Fréchet distance above 100 that is more than ``distanceFactor`` times the best epoch's,
/// - images of at most a fifth of the classes that cover less than half a percent of the test images,
///   for three epochs in a row, after at least ``leastSteps`` steps.
package struct TrainingHealth: Sendable {
  /// Devices at an end of the range they are clipped to, of all that pulses move; nil without any.
  package private(set) var saturatedShare: Double?
  /// Why the run has collapsed; nil while it has not.
  package private(set) var collapse: String?
  private var epoch = 0
  private var steps = 0
  private var discriminatorLoss = 0.0
  private var generatorLoss = 0.0
  private var probabilities = (real: 0.0, fake: 0.0)
  private var bestDistance = Double.infinity
  private var epochsWithoutVariety = 0
  private let classes: Int

  static let distanceFactor = 8.0
  static let leastDistance = 100.0
  static let leastCoverage = 0.005
  static let leastSteps = 500
  /// Share of saturated devices above which it is told.
  static let saturationLimit = 0.1

  /// What an epoch's images are like.
  package struct Quality: Sendable {
    /// Fréchet distance.
    package var distance: Double
    /// Share of the test images that fakes cover.
    package var coverage: Double
    /// Classes that hold at least one percent of the fakes.
    package var classes: Int

    package init(distance: Double, coverage: Double, classes: Int) {
      self.distance = distance
      self.coverage = coverage
      self.classes = classes
    }
  }

  /// Before the first epoch of a run on so many classes.
  package init(classes: Int) { self.classes = classes }

  /// Takes over what earlier epochs of a resumed run measured.
  ///
  /// - Parameters:
  ///   - distances, coverages, counts: columns of `metrics.csv`, nil where a cell is empty.
  mutating func resume(distances: [Double?], coverages: [Double?], counts: [Double?], steps: Int) {
    for ((distance, coverage), count) in zip(zip(distances, coverages), counts) {
      self.steps += steps
      epoch += 1
      note(
        Quality(
          distance: distance ?? .infinity, coverage: coverage ?? 0,
          classes: count.flatMap(Int.init(exactly:)) ?? 0))
    }
  }

  /// Judges an epoch.
  ///
  /// - Parameters:
  ///   - steps: of the epoch.
  ///   - saturatedShare: of the devices; nil for the digital twin.
  package mutating func judge(
    _ summary: EpochSummary, _ quality: Quality, steps: Int, saturatedShare: Double?
  ) {
    epoch += 1
    self.steps += steps
    self.saturatedShare = saturatedShare
    generatorLoss = summary.generatorLoss
    discriminatorLoss = summary.discriminatorLoss
    probabilities = (summary.realProbability, summary.fakeProbability)
    let best = bestDistance
    note(quality)
    collapse = reason(quality.distance, best: best)
  }

  private mutating func note(_ quality: Quality) {
    if quality.distance < bestDistance { bestDistance = quality.distance }
    let hasVariety =
      quality.coverage >= Self.leastCoverage || quality.classes > max(1, classes / 5)
    epochsWithoutVariety = hasVariety || steps < Self.leastSteps ? 0 : epochsWithoutVariety + 1
  }

  private func reason(_ distance: Double, best: Double) -> String? {
    if !generatorLoss.isFinite || !discriminatorLoss.isFinite { return "a loss is not finite" }
    if !(distance <= max(Self.leastDistance, Self.distanceFactor * best)), best < .infinity {
      return String(
        format: "Fréchet distance %.0f, %.2g times that of the best epoch", distance,
        distance / best)
    }
    if epochsWithoutVariety >= 3 {
      return "images of one kind for \(epochsWithoutVariety) epochs"
    }
    return nil
  }

  /// What is wrong, one entry each.
  private var findings: [String] {
    var findings = collapse.map { ["COLLAPSED, \($0)"] } ?? []
    if probabilities.real > 0.8, probabilities.fake < 0.2 {
      findings.append(
        String(
          format: "the discriminator tells nearly every fake, D(x) %.2f and D(G(z)) %.2f",
          probabilities.real, probabilities.fake))
    }
    if let saturatedShare, saturatedShare > Self.saturationLimit {
      findings.append("many devices are at an end of their range")
    }
    return findings
  }

  /// A line for people when something is wrong; nil while nothing is.
  package var line: String? {
    let findings = findings
    guard !findings.isEmpty else { return nil }
    let saturation =
      saturatedShare.map { String(format: ", %.2g %% of devices saturated", 100 * $0) } ?? ""
    return "health, epoch \(epoch): " + findings.joined(separator: "; ")
      + String(
        format: "; losses: discriminator %.3g (1.39 where it cannot tell), generator %.3g",
        discriminatorLoss, generatorLoss) + saturation
  }

  /// What is said in the middle of an epoch, at the first step with a loss that is not finite.
  static func divergence(epoch: Int, step: Int) -> String {
    "health, epoch \(epoch): DIVERGED, a loss is not finite from step \(step) on"
  }

  /// `health` in the manifest; nil before the first epoch.
  var json: JSON? {
    guard epoch > 0 else { return nil }
    return [
      "epoch": .integer(epoch),
      "saturated_share": saturatedShare.map(JSON.number) ?? .null,
      "discriminator_loss": .number(discriminatorLoss),
      "generator_loss": .number(generatorLoss),
      "findings": .list(findings.map(JSON.text)),
      "collapsed": .boolean(collapse != nil),
    ]
  }
}

extension TrainerState {
  /// Share of the devices that pulses move which are at an end of their range, to a thousandth of
  /// it; nil for a state without devices.
  package func saturatedShare(of bounds: ClosedRange<Double>) -> Double? {
    let (low, high) = (Float(bounds.lowerBound * 1.001), Float(bounds.upperBound * 0.999))
    var (devices, saturated) = (0, 0)
    for array in arrays where array.name.hasSuffix(".plus") || array.name.hasSuffix(".minus") {
      devices += array.values.count
      saturated += array.values.count { $0 <= low || $0 >= high }
    }
    return devices > 0 ? Double(saturated) / Double(devices) : nil
  }
}
