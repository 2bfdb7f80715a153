import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Testing

/// Non-idealities of arrays; statistical bounds at a level of 1e-4, z = 3.9.
@Suite struct NonIdealityTests {
  private static let (rows, columns) = (120, 100)

  private static func array(
    _ pairing: Pairing = .twoSided, adjust: (inout NonIdealities) -> Void
  ) throws -> Crossbar {
    try Arrays.make(Arrays.device(), rows, columns, pairing) { conditions in
      conditions.conductanceBounds = Arrays.fullRange
      conditions.readNoise = false
      adjust(&conditions.nonIdealities)
    }
  }

  /// Whether a count of n trials is what a probability gives.
  private static func isPlausible(_ count: Int, of trials: Int, _ share: Double) -> Bool {
    let deviation = (Double(trials) * share * (1 - share)).squareRoot()
    return abs(Double(count) - Double(trials) * share) < 3.9 * deviation
  }

  /// Currents of every word line driven alone at 0.1 V: outputs × word lines.
  private static func currents(_ array: Crossbar, _ voltage: Float = 0.1) -> Matrix {
    var voltages = Matrix(rows: rows, columns: rows)
    for row in 0..<rows { voltages[row, row] = voltage }
    var currents = Matrix(rows: columns, columns: rows)
    voltages.withReadOnlyView { voltages in
      currents.withView { _ = array.read(voltages, .forward, into: $0, draw: 1) }
    }
    return currents
  }

  private static let zeros = [Float](repeating: 0, count: rows * columns)

  @Test("Stuck devices have their share, sit at the window's ends and stay there")
  func stuck() throws {
    let array = try Self.array {
      $0.stuckOn = 0.1
      $0.stuckOff = 0.04
    }
    array.writeBlind(targets: Self.zeros)
    let window = array.technology.conditions.window
    let (on, off) = (Float(window.upperBound), Float(window.lowerBound))
    let before = array.state
    for bank in [before.plus, before.minus] {
      #expect(Self.isPlausible(bank.count { $0 == on }, of: bank.count, 0.1))
      #expect(Self.isPlausible(bank.count { $0 == off }, of: bank.count, 0.04))
    }
    #expect(before.plus.map { $0 == on } != before.minus.map { $0 == on })
    var updateSigns = SignMatrix(rows: Self.rows, columns: Self.columns)
    for index in updateSigns.elements.indices { updateSigns.elements[index] = 1 }
    _ = array.program(updateSigns, step: 0)
    for (old, new) in zip(before.plus, array.state.plus) {
      #expect((old == on || old == off) == (old == new))
    }
    // Verified writing gives up on them and on no other.
    let ledger = array.writeVerified(targets: Self.zeros, draw: 5)
    let fixed = (before.plus + before.minus).count { $0 == on || $0 == off }
    #expect(ledger.devicesMissed == fixed)
  }

  @Test("Device variability spreads currents by its deviation and is the chip's")
  func variability() throws {
    func gains(_ deviation: Double) throws -> [Double] {
      let array = try Self.array(.singleWithSign) { $0.deviceVariability = deviation }
      let conductance = Float(array.technology.conditions.window.upperBound)
      array.setState(
        plus: [Float](repeating: conductance, count: Self.rows * Self.columns),
        minus: array.state.minus)
      let reference = Double(array.technology.conditions.centre)
      return Self.currents(array).elements.enumerated().map { index, current in
        let sign = (index % Self.rows * Self.columns + index / Self.rows) % 3 == 0 ? -1.0 : 1
        return (sign * Double(current) / 0.1 + reference) / Double(conductance)
      }
    }
    #expect(try gains(0).allSatisfy { abs($0 - 1) < 1e-4 })
    let spread = try gains(0.2)
    let count = Double(spread.count)
    let mean = spread.reduce(0, +) / count
    let variance = spread.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    #expect(abs(mean - 1) < 3.9 * 0.2 / count.squareRoot())
    #expect(abs(variance / 0.04 - 1) < 3.9 * (2 / count).squareRoot())
    #expect(try gains(0.2) == spread)
  }

  @Test("Broken lines conduct nothing, their share is the one asked for")
  func deadLines() throws {
    let array = try Self.array {
      $0.deadRows = 0.2
      $0.deadColumns = 0.1
    }
    let (plus, minus) = (
      Arrays.numbers(Self.rows * Self.columns, in: 30e-6...100e-6, "plus"),
      Arrays.numbers(Self.rows * Self.columns, in: 30e-6...100e-6, "minus")
    )
    array.setState(plus: plus, minus: minus)
    let currents = Self.currents(array)
    let silent = (0..<Self.rows).count { row in
      (0..<Self.columns).allSatisfy { currents[$0, row] == 0 }
    }
    #expect(silent > 0 && Self.isPlausible(silent, of: Self.rows, 0.2))
  }

  @Test("Blind writes land on levels, ends included")
  func levels() throws {
    let array = try Self.array { $0.levels = 8 }
    array.writeBlind(targets: Arrays.numbers(Self.rows * Self.columns, in: -7e-5...7e-5, "targets"))
    let window = array.technology.conditions.window
    let step = (window.upperBound - window.lowerBound) / 7
    for conductance in array.state.plus {
      let level = (Double(conductance) - window.lowerBound) / step
      #expect(abs(level - level.rounded()) < 1e-4)
    }
    #expect(Set(array.state.plus).count == 8)
  }

