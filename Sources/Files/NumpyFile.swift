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
    bytes.append(littleEndian: UInt16(header.utf8.count))
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
    guard let needed = Int.product(shape) else {
      throw Failure(.badData, at: path, "claims more elements than any file holds")
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
  ///
  /// Read from left to right once: a damaged header of any length takes no longer than a whole one.
  private static func entries(of header: String) -> [String: String]? {
    var rest = Array(header.utf8)[...]
    skipBlanks(&rest)
    guard rest.popFirst() == UInt8(ascii: "{") else { return nil }
    var entries: [String: String] = [:]
    while true {
      skipBlanks(&rest)
      if rest.first == UInt8(ascii: "}") { break }
      guard let key = quoted(&rest) else { return nil }
      skipBlanks(&rest)
      guard rest.popFirst() == UInt8(ascii: ":") else { return nil }
      skipBlanks(&rest)
      guard let value = value(&rest), entries.updateValue(value, forKey: key) == nil else {
        return nil
      }
      skipBlanks(&rest)
      if rest.first == UInt8(ascii: ",") { rest.removeFirst() } else { break }
    }
    skipBlanks(&rest)
    guard rest.popFirst() == UInt8(ascii: "}") else { return nil }
    skipBlanks(&rest)
    return rest.isEmpty ? entries : nil
  }

  private static func skipBlanks(_ rest: inout ArraySlice<UInt8>) {
    rest = rest.drop { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
  }

  /// A text in single quotes, without them.
  private static func quoted(_ rest: inout ArraySlice<UInt8>) -> String? {
    let quote = UInt8(ascii: "'")
    guard rest.first == quote else { return nil }
    guard let end = rest.dropFirst().firstIndex(of: quote) else { return nil }
    let text = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
    rest = rest[(end + 1)...]
    return text
  }

  /// A text with its quotes, a tuple with its brackets, or a word.
  private static func value(_ rest: inout ArraySlice<UInt8>) -> String? {
    if rest.first == UInt8(ascii: "'") { return quoted(&rest).map { "'\($0)'" } }
    let isTuple = rest.first == UInt8(ascii: "(")
    let end =
      isTuple
      ? rest.firstIndex(of: UInt8(ascii: ")")).map { $0 + 1 }
      : rest.firstIndex { !"TrueFals".utf8.contains($0) }
    guard let end, end > rest.startIndex else { return nil }
    let text = String(decoding: rest[..<end], as: UTF8.self)
    rest = rest[end...]
    return text
  }

  /// The numbers of a Python tuple such as `(10, 28, 28)`, `(10,)` or `()`.
  private static func dimensions(_ tuple: String?) -> [Int]? {
    guard let tuple, tuple.hasPrefix("("), tuple.hasSuffix(")") else { return nil }
    var parts = tuple.dropFirst().dropLast()
      .split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.filter { $0 != " " } }
    if parts.last == "" { parts.removeLast() }
    guard parts.count <= mostDimensions else { return nil }
    let numbers = parts.map { part in
      part.allSatisfy { $0.isASCII && $0.isNumber } ? Int(part) : nil
    }
    return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
  }

  /// As many as NumPy has.
  private static let mostDimensions = 64
}
