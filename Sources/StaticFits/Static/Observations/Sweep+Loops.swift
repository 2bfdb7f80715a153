import Foundation

extension Sweep {
  /// A loop that switches its device.
  struct SwitchingLoop {
    /// The ways back, each a sweep of its own.
    var waysBack: [Sweep]
    /// Volts, a magnitude, up to which the device kept its state on the way out.
    var lastStable: Double
  }

  /// The loop, if this sweep is one that switches its device; nil for a sweep that comes back the way it
  /// went.
  ///
  /// On the way out the device changes its state at some voltage, on the way back to zero it keeps
  /// it: those branches are its characteristics, a SET loop's of the state it has set.
  func switchingLoop() -> SwitchingLoop? {
    let branches = monotoneBranches().filter { $0.count >= 4 }
    let outward = branches.filter {
      abs(voltages[$0.upperBound - 1]) > abs(voltages[$0.lowerBound])
    }
    let back = branches.filter { abs(voltages[$0.upperBound - 1]) < abs(voltages[$0.lowerBound]) }
    let stable = back.flatMap { way in
      outward.filter { $0.upperBound <= way.lowerBound }.compactMap { departure($0, from: way) }
    }
    guard let last = stable.min() else { return nil }
    let thresholds = excursions.flatMap { [$0.setThreshold(compliance: .nan), $0.resetThreshold] }
      .compactMap { outcome -> Double? in
        if case .threshold(let voltage) = outcome { return abs(voltage) }
        return nil
      }
    return SwitchingLoop(
      waysBack: back.map { part($0) }, lastStable: min(last, thresholds.min() ?? last))
  }

  /// The largest voltage, a magnitude, at which two branches on one side of zero carry other currents; nil
  /// where they carry the same.
  private func departure(_ outward: Range<Int>, from back: Range<Int>) -> Double? {
    guard (voltages[outward.upperBound - 1] > 0) == (voltages[back.lowerBound] > 0) else {
      return nil
    }
    let largest = currents[back].map { abs($0) }.max() ?? 0
    var (compared, apart, last) = (0, 0, 0.0)
    for point in outward {
      guard
        let mate = back.min(by: {
          abs(voltages[$0] - voltages[point]) < abs(voltages[$1] - voltages[point])
        }), abs(voltages[mate] - voltages[point]) <= 0.02 * abs(voltages[back.lowerBound])
      else { continue }
      let (there, here) = (abs(currents[point]), abs(currents[mate]))
      guard max(there, here) > 0.02 * largest else { continue }
      compared += 1
      if max(there, here) > 1.5 * min(there, here) {
        apart += 1
        last = max(last, abs(voltages[point]))
      }
    }
    // A device that switches has spent a good part of the way in its other state.
    return compared >= 3 && 5 * apart >= compared ? last : nil
  }

  /// Runs of points whose voltage goes one way on one side of zero.
  ///
  /// The point of return belongs to the way out, on which the device was still free to switch.
  private func monotoneBranches() -> [Range<Int>] {
    var branches: [Range<Int>] = []
    var first = 0
    var direction = 0.0
    for point in voltages.indices.dropFirst() {
      let step = voltages[point] - voltages[point - 1]
      let crosses = voltages[point] * voltages[point - 1] < 0 || voltages[point - 1] == 0
      if step * direction < 0 || crosses && direction != 0 {
        branches.append(first..<point)
        first = point
        direction = 0
        continue
      }
      if step != 0 { direction = step }
    }
    branches.append(first..<voltages.count)
    return branches
  }

  private func part(_ range: Range<Int>) -> Sweep {
    var sweep = self
    sweep.voltages = Array(voltages[range])
    sweep.currents = Array(currents[range])
    sweep.counts = Array(counts[range])
    return sweep
  }
}