  @Test("Leakage is there without a signal, with its noise")
  func leakage() throws {
    let array = try Self.array {
      $0.leakage = 0.01
      $0.leakageNoise = 0.1
    }
    let upper = array.technology.conditions.window.upperBound
    let (plus, minus) = (
      [Float](repeating: Float(upper), count: Self.rows * Self.columns),
      [Float](repeating: Float(upper / 2), count: Self.rows * Self.columns)
    )
    array.setState(plus: plus, minus: minus)
    let samples = 200
    let voltages = Matrix(rows: Self.rows, columns: samples)
    var currents = Matrix(rows: Self.columns, columns: samples)
    voltages.withReadOnlyView { voltages in
      currents.withView { _ = array.read(voltages, .forward, into: $0, draw: 3) }
    }
    let unit = 0.01 * array.technology.conditions.read.voltage * Double(Self.rows) * upper
    let values = currents.elements.map { Double($0) / unit }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    #expect(abs(mean - 0.5) < 3.9 * 0.15 / count.squareRoot())
    #expect(abs(variance / (0.15 * 0.15) - 1) < 3.9 * (2 / count).squareRoot())
  }

  @Test("Proportional writes change weights by what is asked for")
  func proportional() throws {
    let array = try Self.array { _ in }
    array.writeBlind(targets: Self.zeros)
    let changes = Arrays.numbers(Self.rows * Self.columns, in: -1e-5...1e-5, "changes")
    let ledger = array.programProportional(changes: changes, step: 0)
    let state = array.state
    for (pair, change) in changes.enumerated() {
      #expect(abs(state.plus[pair] - state.minus[pair] - change) < 1e-11)
    }
    #expect(ledger.writes == 2 * changes.count && ledger.pulses >= ledger.writes)
    #expect(ledger.programSelected > 0 && ledger.programHalf > 0 && ledger.seconds > 0)
  }

  @Test("Between levels, changes are right on the average")
  func proportionalLevels() throws {
    let array = try Self.array { $0.levels = 15 }
    array.writeBlind(targets: Self.zeros)
    let window = array.technology.conditions.window
    let step = (window.upperBound - window.lowerBound) / 14
    let before = array.state
    // A fifth of a level per device.
    let change = Float(0.4 * step)
    _ = array.programProportional(
      changes: [Float](repeating: change, count: Self.rows * Self.columns), step: 7)
    let moved = zip(array.state.plus, before.plus).map { Double($0 - $1) / step }
    #expect(moved.allSatisfy { abs($0 - $0.rounded()) < 1e-3 })
    #expect(Self.isPlausible(moved.count { $0 > 0.5 }, of: moved.count, 0.2))
    #expect(moved.allSatisfy { $0 > -0.5 && $0 < 1.5 })
  }

  @Test("The error of a proportional write is relative to its change")
  func writeError() throws {
    let array = try Self.array { $0.writeVariability = 0.3 }
    array.writeBlind(targets: Self.zeros)
    let before = array.state
    _ = array.programProportional(
      changes: [Float](repeating: 1e-5, count: Self.rows * Self.columns), step: 3)
    let ratios = zip(array.state.plus, before.plus).map { Double($0 - $1) / 5e-6 }
    let count = Double(ratios.count)
    let mean = ratios.reduce(0, +) / count
    let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    #expect(abs(mean - 1) < 3.9 * 0.3 / count.squareRoot())
    #expect(abs(variance / 0.09 - 1) < 3.9 * (2 / count).squareRoot())
  }

  @Test("Behind wires proportional writes move by what arrives, device by device")
  func proportionalBehindWires() throws {
    let device = try Arrays.device("nili2020")
    let array = try Arrays.make(device, 24, 10) {
      $0.readNoise = false
      $0.wires = TileWires(name: "test", segment: 2, lineEnd: 60, size: 16)
    }
    array.randomise(in: 40e-6...90e-6)
    try array.solveWires()
    let changes = Arrays.numbers(array.pairs, in: -4e-6...4e-6, "changes")
    let before = array.state
    _ = array.programProportional(changes: changes, step: 0)
    let conditions = array.technology.conditions
    for (pair, change) in changes.enumerated() {
      for (isPlus, states) in [
        (true, (before.plus, array.state.plus)), (false, (before.minus, array.state.minus)),
      ] {
        let (start, end) = (Double(states.0[pair]), Double(states.1[pair]))
        let wanted = Double(isPlus ? change : -change) / 2
        var pulse = wanted > 0 ? conditions.setPulse : conditions.resetPulse
        func step() -> Double {
          device.pulseModel.response(to: pulse, conductance: start).meanStep
        }
        let whole = step()
        pulse.voltage *= array.arrivingFraction(pair, isPlus: isPlus)
        // Responses are tabulated at amplitudes 1/64 apart.
        let expected = wanted * step() / whole
        #expect(abs(end - start - expected) < 0.01 * abs(expected) + 1e-11)
        #expect(abs(end - start) < abs(wanted) + 1e-11)
      }
    }
  }

  @Test("Drivers that make up for wires are reckoned with")
  func compensatedProportional() throws {
    let device = try Arrays.device("nili2020")
    func moved(_ compensates: Bool) throws -> Double {
      var conditions = ArrayConditions()
      conditions.readNoise = false
      conditions.wires = TileWires(name: "test", segment: 1, lineEnd: 20, size: 32)
      conditions.wires?.compensates = compensates
      let array = try Crossbar(
        ArrayTechnology(device: device, conditions: conditions.compensatingWires(of: device)),
        wordLines: 32, outputs: 16, name: "test", deviceSeed: 1, seed: 1)
      try array.solveWires()
      let before = array.state.plus
      _ = array.programProportional(
        changes: [Float](repeating: 4e-6, count: array.pairs), step: 0)
      let moves = zip(array.state.plus, before).map { Double($0 - $1) }.sorted()
      return moves[moves.count / 2] / 2e-6
    }
    #expect(isClose(try moved(true), 1, 0.03))
    #expect(try moved(false) < 0.9)
  }
}
