import Failures
import Files
import Foundation
import MeasuredTables

/// NumPy's array format (NPY 1.0): a record per row, as `numpy.save` writes a structured array.
struct NumpyLayout: ByteLayout {
  func bytes(of table: RecordedTable) throws(Failure) -> Data {
    let fields = table.quantities.map { "('\($0.header)', '\(Self.type(of: $0))')" }
    var data = Self.head("[\(fields.joined(separator: ", "))]", count: table.rows)
    for row in 0..<table.rows {
      for (quantity, values) in zip(table.quantities, table.columns) {
        Self.append(values[row], of: quantity, to: &data)
      }
    }
    return data
  }

  /// One column as an array of its own.
  static func array(_ values: [Double], of quantity: MeasuredQuantity) -> Data {
    var data = head("'\(type(of: quantity))'", count: values.count)
    for value in values { append(value, of: quantity, to: &data) }
    return data
  }

  private static func type(of quantity: MeasuredQuantity) -> String {
    quantity.unit.isEmpty ? "<i8" : "<f8"
  }

  private static func append(
    _ value: Double, of quantity: MeasuredQuantity, to data: inout Data
  ) {
    let bits =
      quantity.unit.isEmpty
      ? UInt64(bitPattern: Int64(exactly: value) ?? .min) : value.bitPattern
    withUnsafeBytes(of: bits.littleEndian) { data.append(contentsOf: $0) }
  }

  private static func head(_ type: String, count: Int) -> Data {
    let preamble = 10
    var header = "{'descr': \(type), 'fortran_order': False, 'shape': (\(count),), }"
    let unpadded = preamble + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
    let length = UInt16(truncatingIfNeeded: header.utf8.count)
    withUnsafeBytes(of: length.littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    return data
  }
}

/// NumPy's archive (NPZ): a ZIP file with an array per column, stored, as `numpy.savez` writes it.
struct NumpyArchiveLayout: ByteLayout {
  func bytes(of table: RecordedTable) throws(Failure) -> Data {
    var (data, directory) = (Data(), Data())
    for (quantity, values) in zip(table.quantities, table.columns) {
      let array = NumpyLayout.array(values, of: quantity)
      let name = Data("\(quantity.header).npy".utf8)
      let start = data.count
      // Version, flags, method, time and date (1 January 1980), checksum, sizes, length of the name.
      var common = Self.number(20, 2) + Self.number(0, 2) + Self.number(0, 2) + Self.number(0, 2)
      common += Self.number(0x21, 2) + Self.number(Int(Checksum.crc32(array)), 4)
      common += Self.number(array.count, 4) + Self.number(array.count, 4)
      common += Self.number(name.count, 2) + Self.number(0, 2)
      data += Self.number(0x0403_4B50, 4) + common + name + array
      directory += Self.number(0x0201_4B50, 4) + Self.number(20, 2) + common
      directory += Data(count: 10) + Self.number(start, 4) + name
    }
    let count = Self.number(table.columns.count, 2)
    let end = Self.number(0x0605_4B50, 4) + Data(count: 4) + count + count
    return data + directory + end + Self.number(directory.count, 4) + Self.number(data.count, 4)
      + Data(count: 2)
  }

  /// A little-endian number of a few bytes.
  private static func number(_ value: Int, _ size: Int) -> Data {
    Data((0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
  }
}

/// A JSON object with an array per column.
struct JSONLayout: TextLayout {
  func text(of table: RecordedTable) throws(Failure) -> String {
    let members = zip(table.quantities, table.columns).map { quantity, values in
      let list = values.map { RecordedTable.text($0, of: quantity) }.joined(separator: ", ")
      return "  \"\(quantity.header)\": [\(list)]"
    }
    return "{\n\(members.joined(separator: ",\n"))\n}\n"
  }
}
