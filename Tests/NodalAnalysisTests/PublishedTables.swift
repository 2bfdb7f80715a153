import Devices
import NodalAnalysis
import Testing

/// Values computed before this package existed, for a given array.
@Suite("Published arrays")
struct PublishedTables {
  @Test("3 × 3 array with 20 Ω segments")
  func threeByThree() throws {
    let devices = try DeviceGrid(
      rows: 3, columns: 3,
      conductances: [100, 50, 10, 20, 200, 75, 150, 30, 60].map { $0 * 1e-6 })
    let array = try WiredArray(
      devices: devices, wordSegment: 20, bitSegment: 20, source: 10, sense: 10)
    let solution = try ExactSolver(array).solve(
      LineEnds(word: [0.1, -0.1, 0.05], bit: [0, 0, 0]))
    let expected = [1.539152362848e-5, -1.324745386240e-5, -3.429707238460e-6]
    for (current, value) in zip(solution.outputs, expected) {
      #expect(abs(current - value) < 1e-10 * 1.6e-5)
      #expect(abs(current / value - 1) < 1e-10)
    }
    #expect(abs(solution.nodes.word[0] - 0.0998406622) < 1e-10)
    #expect(abs(solution.nodes.bit[6] - 1.539152363e-4) < 1e-13)
  }

  /// Lines of physics tables: size, conductance, segment, worst device voltage over the source's,
  /// driven from one side and from both.
  struct ReadDrop: Sendable {
    let size: Int
    let microsiemens: Double
    let segment: Double
    let single: Double
    let double: Double
  }

  static let readDrops: [ReadDrop] = [
    (20, 10.0, [(1.0, 0.992, 0.997), (5, 0.977, 0.994), (20, 0.925, 0.980)]),
    (20, 50, [(1, 0.962, 0.986), (5, 0.896, 0.968), (20, 0.709, 0.908)]),
    (20, 100, [(1, 0.927, 0.972), (5, 0.810, 0.939), (20, 0.544, 0.831)]),
    (64, 10, [(1, 0.949, 0.984), (5, 0.821, 0.947), (20, 0.538, 0.828)]),
    (64, 50, [(1, 0.787, 0.924), (5, 0.469, 0.778), (20, 0.186, 0.481)]),
    (64, 100, [(1, 0.646, 0.858), (5, 0.303, 0.633), (20, 0.105, 0.313)]),
    (64, 200, [(1, 0.472, 0.750), (5, 0.179, 0.458), (20, 0.036, 0.186)]),
    (20, 30, [(3, 0.956, 0.986)]), (20, 100, [(3, 0.865, 0.955)]),
    (20, 200, [(3, 0.761, 0.914)]), (64, 30, [(3, 0.708, 0.901)]),
    (64, 100, [(3, 0.413, 0.730)]), (64, 200, [(3, 0.258, 0.570)]),
  ].flatMap { size, conductance, entries in
    entries.map {
      ReadDrop(
        size: size, microsiemens: conductance, segment: $0.0, single: $0.1, double: $0.2)
    }
  }

  @Test("worst device voltage of a uniform array in a read", arguments: readDrops)
  func readDrop(_ entry: ReadDrop) throws {
    for (drive, expected) in [
      (ArrayWires.Drive.single, entry.single), (.double, entry.double),
    ] {
      let devices = try DeviceGrid(
        rows: entry.size, columns: entry.size,
        conductances: [Double](
          repeating: entry.microsiemens * 1e-6, count: entry.size * entry.size))
      let array = try WiredArray(
        devices: devices, wordSegment: entry.segment, bitSegment: entry.segment, source: 10,
        sense: 10, drive: drive)
      let solution = try ExactSolver(array).solve(
        LineEnds(rows: entry.size, columns: entry.size, word: 0.1))
      let worst = solution.nodes.deviceVoltages.reduce(.infinity, min) / 0.1
      #expect(abs(worst - expected) <= 0.000_501, "\(drive): \(worst)")
    }
  }
}
