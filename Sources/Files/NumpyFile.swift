package import Failures
import Foundation

/// NumPy's array file (NPY), version 1.0, for arrays of unsigned bytes.
///
/// Layout (NumPy Enhancement Proposal 1): the magic string `\x93NUMPY`, version 1.0, the header's
/// length as a little-endian 16-bit integer, the header as a Python dictionary literal padded so
/// that the data starts at a multiple of 64, then the elements, last dimension fastest.
package enum NumpyFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let preambleLength = 10

  /// Writes an array, whole or not at all.
  ///
  /// - Precondition: the dimensions multiply to the number of values.
  package static func write(
    _ values: [UInt8], shape: [Int], to path: String
  ) throws(Failure) {
    precondition(shape.reduce(1, *) == values.count, "the shape holds every value")
    let numbers = shape.map(String.init).joined(separator: ", ")
    let tuple = shape.count == 1 ? "(\(numbers),)" : "(\(numbers))"
    var header = "{'descr': '|u1', 'fortran_order': False, 'shape': \(tuple), }"
    let unpadded = preambleLength + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    var bytes = Data(magic + [1, 0])
    withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header.utf8)
    bytes.append(contentsOf: values)
    try AtomicFile.write(bytes, to: path)
  }

  /// Reads an array of unsigned bytes in C order (`|u1`).
  ///
  /// - Throws: ``Failure``: `noInput` when the file is absent; `badData` for another type, order or
  ///   version, a damaged header, and too few or too many elements.
  package static func read(_ path: String) throws(Failure) -> (shape: [Int], values: [UInt8]) {
    let bytes = try InputFile.bytes(of: path)
    guard bytes.count >= preambleLength, bytes.starts(with: magic) else {
      throw Failure(.badData, at: path, "is not a NumPy file")
    }
    let preamble = [UInt8](bytes.prefix(preambleLength))
    guard preamble[6] == 1, preamble[7] == 0 else {
      throw Failure(
        .badData, at: path, "is NPY version \(preamble[6]).\(preamble[7]), expected 1.0")
    }
    let headerLength = Int(preamble[8]) | Int(preamble[9]) << 8
    let start = preambleLength + headerLength
    guard bytes.count >= start,
      let header = String(
        data: bytes.dropFirst(preambleLength).prefix(headerLength), encoding: .ascii)
    else { throw Failure(.badData, at: path, "is cut short in its header") }
    let shape = try shape(declaredBy: header, path: path)
    let values = [UInt8](bytes.dropFirst(start))
    try check(values.count, holds: shape, path: path)
    return (shape, values)
  }

  private static func check(
    _ count: Int, holds shape: [Int], path: String
  ) throws(Failure) {
    var needed = 1
    for dimension in shape {
      let (product, overflows) = needed.multipliedReportingOverflow(by: dimension)
      guard !overflows else {
        throw Failure(.badData, at: path, "claims more elements than any file holds")
      }
      needed = product
    }
    guard count == needed else {
      let state = count < needed ? "is cut short" : "has bytes after its elements"
      throw Failure(.badData, at: path, "\(state): \(count) bytes for \(needed) elements")
    }
  }
}

extension NumpyFile {
  /// The shape from a header, whose other two entries must be `|u1` and C order.
  private static func shape(declaredBy header: String, path: String) throws(Failure) -> [Int] {
    let entries = entries(of: header)
    guard let entries, Set(entries.keys) == ["descr", "fortran_order", "shape"],
      let shape = dimensions(entries["shape"])
    else {
      throw Failure(
        .badData, at: path, "its header is not a dictionary of descr, fortran_order and shape")
    }
    guard entries["descr"] == "'|u1'" else {
      throw Failure(
        .badData, at: path, "holds \(entries["descr"] ?? "") values, expected '|u1'",
        remedy: "store unsigned bytes (numpy.uint8)")
    }
    guard entries["fortran_order"] == "False" else {
      throw Failure(
        .badData, at: path, "is in Fortran order, expected C order",
        remedy: "store numpy.ascontiguousarray of it")
    }
    return shape
  }

  /// The entries of a Python dictionary of strings, booleans and tuples, as they are written.
  private static func entries(of header: String) -> [String: String]? {
    let whole = /\s*\{(.*)\}\s*/
    let entry = /\s*'(\w+)'\s*:\s*('[^']*'|True|False|\([^()]*\))\s*(?:,\s*|$)/
    guard var rest = header.wholeMatch(of: whole)?.1 else { return nil }
    var entries: [String: String] = [:]
    while !rest.isEmpty {
      guard let match = rest.prefixMatch(of: entry), entries[String(match.1)] == nil else {
        return nil
      }
      entries[String(match.1)] = String(match.2)
      rest = rest[match.range.upperBound...]
    }
    return entries
  }

  /// The numbers of a Python tuple such as `(10, 28, 28)`, `(10,)` or `()`.
  private static func dimensions(_ tuple: String?) -> [Int]? {
    guard let inner = tuple?.wholeMatch(of: /\(((?:\s*\d+\s*,)*\s*\d*\s*)\)/)?.1 else { return nil }
    let numbers = inner.split(separator: ",").map { $0.filter { $0 != " " } }
      .filter { !$0.isEmpty }.map { Int($0) }
    return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
  }
}
