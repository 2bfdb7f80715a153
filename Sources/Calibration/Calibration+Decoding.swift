import Devices
package import Failures
import Files
import Foundation

extension Calibration {
  /// Decodes a file section by section; a new section gets a decoder here and a field above.
  init(document file: TOMLDocument) throws(Failure) {
    let (document, notices) = try file.renaming([
      FormerKey("operation", "clip", "conductance_bounds")
    ])
    self.notices = notices
    let collection = ParameterReader.ParameterCollection()
    func reader(_ key: String) throws(Failure) -> ParameterReader {
      ParameterReader(section: try document.root.section(key), collection: collection)
    }
    provenance = try Provenance(section: document.root.section("calibration"))
    let limits = try DeviceLimits(reader: reader("limits"))
    let statics = try reader("static")
    device = DeviceModel(
      name: provenance.name,
      staticModel: try statics.model(among: ModelKinds.statics, limits),
      pulseModel: try reader("pulses").model(among: ModelKinds.pulses, limits),
      variation: try Variation(reader: reader("variation")),
      readNoise: try ReadNoise(reader: reader("noise")),
      limits: limits)
    expansionError = try Self.checkedExpansion(of: device, in: statics.section)
    if document.root.contains("switching") {
      device.switching = try SwitchingModel(reader: reader("switching"))
    }
    if document.root.contains("telegraph") {
      device.telegraph = try TelegraphModel(reader: reader("telegraph"))
    }
    operation = try ProgrammingOperation(reader: reader("operation"), limits: limits)
    if document.root.contains("map") {
      spatialVariation = try SpatialVariation(reader: reader("map"))
    }
    if document.root.contains("retention") {
      retention = try RetentionLaw(reader: reader("retention"))
    }
    if document.root.contains("states") {
      states = try StateDistributions(reader: reader("states"))
    }
    if document.root.contains("periphery") {
      periphery = try PeripheryCosts(reader: reader("periphery"))
    }
    wires = []
    if let sets = try document.root.optionalSection("wires") {
      for name in sets.keys.sorted() {
        let reader = ParameterReader(section: try sets.section(name), collection: collection)
        wires.append(try WireSet(name: name, reader: reader))
      }
    }
    if let name = operation.wires, !wires.contains(where: { $0.name == name }) {
      throw try document.root.section("operation").failure(
        "wires", "there is no section [wires.\(name)]",
        remedy: "use one of: \(wires.map(\.name).joined(separator: ", "))")
    }
    parameters = collection.parameters
    settings = collection.settings
    path = document.name
    sha256 = document.sha256
    try document.finish()
  }

  /// The error of the static model's terms, refused where it is above ``ExpansionError/limit``.
  private static func checkedExpansion(
    of device: DeviceModel, in section: TOMLSection
  ) throws(Failure) -> ExpansionError {
    let limits = device.limits
    let error = ExpansionError(
      of: device.staticModel, conductances: limits.conductance, voltage: limits.readVoltage,
      temperatures: [limits.temperature.lowerBound, limits.temperature.upperBound])
    guard error.largest <= ExpansionError.limit else {
      throw section.failure(
        "model",
        "the terms it is simulated with miss its current by"
          + String(format: " %.3g %% at ", 100 * error.largest)
          + "\(Quantity(error.conductance, "S")) and \(Quantity(error.voltage, "V")), more than"
          + String(format: " %.3g %%", 100 * ExpansionError.limit),
        remedy: "narrow limits.conductance or limits.read_voltage, or use a form that bends less")
    }
    return error
  }
}

extension Provenance {
  init(section: TOMLSection) throws(Failure) {
    let version = try section.integer("format")
    guard (1...Calibration.formatVersion).contains(version) else {
      throw section.failure(
        "format", "version \(version) is not known",
        remedy: "this program reads versions 1 to \(Calibration.formatVersion)")
    }
    name = try section.string("name")
    guard !name.isEmpty, !name.contains("/") else {
      throw section.failure("name", "expected a name without \"/\"")
    }
    title = try section.string("title")
    paper = try section.string("paper")
    doi = try section.string("doi")
    stack = try section.string("stack")
    notes = try section.string("notes")
    formerHashes = try section.optionalStrings("former_sha256") ?? []
  }
}

