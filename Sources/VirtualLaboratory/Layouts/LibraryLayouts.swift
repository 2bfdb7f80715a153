import CHDF5
import CMatio
import Failures
import Files
import Foundation
import MeasuredTables

/// A layout whose files a library writes, which wants a name: they are made in a folder for passing files.
protocol LibraryLayout: ByteLayout {
  /// Whether all columns were written.
  func isWritten(_ table: RecordedTable, to place: String) -> Bool
}

extension LibraryLayout {
  func bytes(of table: RecordedTable) throws(Failure) -> Data {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("crossbar-gan-\(UUID().uuidString)").path
    defer { unlink(place) }
    guard isWritten(table, to: place) else {
      throw Failure(
        .inputOutput, at: place, "cannot be written", remedy: "point TMPDIR at a folder with room")
    }
    return try InputFile.rawBytes(of: place)
  }
}

/// MATLAB, level 5: a variable per column.
struct MatlabLayout: LibraryLayout {
  func isWritten(_ table: RecordedTable, to place: String) -> Bool {
    guard let file = cmatio_create(place) else { return false }
    defer { cmatio_close(file) }
    return zip(table.quantities, table.columns).allSatisfy { quantity, values in
      cmatio_write(file, quantity.header, values, values.count) == 0
    }
  }
}

/// HDF5: a data set per column in the root.
struct HierarchicalLayout: LibraryLayout {
  func isWritten(_ table: RecordedTable, to place: String) -> Bool {
    let file = chdf5_create(place)
    guard file >= 0 else { return false }
    defer { chdf5_close(file) }
    return zip(table.quantities, table.columns).allSatisfy { quantity, values in
      chdf5_write(file, quantity.header, values, UInt64(values.count)) == 0
    }
  }
}
