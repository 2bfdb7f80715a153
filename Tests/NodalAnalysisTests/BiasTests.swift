import Devices
import NodalAnalysis
import Testing

@Suite("Bias schemes, transfer matrices and write attenuation")
struct BiasTests {
  private func uniform(
    _ size: Int, _ conductance: Double, segment: Double, ends: Double
  ) throws -> WiredArray {
    try WiredArray(
      devices: DeviceGrid(
        rows: size, columns: size,
        conductances: [Double](repeating: conductance, count: size * size)),
      wordSegment: segment, bitSegment: segment, source: ends, sense: ends)
  }

  @Test("ideal wires leave exactly the scheme's voltages")
  func idealVoltages() throws {
    let array = try uniform(5, 5e-5, segment: 0, ends: 0)
    for (scheme, line, rest) in [(BiasScheme.half, 0.5, 0.0), (.third, 1.0 / 3, -1.0 / 3)] {
      let selection = try array.select(row: 1, column: 3, scheme: scheme, voltage: 1.2)
      for row in 0..<5 {
        for column in 0..<5 {
          let share = row == 1 && column == 3 ? 1 : row == 1 || column == 3 ? line : rest
          #expect(abs(selection.deviceVoltages[row * 5 + column] - 1.2 * share) < 1e-15)
        }
      }
    }
  }

  @Test("floating lines: the sneak path of a uniform array is three resistances in series")
  func sneakPath() throws {
    // (N−1) devices in parallel, then (N−1)(M−1), then (M−1).
    let (size, g) = (6, 5e-5)
    let selection = try uniform(size, g, segment: 0, ends: 0)
      .select(row: 2, column: 2, scheme: .floating, voltage: 0.1)
    let others = Double(size - 1)
    let sneak = 0.1 * g / (1 / others + 1 / (others * others) + 1 / others)
    #expect(abs(selection.sneakCurrent / sneak - 1) < 1e-12)
    #expect(abs(selection.selectedCurrent / (0.1 * g) - 1) < 1e-12)
    let grounded = try uniform(size, g, segment: 0, ends: 0)
      .select(row: 2, column: 2, scheme: .grounded, voltage: 0.1)
    #expect(abs(grounded.sneakFraction) < 1e-12)
  }

  /// Size, conductance in µS, segment, share of V at the far corner in a V/2 write (10 Ω ends).
  @Test(
    "published far-corner voltages of V/2 writes",
    arguments: [
      (20, 50.0, 1.0, 0.979), (20, 50, 5, 0.941), (20, 50, 20, 0.817), (20, 100, 1, 0.960),
      (20, 100, 5, 0.887), (20, 100, 20, 0.685), (64, 10, 1, 0.973), (64, 10, 5, 0.899),
      (64, 10, 20, 0.690), (64, 50, 1, 0.878), (64, 50, 5, 0.626), (64, 50, 20, 0.258),
      (64, 100, 1, 0.779), (64, 100, 5, 0.435), (64, 100, 20, 0.115), (20, 30, 3, 0.975),
      (20, 100, 3, 0.922), (64, 30, 3, 0.825), (64, 100, 3, 0.568), (64, 200, 3, 0.372),
    ])
  func writeTable(_ size: Int, _ microsiemens: Double, _ segment: Double, _ share: Double) throws {
    let array = try uniform(size, microsiemens * 1e-6, segment: segment, ends: 10)
    let selection = try array.select(row: 0, column: size - 1, scheme: .half, voltage: 1)
    #expect(abs(selection.selectedVoltage - share) <= 0.000_501)
    let map = try WriteAttenuation(array, voltage: 1)
    #expect(abs(map.selected[size - 1] - selection.selectedVoltage) < 2e-3)
  }