extension DeviceLimits {
  /// Decodes `[limits]`; temperatures are in °C in the file and kelvin from here on.
  init(reader: ParameterReader) throws(Failure) {
    let celsius = try reader.interval("temperature", unit: "°C")
    let zero = PhysicalConstants.zeroCelsius
    self.init(
      conductance: try reader.interval("conductance", unit: "S"),
      staticConductanceWarning: try reader.number("static_conductance_warning", unit: "S"),
      readVoltage: try reader.number("read_voltage", unit: "V"),
      temperature: celsius.lowerBound + zero...celsius.upperBound + zero,
      setVoltage: try reader.interval("set_voltage", unit: "V"),
      resetVoltage: try reader.interval("reset_voltage", unit: "V"),
      pulseWidth: try reader.interval("pulse_width", unit: "s"))
    try reader.requirePositive("read_voltage", readVoltage)
    try reader.requirePositive("set_voltage", setVoltage.lowerBound)
    try reader.requirePositive("reset_voltage", -resetVoltage.upperBound, "negative")
    try reader.requirePositive("pulse_width", pulseWidth.lowerBound)
    try reader.requirePhysical("conductance", conductance, in: 1e-18...1e3, "S")
    try reader.requirePhysical(
      "static_conductance_warning", staticConductanceWarning...staticConductanceWarning,
      in: 0...1e3, "S")
    try reader.requirePhysical("read_voltage", readVoltage...readVoltage, in: 0...50, "V")
    try reader.requirePhysical("temperature", celsius, in: -zero...1500, "°C")
    try reader.requirePhysical("set_voltage", setVoltage, in: 0...50, "V")
    try reader.requirePhysical("reset_voltage", resetVoltage, in: -50...0, "V")
    try reader.requirePhysical("pulse_width", pulseWidth, in: 1e-18...1e6, "s")
  }
}

extension ParameterReader {
  /// Refuses a parameter unless `value` is positive, whatever range the file allows itself.
  package func requirePositive(
    _ key: String, _ value: Double, _ expected: String = "positive"
  ) throws(Failure) {
    guard value > 0 else {
      throw section.failure("\(key).value", "must be \(expected)")
    }
  }

  /// Refuses a parameter beyond what any resistive device has, whatever range the file allows itself.
  func requirePhysical(
    _ key: String, _ values: ClosedRange<Double>, in bounds: ClosedRange<Double>, _ unit: String
  ) throws(Failure) {
    guard bounds.contains(values.lowerBound), bounds.contains(values.upperBound) else {
      throw section.failure(
        "\(key).value", "lies beyond any device of this kind",
        remedy: "expected \(bounds.lowerBound) to \(bounds.upperBound) \(unit)")
    }
  }

  /// Refuses a parameter below zero, whatever range the file allows itself.
  package func requireNotNegative(_ key: String, _ value: Double) throws(Failure) {
    guard value >= 0 else {
      throw section.failure("\(key).value", "must not be negative")
    }
  }
}

extension Variation {
  private enum PulseDeviation: String, CaseIterable {
    case shared
    case independent
  }

  /// Decodes `[variation]`.
  init(reader: ParameterReader) throws(Failure) {
    let deviation = try reader.choice("pulse_deviation", of: PulseDeviation.self)
    let cycleToCycle = try reader.number("cycle_to_cycle", unit: "1")
    try reader.requireNotNegative("cycle_to_cycle", cycleToCycle)
    self.init(sharesPulseDeviation: deviation == .shared, cycleToCycle: cycleToCycle)
  }
}

extension ReadNoise {
  private enum Model: String, CaseIterable {
    case none
    case johnson
  }

  /// Decodes `[noise]`.
  init(reader: ParameterReader) throws(Failure) {
    switch try reader.choice("model", of: Model.self) {
    case .none: self = .none
    case .johnson: self = .johnson
    }
  }
}
