/// Formats of measured files that are known by their own marks.
package enum TableFormat: String, CaseIterable, Sendable {
  /// A table with a header that says what its columns are.
  case table
  /// Keysight EasyEXPERT, CSV.
  case easyexpert
  /// Keithley 4200 and Clarius, CSV.
  case clarius
  /// Keithley 2600, CSV.
  case keithley2600
  /// Keithley ACS, CSV.
  case acs
  case arcOne = "arc-one"
  case arcTwo = "arc-two"
  /// LabVIEW Measurement.
  case lvm
  case tektronix
  case rigol
  case npy
  case npz
  /// MATLAB, level 5 (to version 7.2) and 7.3.
  case mat
  case hdf5
  /// A column, or several, per device, cycle or repetition.
  case wide
  case json

  /// What it is called in print.
  package var title: String {
    switch self {
    case .table: "table with a header"
    case .easyexpert: "Keysight EasyEXPERT"
    case .clarius: "Keithley 4200 (Clarius)"
    case .keithley2600: "Keithley 2600"
    case .acs: "Keithley ACS"
    case .arcOne: "ArC ONE"
    case .arcTwo: "ArC TWO"
    case .lvm: "LabVIEW Measurement"
    case .tektronix: "Tektronix oscilloscope"
    case .rigol: "Rigol oscilloscope"
    case .npy: "NumPy array"
    case .npz: "NumPy archive"
    case .mat: "MATLAB"
    case .hdf5: "HDF5"
    case .wide: "wide table"
    case .json: "JSON"
    }
  }

  /// Whether the file holds arrays rather than lines of text.
  var holdsArrays: Bool {
    switch self {
    case .npy, .npz, .mat, .hdf5, .json: true
    default: false
    }
  }

  /// The words that `--format` takes, for help and errors.
  package static var listing: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
