import ArgumentParser
import Devices
import Failures
import Files
import MeasuredTables
import NodalAnalysis
import Reports
import Runs

/// `array write`: the voltages that a write pulse leaves on every device, and what they disturb.
struct ArrayWriteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Write one device: voltages of all devices, and their disturb after pulses.",
    discussion: """
      Disturb needs a calibration as --device. Voltages below the amplitudes it was measured at follow
      the tail of its model: an extrapolation.

      Example:
        crossbar-gan array write --conductances G.csv --device nili2020 --row 0 --column 3 \\
          --scheme half --voltage 1.0 --pulses 100 --out voltages.csv --disturb-out disturb.csv
      """)

  @OptionGroup var array: ArrayOptions
  @OptionGroup var selected: SelectionOptions

  @Option(help: "V/2 or V/3 on unselected lines.")
  var scheme = BiasScheme.half

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Amplitude; negative to reset.", valueName: "V"))
  var voltage: FiniteNumber

  @Option(help: ArgumentHelp("Pulses for the disturb.", valueName: "n"))
  var pulses = 1

  @Option(help: ArgumentHelp("Pulse width in seconds.", valueName: "s"))
  var width = FiniteNumber(5e-4)

  @Option(help: ArgumentHelp("File for the device voltages.", valueName: "V.csv"))
  var out: String?

  @Option(
    help: ArgumentHelp("File for the change of every conductance, siemens.", valueName: "dG.csv"))
  var disturbOut: String?

  @Flag(help: "Print JSON, in SI units, with the maps.")
  var json = false

  func validate() throws {
    guard BiasScheme.writing.contains(scheme) else {
      throw ValidationError("--scheme is half or third for a write")
    }
    guard pulses > 0 else { throw ValidationError("--pulses must be 1 or more") }
    guard width.value > 0 else { throw ValidationError("--width must be positive") }
  }

  func run() throws {
    let loaded = try array.load()
    let selection = try loaded.array.select(
      row: selected.row, column: selected.column, scheme: scheme, voltage: voltage.value)
    let disturb = loaded.model.map { changes(loaded, model: $0, selection.deviceVoltages) }
    if disturbOut != nil && disturb == nil {
      throw Failure(
        .usage, at: "--disturb-out", "needs a device that answers to pulses",
        remedy: "give a calibration as --device")
    }
    let (rows, columns) = (loaded.array.rows, loaded.array.columns)
    if let out {
      try NumberTable(rows: rows, columns: columns, values: selection.deviceVoltages)
        .write(to: out)
    }
    if let disturbOut, let disturb {
      try NumberTable(rows: rows, columns: columns, values: disturb).write(to: disturbOut)
    }
    report(selection, disturb: disturb, states: loaded.states)
  }

  /// Change of every conductance after the pulses, at the voltages of the first one.
  private func changes(
    _ loaded: LoadedArray, model: DeviceModel, _ voltages: [Double]
  ) -> [Double] {
    zip(loaded.states, voltages).map { start, voltage -> Double in
      guard voltage != 0 else { return 0 }
      let pulse = Pulse(voltage: voltage, width: width.value)
      return model.meanTrajectory(from: start, pulse: pulse, count: pulses)[pulses - 1] - start
    }
  }

  private func report(_ selection: Selection, disturb: [Double]?, states: [Double]) {
    let chosen = selection.row * selection.solution.outputs.count + selection.column
    let others = disturb?.indices.filter { $0 != chosen } ?? []
    let worst = others.map { abs((disturb?[$0] ?? 0) / states[$0]) }.max()
    if json {
      var members = [JSON.Member("selection", selection.json)]
      members.append(JSON.Member("device_voltage_V", JSON(selection.deviceVoltages)))
      if let disturb {
        members.append(JSON.Member("pulses", .integer(pulses)))
        members.append(JSON.Member("change_S", JSON(disturb)))
        members.append(JSON.Member("largest_disturb", .number(worst ?? 0)))
      }
      Console.print(JSON.object(members).line)
      return
    }
    for line in selection.lines { Console.print(line) }
    guard let disturb else { return }
    Console.print("selected change after \(pulses) pulses  \(NumberText.short(disturb[chosen])) S")
    Console.print(
      "largest disturb of another device       \(NumberText.short(worst ?? 0)) of its state")
  }
}
