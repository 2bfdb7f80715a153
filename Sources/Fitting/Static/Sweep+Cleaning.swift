import Foundation

extension Sweep {
  /// The sweep without the points at which the instrument held the current.
  ///
  /// Compliance shows as at least three consecutive points whose voltage moves on while the current
  /// stays within 0.5 % of the sweep's largest.
  func withoutCompliance() -> (sweep: Sweep, excluded: Int) {
    let largest = currents.map { abs($0) }.max() ?? 0
    guard largest > 0, voltages.count > 8 else { return (self, 0) }
    let isHeld = currents.map { abs($0) > 0.995 * largest }
    var excluded = Set<Int>()
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
        if high > 1.03 * low { excluded.formUnion(run) }
      }
      run = []
    }
    guard !excluded.isEmpty, excluded.count < voltages.count - 4 else { return (self, 0) }
    var sweep = self
    let kept = voltages.indices.filter { !excluded.contains($0) }
    sweep.voltages = kept.map { voltages[$0] }
    sweep.currents = kept.map { currents[$0] }
    sweep.counts = kept.map { counts[$0] }
    return (sweep, excluded.count)
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
