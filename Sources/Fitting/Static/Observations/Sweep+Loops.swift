import Foundation

extension Sweep {
  /// The ways back of a loop that switches its device, each a sweep of its own; nil for a sweep
  /// that comes back the way it went.
  ///
  /// On the way out the device changes its state at some voltage, on the way back to zero it keeps
  /// it: those branches are its characteristics, a SET loop's of the state it has set.
  func waysBack() -> [Sweep]? {
    let branches = monotoneBranches().filter { $0.count >= 4 }
    let outward = branches.filter {
      abs(voltages[$0.upperBound - 1]) > abs(voltages[$0.lowerBound])
    }
    let back = branches.filter { abs(voltages[$0.upperBound - 1]) < abs(voltages[$0.lowerBound]) }
    guard !back.isEmpty,
      back.contains(where: { way in
        outward.contains { $0.upperBound <= way.lowerBound && departs($0, from: way) }
      })
    else { return nil }
    return back.map { part($0) }
  }

  /// Whether two branches on one side of zero carry other currents at the same voltages.
  private func departs(_ outward: Range<Int>, from back: Range<Int>) -> Bool {
    guard (voltages[outward.upperBound - 1] > 0) == (voltages[back.lowerBound] > 0) else {
      return false
    }
    let largest = currents[back].map { abs($0) }.max() ?? 0
    var (compared, apart) = (0, 0)
    for point in outward {
      guard
        let mate = back.min(by: {
          abs(voltages[$0] - voltages[point]) < abs(voltages[$1] - voltages[point])
        }), abs(voltages[mate] - voltages[point]) <= 0.02 * abs(voltages[back.lowerBound])
      else { continue }
      let (there, here) = (abs(currents[point]), abs(currents[mate]))
      guard max(there, here) > 0.02 * largest else { continue }
      compared += 1
      if max(there, here) > 1.5 * min(there, here) { apart += 1 }
    }
    // A device that switches has spent a good part of the way in its other state.
    return compared >= 3 && 5 * apart >= compared
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
