import Failures
import Files
import HardwareEstimates
import Reports
import Runs

/// What `hardware table` prints.
struct HardwareReport {
  let values: ComponentValues
  let estimate: HardwareEstimate?

  var json: JSON {
    var members = [JSON.Member("poster", Self.posterJSON(values))]
    if let estimate { members.append(JSON.Member("network", Self.json(estimate))) }
    return .object(members)
  }

  var lines: [String] {
    var lines = ["poster: \(Self.title(.poster))", ""]
    lines += Self.table(.poster).lines
    lines += ["", "printed in the poster's Table II, against the formulas", ""]
    lines += Self.printed.lines
    guard let estimate else { return lines }
    let hardware = estimate.hardware
    lines += ["", "network: \(Self.title(hardware.task))", ""]
    lines += Self.table(hardware.task).lines + [""] + Self.arrays(hardware).lines + [""]
    lines += Self.components(estimate).lines + [""]
    let (passive, transistor) = (estimate.passiveArea, estimate.transistorArea)
    lines += [
      "arrays  \(NumberText.short(passive * 1e6)) mm2 passive,"
        + " \(NumberText.short(transistor * 1e6)) mm2 with a transistor per device",
      "writes  \(NumberText.short(hardware.task.writesPerDevice)) per device on average,"
        + " \(NumberText.short(estimate.enduranceUsed)) of its endurance",
      "poster  its smallest system, two filters of 3 x 3:"
        + " \(NumberText.short(PrintedTable.smallNetwork.power)) W,"
        + " \(NumberText.short(PrintedTable.smallNetwork.area * 1e6)) mm2, counts not given",
    ]
    return lines
  }
}

/// The update configurations.
extension HardwareReport {
  private static func title(_ task: UpdateTask) -> String {
    "\(NumberText.short(task.devices, digits: 8)) devices in \(task.layers) layers,"
      + " \(NumberText.short(task.updates, digits: 8)) updates of batch \(task.batch),"
      + " \(NumberText.short(task.voltage)) V, \(NumberText.short(task.onResistance))"
      + " and \(NumberText.short(task.offResistance)) ohm"
  }

  private static func table(_ task: UpdateTask) -> AlignedTable {
    var table = AlignedTable(header: [
      "update", "at once", "slots", "W on", "W off", "W peak", "W half-selected at most",
      "s 10 ns", "s 100 ns", "s 1000 ns", "J on 10 ns", "J off 10 ns",
    ])
    for cost in task.costs {
      table.append(
        [
          cost.scheme.rawValue, NumberText.short(cost.devicesAtOnce, digits: 6),
          NumberText.short(cost.slots, digits: 6), NumberText.short(cost.power.on),
          NumberText.short(cost.power.off), NumberText.short(cost.peakPower),
          NumberText.short(cost.halfSelectedPower),
        ] + cost.times.map { NumberText.short($0, digits: 5) }
          + [NumberText.short(cost.energies[0].on), NumberText.short(cost.energies[0].off)])
    }
    return table
  }

  private static var printed: AlignedTable {
    var table = AlignedTable(header: ["update", "cell", "printed", "computed", "verdict"])
    for cell in PrintedTable.cells {
      table.append([
        cell.scheme.rawValue, cell.quantity, NumberText.short(cell.printed, digits: 6),
        NumberText.short(cell.computed, digits: 6), cell.verdict.rawValue,
      ])
    }
    return table
  }

  private static func posterJSON(_ values: ComponentValues) -> JSON {
    let cells = PrintedTable.cells.map { cell -> JSON in
      [
        "update": .text(cell.scheme.rawValue), "cell": .text(cell.quantity),
        "printed": .number(cell.printed), "computed": .number(cell.computed),
        "verdict": .text(cell.verdict.rawValue),
      ]
    }
    return .object(
      members(.poster, endurance: values.endurance) + [
        JSON.Member("printed", .list(cells)),
        JSON.Member("small_network_power_W", .number(PrintedTable.smallNetwork.power)),
        JSON.Member("small_network_area_m2", .number(PrintedTable.smallNetwork.area)),
      ])
  }

