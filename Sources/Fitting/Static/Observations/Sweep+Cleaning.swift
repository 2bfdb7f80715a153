import Foundation

extension Sweep {
  /// The points at which the instrument held the current.
  ///
  /// Compliance shows as at least three consecutive points whose voltage moves on while the current
  /// stays within 0.5 % of the sweep's largest of its sign: an offset makes both signs differ.
  func heldPoints() -> Set<Int> {
    guard voltages.count > 8 else { return [] }
    let (highest, lowest) = (max(0, currents.max() ?? 0), min(0, currents.min() ?? 0))
    // A side that is hardly driven is scatter, not a level.
    let least = 0.5 * max(highest, -lowest)
    let isHeld = currents.map { current in
      current > 0
        ? highest > least && current > 0.995 * highest
        : -lowest > least && current < 0.995 * lowest
    }
    var held = Set<Int>()
    var run: [Int] = []
    for k in 0...voltages.count {
      if k < voltages.count, isHeld[k] {
        run.append(k)
        continue
      }
      if run.count >= 3 {
        let levels = run.map { abs(voltages[$0]) }
        let (low, high) = (levels.min() ?? 0, levels.max() ?? 0)
        // An ohmic current would have grown with the voltage.
        if high > 1.03 * low { held.formUnion(run) }
      }
      run = []
    }
    return held
  }

  /// The sweep without some of its points.
  func without(_ points: Set<Int>) -> Sweep {
    guard !points.isEmpty else { return self }
    var sweep = self
    let kept = voltages.indices.filter { !points.contains($0) }
    sweep.voltages = kept.map { voltages[$0] }
    sweep.currents = kept.map { currents[$0] }
    sweep.counts = kept.map { counts[$0] }
    return sweep
  }

  /// I/V near 0.1 V, or near a quarter of the largest voltage where that is less, from a cubic.
  func chord(offset: Double) -> Double? {
    guard let fit = PolynomialFit(self, powers: [0, 1, 3]) ?? PolynomialFit(self, powers: [0, 1])
    else { return nil }
    let reach = voltages.map { abs($0) }.max() ?? 0
    let v = min(0.1, reach / 4)
    let chord = fit.coefficients[1] + (fit.coefficients.count > 2 ? fit.coefficients[2] * v * v : 0)
    return chord > 0 ? chord : nil
  }
}

/// The current at which an instrument held several sweeps, per direction; nil where they differ or none
/// was held.
struct CommonCompliance {
  private let positive: Double?
  private let negative: Double?

  /// - Parameter held: the points of each sweep that were found held.
  init(_ sweeps: [Sweep], held: [Set<Int>]) {
    func level(_ sign: Double) -> Double? {
      let currents = zip(sweeps, held).flatMap { sweep, points in
        points.map { sign * sweep.currents[$0] }.filter { $0 > 0 }
      }.sorted()
      guard let low = currents.first, let high = currents.last, high < 1.02 * low else {
        return nil
      }
      return currents[currents.count / 2]
    }
    (positive, negative) = (level(1), level(-1))
  }

  /// The points of a sweep at the common level, however few.
  func points(of sweep: Sweep) -> Set<Int> {
    Set(
      sweep.currents.indices.filter { index in
        let current = sweep.currents[index]
        guard let level = current > 0 ? positive : negative else { return false }
        return abs(current) > 0.995 * level
      })
  }
}
