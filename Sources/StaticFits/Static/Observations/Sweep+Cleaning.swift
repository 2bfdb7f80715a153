import Foundation

extension Sweep {
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

  /// Volts at which a sweep's own state is read: 0.1 V, or a quarter of the largest voltage where that is
  /// less.
  private static let chordVoltage = 0.1

  /// I/V near ``chordVoltage``, the mean of both polarities where both are there, S.
  ///
  /// ln(I/V) is taken as a straight line of |V| over the nearest points of each polarity, which a curve
  /// of any steepness is over a short way.
  func chord(offset: Double) -> Double? {
    let reach = voltages.reduce(0) { max($0, abs($1)) }
    let target = min(Self.chordVoltage, reach / 4)
    let chords = [1.0, -1.0].compactMap { chord(sign: $0, at: target, offset: offset) }
    guard !chords.isEmpty else { return nil }
    return chords.reduce(0, +) / Double(chords.count)
  }

  private func chord(sign: Double, at target: Double, offset: Double) -> Double? {
    let side = voltages.indices.filter {
      sign * voltages[$0] > 0.1 * target && (currents[$0] - offset) * voltages[$0] > 0
    }
    var near = side.filter { abs(voltages[$0]) >= target / 2 && abs(voltages[$0]) <= 2 * target }
    if near.count < 4 {
      near = Array(
        side.sorted { abs(abs(voltages[$0]) - target) < abs(abs(voltages[$1]) - target) }.prefix(4))
    }
    return ChordLine.value(
      near.map {
        (abs(voltages[$0]) - target, (currents[$0] - offset) / voltages[$0], counts[$0])
      })
  }
}
