import Failures
import Files
import Foundation
import MeasuredTables

/// How an instrument lays out the file of a measurement.
protocol InstrumentLayout: Sendable {
  /// Why these quantities are none that the instrument records; nil where they are.
  func refusal(of quantities: Set<MeasuredQuantity>) -> String?

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: ``Failure``: `usage` when the layout cannot hold the table, and as ``OutputTarget``.
  func write(_ table: RecordedTable, to path: String) throws(Failure)
}

extension InstrumentLayout {
  func refusal(of quantities: Set<MeasuredQuantity>) -> String? { nil }
}

/// A layout whose file is made in memory.
protocol ByteLayout: InstrumentLayout {
  func bytes(of table: RecordedTable) throws(Failure) -> Data
}

extension ByteLayout {
  func write(_ table: RecordedTable, to path: String) throws(Failure) {
    try AtomicFile.write(try bytes(of: table), to: path)
  }
}

/// A layout of lines of text.
protocol TextLayout: ByteLayout {
  func text(of table: RecordedTable) throws(Failure) -> String
}

extension TextLayout {
  func bytes(of table: RecordedTable) throws(Failure) -> Data { Data(try text(of: table).utf8) }
}

extension TableFormat {
  /// How files of the format are written; nil for the tidy table.
  var layout: (any InstrumentLayout)? {
    switch self {
    case .table: nil
    case .easyexpert: EasyExpertLayout()
    case .clarius: ClariusLayout()
    case .keithley2600: Keithley2600Layout()
    case .acs: ACSLayout()
    case .arcOne: ArcOneLayout()
    case .arcTwo: ArcTwoLayout()
    case .lvm: LabVIEWLayout()
    case .tektronix: TektronixLayout()
    case .rigol: RigolLayout()
    case .npy: NumpyLayout()
    case .npz: NumpyArchiveLayout()
    case .mat: MatlabLayout()
    case .hdf5: HierarchicalLayout()
    case .wide: WideLayout()
    case .json: JSONLayout()
    }
  }

  /// The refusal of a measurement that a layout cannot hold.
  func failure(_ cause: String) -> Failure {
    Failure(
      .usage, at: "--format \(rawValue)", cause,
      remedy: "leave --format out, or take easyexpert, keithley2600, lvm or npz, which hold any"
        + " measurement")
  }
}