  @Test("line-end sets of the Nili device at 65 µS and 32 × 32")
  func lineEndSets() throws {
    for (segment, ends, read, write) in [(3.0, 400.0, 0.35, 0.51), (1, 10, 0.90, 0.95)] {
      let array = try uniform(32, 65e-6, segment: segment, ends: ends)
      let worst = try ExactSolver(array)
        .solve(LineEnds(rows: 32, columns: 32, word: 1)).nodes.deviceVoltages.reduce(1, min)
      let selected = try array.select(row: 0, column: 31, scheme: .half, voltage: 1)
      #expect(abs(worst - read) <= 0.005_5)
      #expect(abs(selected.selectedVoltage - write) <= 0.005_5)
    }
  }

  @Test(
    "write attenuation against exact writes",
    arguments: [
      RandomArray("compensated", rows: 32, columns: 32),
      RandomArray("bayat", rows: 32, columns: 32, word: 3, bit: 3, source: 400, sense: 400),
      RandomArray(
        "bayat, sinh", rows: 32, columns: 32, basis: [.hyperbolicSine(slope: 2)], word: 3, bit: 3,
        source: 400, sense: 400),
      RandomArray("cubic", rows: 24, columns: 16, basis: [.linear, .cubic], word: 3, bit: 3),
      RandomArray("two-sided", rows: 16, columns: 16, word: 5, bit: 5, drive: .double),
      RandomArray("ideal lines", rows: 8, columns: 8, word: 0, bit: 0),
      RandomArray("ideal ends", rows: 8, columns: 12, word: 4, bit: 4, source: 0, sense: 0),
    ], BiasScheme.writing)
  func attenuation(_ entry: RandomArray, _ scheme: BiasScheme) throws {
    let array = try entry.array
    let map = try WriteAttenuation(array, scheme: scheme, voltage: 1.3)
    let errors = try map.errors(against: array, voltage: 1.3, every: 13).sorted()
    // V/3 stands on three superposed solves whose nonlinearities do not add.
    #expect(errors[errors.count / 2] < (scheme == .half ? 2e-3 : 6e-3))
    #expect(errors[errors.count - 1] < (scheme == .half ? 5e-3 : 1e-2))
    let (row, column) = (entry.rows / 3, entry.columns / 2)
    let exact = try array.select(row: row, column: column, scheme: scheme, voltage: 1.3)
    let nominal = scheme == .half ? 1.3 / 2 : 1.3 / 3
    for (index, voltage) in exact.deviceVoltages.enumerated() {
      let (onWord, onBit) = (index / entry.columns == row, index % entry.columns == column)
      guard !(onWord && onBit) else { continue }
      let expected =
        onWord ? map.sameWordLine[index] : onBit ? map.sameBitLine[index] : -map.unselected[index]
      #expect(abs(voltage - nominal * expected) < (scheme == .half ? 0.015 : 0.018) * 1.3)
    }
  }

  @Test(
    "transfer matrices answer as solves do, both ways",
    arguments: RandomArray.all.filter { $0.voltage < 1 })
  func transfer(_ entry: RandomArray) throws {
    let array = try entry.array
    let matrix = try TransferMatrix(array, operatingVoltage: entry.voltage, tolerance: 1e-9)
    let input = entry.input(signed: true)
    let exact = try ExactSolver(array).solve(input)
    let scale = exact.currents.largestMagnitude
    let allowed = array.devices.isLinear ? 1e-8 : 0.02
    for (a, b) in zip(matrix.currents(input.wordFirst), exact.outputs) {
      #expect(abs(a - b) <= allowed * scale)
    }
    let error = try matrix.measuredError(
      against: array, voltages: [input.wordFirst], tolerance: 1e-9)
    // Relative to the largest current of a bit line, which inputs of both signs make small.
    #expect(error <= (array.devices.isLinear ? 1.1 * allowed : 0.035))
    var back = LineEnds(rows: entry.rows, columns: entry.columns)
    let voltages = (0..<entry.columns).map { entry.voltage * Double($0 % 3) / 3 }
    (back.bitFirst, back.bitLast) = (voltages, voltages)
    let transposed = try ExactSolver(array).solve(back)
    for (a, b) in zip(matrix.transposedCurrents(voltages), transposed.currents.wordTotals) {
      #expect(abs(a - b) <= allowed * transposed.report.largestCurrent)
    }
  }
}