  private static func members(_ task: UpdateTask, endurance: Double) -> [JSON.Member] {
    [
      JSON.Member("devices", .number(task.devices)), JSON.Member("layers", .integer(task.layers)),
      JSON.Member("updates", .number(task.updates)), JSON.Member("batch", .integer(task.batch)),
      JSON.Member("voltage_V", .number(task.voltage)),
      JSON.Member("r_on_ohm", .number(task.onResistance)),
      JSON.Member("r_off_ohm", .number(task.offResistance)),
      JSON.Member("writes_per_device", .number(task.writesPerDevice)),
      JSON.Member("endurance_used", .number(task.writesPerDevice / endurance)),
      JSON.Member("rows", .list(task.costs.map { json($0, widths: task.widths) })),
    ]
  }

  private static func json(_ cost: UpdateCost, widths: [Double]) -> JSON {
    var members = [
      JSON.Member("update", .text(cost.scheme.rawValue)),
      JSON.Member("devices_at_once", .number(cost.devicesAtOnce)),
      JSON.Member("slots", .number(cost.slots)),
      JSON.Member("power_on_W", .number(cost.power.on)),
      JSON.Member("power_off_W", .number(cost.power.off)),
      JSON.Member("peak_power_on_W", .number(cost.peakPower)),
      JSON.Member("half_selected_power_bound_W", .number(cost.halfSelectedPower)),
    ]
    for (index, width) in widths.enumerated() {
      let name = "\(Int(clamping: width * 1e9, to: 0...Int.max))ns"
      members += [
        JSON.Member("time_\(name)_s", .number(cost.times[index])),
        JSON.Member("energy_on_\(name)_J", .number(cost.energies[index].on)),
        JSON.Member("energy_off_\(name)_J", .number(cost.energies[index].off)),
        JSON.Member(
          "half_selected_energy_bound_\(name)_J",
          .number(cost.halfSelectedPower * cost.times[index])),
      ]
    }
    return .object(members)
  }
}

/// Arrays and circuits of a network.
extension HardwareReport {
  private static func arrays(_ hardware: NetworkHardware) -> AlignedTable {
    var table = AlignedTable(header: [
      "array", "layer", "word lines", "bit lines", "devices", "reads per sample",
    ])
    for array in hardware.arrays {
      table.append([
        "\(array.role)", array.kind, "\(array.wordLines)", "\(array.bitLines)", "\(array.devices)",
        "\(array.readsPerSample)",
      ])
    }
    return table
  }

  private static func components(_ estimate: HardwareEstimate) -> AlignedTable {
    var table = AlignedTable(header: ["component", "count", "W", "mm2"])
    for component in Component.allCases {
      let total = estimate.total(component)
      table.append([
        component.rawValue, "\(estimate.hardware.counts[component] ?? 0)",
        NumberText.short(total.power), NumberText.short(total.area * 1e6),
      ])
    }
    table.append([
      "total", "", NumberText.short(estimate.power), NumberText.short(estimate.circuitArea * 1e6),
    ])
    return table
  }

  private static func json(_ estimate: HardwareEstimate) -> JSON {
    let hardware = estimate.hardware
    let arrays = hardware.arrays.map { array -> JSON in
      [
        "name": .text("\(array.role)"), "layer": .text(array.kind),
        "word_lines": .integer(array.wordLines), "bit_lines": .integer(array.bitLines),
        "devices": .integer(array.devices), "reads_per_sample": .integer(array.readsPerSample),
        "trained": .boolean(array.isTrained),
      ]
    }
    let components = Component.allCases.map { component in
      let total = estimate.total(component)
      return JSON.Member(
        component.rawValue,
        [
          "count": .integer(hardware.counts[component] ?? 0), "power_W": .number(total.power),
          "area_m2": .number(total.area),
        ])
    }
    return .object(
      [JSON.Member("weights", .integer(hardware.weights))]
        + members(hardware.task, endurance: estimate.values.endurance) + [
          JSON.Member("arrays", .list(arrays)), JSON.Member("components", .object(components)),
          JSON.Member("power_W", .number(estimate.power)),
          JSON.Member("circuit_area_m2", .number(estimate.circuitArea)),
          JSON.Member("passive_array_area_m2", .number(estimate.passiveArea)),
          JSON.Member("one_transistor_array_area_m2", .number(estimate.transistorArea)),
          JSON.Member("area_m2", .number(estimate.circuitArea + estimate.passiveArea)),
        ])
  }
}
