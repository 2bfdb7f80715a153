import Calibration
import Crossbars
import Failures
import Files
import HardwareEstimates
import Networks
import Testing

@Suite struct HardwareTests {
  private static func values() throws -> ComponentValues {
    try ComponentValues(TOMLDocument(path: CalibrationLibrary.file("hardware/am-dcgan.toml")))
  }

  @Test("Table II: 13 cells reproduced, row 2's times to 0.02 %, four misprints")
  func printedTable() {
    let cells = PrintedTable.cells
    #expect(cells.count == 20)
    let exact = cells.filter { $0.verdict == .reproduced || $0.verdict == .truncated }
    #expect(exact.count == 13)
    let close = cells.filter { $0.verdict == .close }
    #expect(close.count == 3)
    #expect(close.allSatisfy { $0.scheme == .columnParallel && $0.quantity.hasPrefix("time") })
    #expect(close.allSatisfy { abs($0.computed / $0.printed - 1) < 2e-4 })
    let misprints = cells.filter { $0.verdict == .misprint }
    #expect(misprints.count == 4)
    let slow = misprints.filter { $0.scheme == .sequential }
    #expect(slow.count == 3)
    // Printed a hundred times too long: the column of 1 µs under the heading of 10 ns.
    #expect(slow.allSatisfy { abs($0.printed / $0.computed - 100) < 1 })
    let power = misprints.filter { $0.scheme == .fourCycles }
    #expect(power.map(\.quantity) == ["power_on_W"])
    #expect(power.allSatisfy { abs($0.computed - 17.708) < 1e-3 && $0.printed == 17.2 })
  }

  @Test("The poster's rows by their formulas")
  func posterRows() {
    let costs = UpdateTask.poster.costs
    #expect(costs.map(\.scheme) == UpdateScheme.allCases)
    let expected: [(on: Double, off: Double, time: Double)] = [
      (0.0015, 0.00024, 19_004.16), (0.488, 0.07808, 23.55),
      (17.7083333, 2.8333333, 0.72), (35.4166667, 5.6666667, 0.36),
    ]
    for (cost, row) in zip(costs, expected) {
      #expect(abs(cost.power.on / row.on - 1) < 1e-6)
      #expect(abs(cost.power.off / row.off - 1) < 1e-6)
      #expect(abs(cost.times[0] / row.time - 1) < 1e-6)
      #expect(abs(cost.times[1] / row.time - 10) < 1e-4)
      #expect(abs(cost.times[2] / row.time - 100) < 1e-3)
    }
    // Every device is written once per update: N · updates · V²/R · t, whatever the order.
    for cost in costs.suffix(2) {
      #expect(abs(cost.energies[0].on - 12.75) < 1e-9)
      #expect(abs(cost.energies[0].off - 2.04) < 1e-9)
    }
  }

  @Test("A fully connected network, counted by hand")
  func fullyConnected() throws {
    var plan = TrainingPlan()
    plan.epochs = 2
    plan.batch = 50
    let hardware = try NetworkHardware(plan, images: 1000)
    let arrays = [(101, 256), (129, 1568), (785, 256), (129, 2)]
    #expect(hardware.arrays.map(\.wordLines) == arrays.map(\.0))
    #expect(hardware.arrays.map(\.bitLines) == arrays.map(\.1))
    #expect(hardware.weights == 213_632)
    let task = hardware.task
    #expect(task.devices == Double(arrays.reduce(0) { $0 + $1.0 * $1.1 }))
    #expect(task.updates == 40 && task.batch == 50 && task.layers == 4)
    #expect(task.columns == 256 + 1568 + 256 + 2 && task.longestColumn == 785)
    #expect(hardware.counts[.operationalAmplifier] == 128 + 784 + 128 + 1)
    #expect(hardware.counts[.rectifier] == 256)
    #expect(hardware.counts[.threshold] == 1)
    #expect(hardware.counts[.crossbarSwitch] == arrays.reduce(0) { $0 + $1.0 + $1.1 })
    #expect(hardware.counts[.dropoutSwitch] == 0 && hardware.counts[.pooling] == 0)
  }

  @Test func `References take lines, and are not written in updates`() throws {
    func hardware(_ pairing: Pairing) throws -> NetworkHardware {
      var plan = TrainingPlan()
      plan.program.pairing = pairing
      return try NetworkHardware(plan, images: 1000)
    }
    let (pairs, referenced) = (try hardware(.twoSided), try hardware(.referencedPair))
    #expect(referenced.task == pairs.task)
    let devices = [pairs, referenced].map { $0.arrays.reduce(0) { $0 + $1.devices } }
    #expect(devices[1] == 2 * devices[0])
    #expect(try hardware(.oneFixed).task.devices == pairs.task.devices / 2)
  }

  @Test("The small DCGAN, counted by hand, with power and area of its components")
  func small() throws {
    var plan = TrainingPlan()
    plan.networks = NetworkPlan(.amDCGANSmall)
    let estimate = HardwareEstimate(
      try NetworkHardware(plan, images: 60_000), values: try Self.values())
    let counts = estimate.hardware.counts
    // Amplifiers: 1 serial dense, 18 and 9 patch columns, 2 + 2 filters, 2 + 2 pools, 1 serial dense.
    #expect(counts[.operationalAmplifier] == 1 + 18 + 9 + 2 + 2 + 2 + 2 + 1)
    #expect(counts[.rectifier] == 1 + 2 + 2 + 2)
    #expect(counts[.dropoutSwitch] == 98 + 2 + 2 + 2)
    #expect(counts[.pooling] == 4)
    var power = 0.0
    for (component, watts) in [
      (Component.crossbarSwitch, 5e-3), (.operationalAmplifier, 7.4e-3), (.rectifier, 23.3e-3),
      (.threshold, 58.6e-6), (.dropoutSwitch, 3.3e-6),
    ] { power += Double(counts[component] ?? 0) * watts }
    #expect(abs(estimate.power / power - 1) < 1e-12)
    #expect(estimate.passiveArea < estimate.transistorArea)
    #expect(abs(estimate.passiveArea - Double(estimate.devices) * 0.36e-12) < 1e-20)
  }

  @Test("Mean of a geometric share against its sum")
  func meanShare() {
    let schedule = Schedule(first: 0.3, last: 0.003)
    let sum = (0..<10_000).reduce(0.0) { $0 + schedule.value(step: $1, of: 10_000) } / 10_000
    #expect(abs(schedule.mean / sum - 1) < 1e-3)
    #expect(Schedule(first: 0.2, last: 0.2).mean == 0.2)
  }

  @Test("A missing component is named")
  func missing() {
    do {
      let document = try TOMLDocument(text: "[components.rectifier]\n", name: "parts.toml")
      _ = try ComponentValues(document)
      Issue.record("accepted")
    } catch {
      #expect(error.place.hasPrefix("parts.toml: components"))
    }
  }
}
