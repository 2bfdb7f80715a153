import Calibration
import Devices
import Failures
import Foundation
import MeasuredTables
import Testing
import VirtualLaboratory
import _TestSupport

// One after the other: the HDF5 library need not be built for threads.
@Suite("Layouts of instruments", .serialized)
struct InstrumentLayoutTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A kind of measurement, small, with the layouts that have no place for it.
  enum Kind: String, CaseIterable {
    case sweeps, pulses, series, switching, noise, retention, map, wires

    var refused: Set<TableFormat> {
      let scopes: Set<TableFormat> = [.tektronix, .rigol]
      let arcs: Set<TableFormat> = [.arcOne, .arcTwo]
      return switch self {
      case .sweeps: scopes.union(arcs)
      case .pulses, .switching: scopes.union(arcs).union([.clarius, .acs, .wide])
      case .series: scopes.union([.clarius, .acs])
      case .noise: [.wide]
      case .retention: scopes
      case .map: scopes.union([.wide])
      case .wires: scopes.union(arcs).union([.wide])
      }
    }
  }

  private func write(_ kind: Kind, _ format: TableFormat, _ name: String) throws -> String {
    let path = folder.file(name)
    let device = try Calibration.load("nili2020").device
    switch kind {
    case .sweeps:
      var measurement = StaticMeasurement(device: device)
      (measurement.devices, measurement.cycles, measurement.points) = (3, 2, 5)
      measurement.temperatures = [25, 60]
      try measurement.write(to: path, as: format)
    case .pulses, .series:
      var measurement = PulseMeasurement(device: device)
      (measurement.devices, measurement.pulses) = (3, 8)
      if kind == .series { measurement.seriesLength = 4 }
      try measurement.write(to: path, as: format)
    case .switching:
      var measurement = SwitchingMeasurement(model: try #require(device.switching))
      (measurement.devices, measurement.cycles) = (3, 2)
      try measurement.write(to: path, as: format)
    case .noise:
      var measurement = NoiseMeasurement(model: device.telegraph ?? Self.trap)
      measurement.samples = 40
      try measurement.write(to: path, as: format)
    case .retention:
      var measurement = RetentionMeasurement(conductance: 1e-6...1e-4)
      (measurement.devices, measurement.temperatures) = (2, [25, 60])
      try measurement.write(to: path, as: format)
    case .map:
      var measurement = MapMeasurement(
        variation: SpatialVariation(meanConductance: 1e-5, residualSpread: 0.1))
      (measurement.rows, measurement.columns) = (3, 4)
      try measurement.write(to: path, as: format)
    case .wires:
      var measurement = WireMeasurement()
      (measurement.rows, measurement.columns, measurement.spread) = (3, 4, 0.2)
      try measurement.write(to: path, as: format)
    }
    return path
  }

  private static let trap = TelegraphModel(
    captureTime: 5e-3, emissionTime: 2e-3, sampleInterval: 1e-4,
    read: Pulse(voltage: 0.1, width: 1e-6), conductance: 1e-5)

  /// Numbers of all rows, and which device and which cycle of it each belongs to.
  private struct Reading {
    var numbers: [[Double]] = []
    var devices: [Int] = []
    var cycles: [Int] = []
    var report: ReadReport

    init(_ path: String, _ quantities: [MeasuredQuantity]? = nil) throws {
      var rows: [(all: [Double], device: Double, cycle: Double)] = []
      report = try TableReader(files: [path]).readRows(deriving: [.conductance]) { row in
        rows.append(
          (MeasuredQuantity.allCases.map { row[$0] }, row[.device], row[.cycle]))
      }
      let places = MeasuredQuantity.allCases.indices.filter { place in
        let quantity = MeasuredQuantity.allCases[place]
        return !quantity.isLabel && (quantities ?? Array(report.quantities)).contains(quantity)
      }
      numbers = rows.map { row in places.map { row.all[$0] } }
      devices = Self.numbered(rows.map { [$0.device] })
      cycles = Self.numbered(rows.map { [$0.device, $0.cycle] })
    }

    /// Numbers of groups by their first appearance.
    private static func numbered(_ keys: [[Double]]) -> [Int] {
      var known: [[UInt64]: Int] = [:]
      return keys.map { key in
        let key = key.map(\.bitPattern)
        let number = known[key] ?? known.count
        known[key] = number
        return number
      }
    }
  }

  @Test(arguments: Kind.allCases, TableFormat.allCases)
  func `A measurement is read back to the same numbers, or refused`(
    kind: Kind, format: TableFormat
  ) throws {
    guard !kind.refused.contains(format) else {
      let failure = #expect(throws: Failure.self) { try write(kind, format, "measured") }
      #expect(failure?.kind == .usage)
      #expect(!FileManager.default.fileExists(atPath: folder.file("measured")))
      return
    }
    let tidy = try Reading(try write(kind, .table, "tidy.csv"))
    let found = try Reading(
      try write(kind, format, "measured"), Array(tidy.report.quantities))
    #expect(found.report.understandings.map(\.format) == [format])
    #expect(found.numbers.count == tidy.numbers.count)
    for (read, written) in zip(found.numbers, tidy.numbers) {
      for (a, b) in zip(read, written) where a != b {
        #expect(abs(a / b - 1) < 1e-13, "\(read) for \(written)")
      }
    }
    if tidy.report.quantities.contains(.device) { #expect(found.devices == tidy.devices) }
    if tidy.report.quantities.contains(.cycle) { #expect(found.cycles == tidy.cycles) }
  }

  @Test(arguments: TableFormat.allCases)
  func `The same seed gives the same bytes`(format: TableFormat) throws {
    let kind = Kind.noise.refused.contains(format) ? Kind.sweeps : .noise
    let (first, second) = (try write(kind, format, "a"), try write(kind, format, "b"))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: first))
        == Data(contentsOf: URL(fileURLWithPath: second)))
  }

  @Test(arguments: [TableFormat.tektronix, .rigol])
  func `An oscilloscope shows one device`(format: TableFormat) throws {
    var measurement = NoiseMeasurement(model: Self.trap)
    (measurement.devices, measurement.samples) = (2, 10)
    let failure = #expect(throws: Failure.self) {
      try measurement.write(to: folder.file("x.csv"), as: format)
    }
    #expect(failure?.description.contains("one device") == true)
  }
}
