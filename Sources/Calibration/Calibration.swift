package import Devices
package import Failures
import Files

/// A device calibration: models with their parameters, where every number came from, and how the
/// device is operated unless a run says otherwise.
///
/// One TOML file describes one device; `calibration/README.md` documents the format. Parsing is
/// strict: unknown keys, missing or wrong units and values out of their range are errors that name
/// file and key.
package struct Calibration: Sendable {
  /// The newest version of the file format that this reader knows.
  package static let formatVersion = 2

  /// Name, publication and fabrication, from the file's `[calibration]` table.
  package var provenance: Provenance
  /// The device with its pulse response as published; see ``device(interpolated:)``.
  package var device: DeviceModel
  /// How far the terms that simulate the static model are from it, over all its states, read
  /// voltages and temperatures.
  package var expansionError: ExpansionError
  /// What a training run uses unless told otherwise.
  package var operation: ProgrammingOperation
  /// Sets of wire resistances, by name; empty when the file has none.
  package var wires: [WireSet]
  /// The wires of training's arrays unless a run says otherwise; nil for ideal ones.
  package var trainingWires: WireSet? { wires.first { $0.name == operation.wires } }
  /// What circuits beside the arrays cost, as far as the file says it.
  package var periphery = PeripheryCosts()
  /// Variation over an array, where it was measured.
  package var spatialVariation: SpatialVariation?
  /// Drift with time and temperature, where it was measured.
  package var retention: RetentionLaw?
  /// Conductances of the states, where they were measured.
  package var states: StateDistributions?
  /// Every numeric parameter in the order it was read.
  package var parameters: [Parameter]
  /// Every choice that is a word, such as `pulses.form`.
  package var settings: [WordChoice]
  /// The path of the file.
  package var path: String
  /// SHA-256 of the file's text, for manifests.
  package var sha256: String

  /// SHA-256 of texts of earlier formats that describe the same device.
  package var formerHashes: [String] { provenance.formerHashes }
  /// A line for every former key of the file.
  package var notices: [String] = []

  /// Whether a file with this SHA-256 describes the same device.
  package func isTheSame(as hash: String) -> Bool { hash == sha256 || formerHashes.contains(hash) }

  /// The name that runs and manifests use.
  package var name: String { provenance.name }
  /// One line for lists.
  package var title: String { provenance.title }

  /// The device, with a binned pulse response made continuous if asked.
  package func device(interpolated: Bool) -> DeviceModel {
    interpolated ? device.interpolatingPulses() : device
  }

  /// Loads a calibration by name or from a file.
  ///
  /// - Parameter nameOrPath: a value with a `/` or ending in `.toml` is a file; anything else is
  ///   the name of a calibration that ``CalibrationLibrary`` finds.
  /// - Throws: ``Failure``: `noInput` when there is no such name or file, `badData` when the file's
  ///   content is not acceptable.
  package static func load(_ nameOrPath: String) throws(Failure) -> Calibration {
    try Calibration(document: TOMLDocument(path: CalibrationLibrary.path(of: nameOrPath)))
  }

  /// Parses the text of a calibration; `name` stands for the file in errors.
  package static func parse(_ text: String, name: String) throws(Failure) -> Calibration {
    try Calibration(document: TOMLDocument(text: text, name: name))
  }
}

/// Where a calibration comes from.
package struct Provenance: Equatable, Sendable {
  /// A word for lists and manifests: not empty, without `/`.
  package var name: String
  /// One line that tells the device from others.
  package var title: String
  /// Full reference of the publication.
  package var paper: String
  /// Digital object identifier, empty when there is none.
  package var doi: String
  /// Layers and fabrication of the device.
  package var stack: String
  /// What a user of the file should know.
  package var notes: String
  /// SHA-256 of texts of earlier formats that describe the same device.
  package var formerHashes: [String] = []

  package init(
    name: String, title: String, paper: String, doi: String, stack: String, notes: String
  ) {
    self.name = name
    self.title = title
    self.paper = paper
    self.doi = doi
    self.stack = stack
    self.notes = notes
  }
}

/// A numeric entry of a calibration file.
package struct Parameter: Equatable, Sendable {
  /// Dotted key, such as `static.a0`.
  package var key: String
  /// One number, or one per bin, or the two ends of a range.
  package var values: [Double]
  /// Unit as the file spells it, such as `S V^-2`; `1` for a plain number.
  package var unit: String
  /// Where in the publication the number stands, or how it was obtained; not empty.
  package var source: String
  /// Values that make sense for the parameter.
  package var range: ClosedRange<Double>

  package init(
    key: String, values: [Double], unit: String, source: String, range: ClosedRange<Double>
  ) {
    self.key = key
    self.values = values
    self.unit = unit
    self.source = source
    self.range = range
  }
}

/// A word in a calibration file that chooses between alternatives.
package struct WordChoice: Equatable, Sendable {
  /// Dotted key, such as `pulses.form`.
  package var key: String
  /// The chosen word.
  package var value: String
}
