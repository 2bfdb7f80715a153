package import Failures
import Files
package import Foundation

/// Files of unsigned bytes in the IDX format of MNIST.
///
/// Layout (Y. LeCun, "The MNIST database", file formats): two zero bytes, the element type (8:
/// unsigned byte), the number of dimensions, each dimension as a big-endian 32-bit integer, then
/// the elements, last dimension fastest. A gzip-packed file is unpacked on reading.
package enum IdxFile {
  /// Reads a file of exactly as many dimensions as expected, and nothing after its elements.
  ///
  /// - Throws: ``Failure``: `noInput` when absent, `badData` when the header or the length is not
  ///   what is expected.
  package static func read(
    _ path: String, dimensionCount: Int
  ) throws(Failure) -> (dimensions: [Int], elements: Data) {
    let bytes = try InputFile.bytes(of: path)
    let headerLength = 4 + 4 * dimensionCount
    guard bytes.count >= 4 else {
      throw Failure(.badData, at: path, "is cut short: \(bytes.count) bytes are no IDX header")
    }
    let magic = bigEndianWord(bytes, at: 0)
    let expected = 0x0800 + UInt32(dimensionCount)
    guard magic == expected else {
      throw Failure(
        .badData, at: path,
        "begins with \(hexadecimal(magic)), not with \(hexadecimal(expected))",
        remedy: "expected an IDX file of unsigned bytes with \(dimensionCount) dimension(s)")
    }
    guard bytes.count >= headerLength else {
      throw Failure(
        .badData, at: path, "is cut short: \(bytes.count) of \(headerLength) header bytes")
    }
    let dimensions = (0..<dimensionCount).map { Int(bigEndianWord(bytes, at: 4 + 4 * $0)) }
    try checkLength(bytes.count - headerLength, holds: dimensions, path: path)
    return (dimensions, bytes.dropFirst(headerLength))
  }

  /// The first column of a matrix of 32-bit integers (type 12), each from 0 to 255.
  ///
  /// QMNIST keeps eight numbers an image, of which the first is the class.
  package static func firstColumn(_ path: String) throws(Failure) -> [UInt8] {
    let bytes = try InputFile.bytes(of: path)
    guard bytes.count >= 12, bigEndianWord(bytes, at: 0) == 0x0C02 else {
      throw Failure(
        .badData, at: path, "is no IDX file of 32-bit integers in two dimensions",
        remedy: "expected the labels of QMNIST")
    }
    let dimensions = [4, 8].map { Int(bigEndianWord(bytes, at: $0)) }
    let (rows, columns) = (dimensions[0], dimensions[1])
    guard let count = Int.product([rows, columns, 4]), bytes.count - 12 == count, columns > 0 else {
      throw Failure(
        .badData, at: path, "holds \(bytes.count - 12) bytes for \(rows) × \(columns) integers")
    }
    var labels: [UInt8] = []
    for row in 0..<rows {
      let value = bigEndianWord(bytes, at: 12 + 4 * row * columns)
      guard let label = UInt8(exactly: value) else {
        throw Failure(.badData, at: path, "label \(row) is \(value), not a class")
      }
      labels.append(label)
    }
    return labels
  }

  private static func checkLength(
    _ length: Int, holds dimensions: [Int], path: String
  ) throws(Failure) {
    let shape = dimensions.map(String.init).joined(separator: " × ")
    guard let needed = Int.product(dimensions) else {
      throw Failure(.badData, at: path, "claims \(shape) elements, more than any file holds")
    }
    guard length >= needed else {
      throw Failure(
        .badData, at: path, "is cut short: \(length) of \(needed) bytes (\(shape)) are there")
    }
    guard length == needed else {
      throw Failure(
        .badData, at: path, "has \(length - needed) bytes after its \(needed) (\(shape)) elements")
    }
  }

  /// The bytes of an IDX file.
  static func encoded(_ elements: [UInt8], dimensions: [Int]) -> Data {
    var bytes = Data([0, 0, 8, UInt8(dimensions.count)])
    for dimension in dimensions {
      withUnsafeBytes(of: UInt32(dimension).bigEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes + elements
  }

  private static func bigEndianWord(_ bytes: Data, at offset: Int) -> UInt32 {
    bytes.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func hexadecimal(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
