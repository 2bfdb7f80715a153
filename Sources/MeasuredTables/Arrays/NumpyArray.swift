package import Failures
package import Foundation

/// An array in NumPy's format (NPY, versions 1 to 3), of numbers, words or records.
package struct NumpyArray {
  /// One element, or one field of a record.
  private struct Field {
    var name: String
    var kind: Character
    var size: Int
    var isBig: Bool
    var offset: Int
  }

  private let place: String
  private let bytes: Data
  private let start: Int
  private let fields: [Field]
  private let stride: Int
  private let shape: [Int]
  private let isFortran: Bool

  private static let limit = 1 << 28

  /// - Parameter place: the file, and the member of an archive.
  package init(_ bytes: Data, place: String) throws(Failure) {
    self.place = place
    self.bytes = bytes
    func damaged(_ cause: String) -> Failure { Failure(.badData, at: place, cause) }
    let head = [UInt8](bytes.prefix(12))
    guard head.count >= 10, head.starts(with: [0x93] + Array("NUMPY".utf8)), head[6] >= 1 else {
      throw damaged("is no NumPy array")
    }
    let isLong = head[6] > 1
    guard head.count >= (isLong ? 12 : 10) else { throw damaged("is cut short in its header") }
    var length = Int(head[8]) | Int(head[9]) << 8
    if isLong { length |= Int(head[10]) << 16 | Int(head[11]) << 24 }
    start = (isLong ? 12 : 10) + length
    guard bytes.count >= start,
      let header = String(
        data: bytes.dropFirst(start - length).prefix(length), encoding: head[6] > 2 ? .utf8 : .ascii
      )
    else { throw damaged("is cut short in its header") }
    guard let shape = Self.shape(header), let descr = Self.descr(header) else {
      throw damaged("its header is not a dictionary of descr, fortran_order and shape")
    }
    self.shape = shape
    isFortran = header.contains(/'fortran_order'\s*:\s*True/)
    guard let fields = Self.fields(descr) else {
      throw damaged("holds values of a kind that is not read: \(descr)")
    }
    self.fields = fields
    stride = fields.reduce(0) { max($0, $1.offset + $1.size) }
    var count = 1
    for dimension in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: dimension)
      guard !overflows, product <= Self.limit else { throw damaged("holds too many values") }
      count = product
    }
    guard bytes.count - start == count * stride else {
      throw damaged("is cut short or too long: \(bytes.count - start) of \(count * stride) bytes")
    }
  }

  private static func shape(_ header: String) -> [Int]? {
    guard let match = header.firstMatch(of: /'shape'\s*:\s*\(([^)]*)\)/) else { return nil }
    let parts = match.1.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let numbers = parts.filter { !$0.isEmpty }.map { Int($0.replacing("L", with: "")) }
    return numbers.contains { $0 == nil || ($0 ?? 0) < 0 } ? nil : numbers.compactMap { $0 }
  }

  private static func descr(_ header: String) -> String? {
    guard let match = header.firstMatch(of: /'descr'\s*:\s*('[^']*'|\[.*\])\s*,\s*'/) else {
      return nil
    }
    return String(match.1)
  }

  private static func fields(_ descr: String) -> [Field]? {
    if descr.hasPrefix("'") {
      return field("", String(descr.dropFirst().dropLast()), at: 0).map { [$0] }
    }
    var fields: [Field] = []
    var offset = 0
    for match in descr.matches(of: /\(\s*'([^']*)'\s*,\s*'([^']*)'\s*(,[^)]*\))?\s*\)/) {
      guard match.3 == nil, let one = field(String(match.1), String(match.2), at: offset) else {
        return nil
      }
      fields.append(one)
      offset += one.size
    }
    return fields.isEmpty ? nil : fields
  }

  private static func field(_ name: String, _ type: String, at offset: Int) -> Field? {
    guard let match = type.wholeMatch(of: /([<>|=])([fiubUS])(\d+)/), let size = Int(match.3)
    else { return nil }
    let kind = Character(String(match.2))
    let allowed: [Character: Set<Int>] = [
      "f": [2, 4, 8], "i": [1, 2, 4, 8], "u": [1, 2, 4, 8], "b": [1],
    ]
    guard allowed[kind]?.contains(size) ?? (size > 0 && size < 1 << 16) else { return nil }
    return Field(
      name: name, kind: kind, size: kind == "U" ? 4 * size : size, isBig: match.1 == ">",
      offset: offset)
  }

  /// The numbers of a matrix, or of a vector as one row, row by row.
  ///
  /// - Throws: ``Failure`` of kind `badData` for words, records and other numbers of dimensions.
  package func matrix() throws(Failure) -> (rows: Int, columns: Int, values: [Double]) {
    guard fields.count == 1, let field = fields.first, field.name.isEmpty,
      field.kind != "U", field.kind != "S", (1...2).contains(shape.count), let columns = shape.last
    else {
      throw Failure(.badData, at: place, "holds no matrix of numbers")
    }
    let rows = shape.count == 2 ? shape[0] : 1
    let values = bytes.withUnsafeBytes { raw in
      let isPlain = field.kind == "f" && field.size == 8 && !field.isBig
      return (0..<rows * columns).map { index in
        isPlain
          ? Double(
            bitPattern: UInt64(
              littleEndian: raw.loadUnaligned(
                fromByteOffset: start + 8 * index, as: UInt64.self)))
          : number(raw, field, index)
      }
    }
    guard isFortran, rows > 1, columns > 1 else { return (rows, columns, values) }
    return (rows, columns, values.indices.map { values[$0 % columns * rows + $0 / columns] })
  }

  /// Whether bytes begin as a NumPy array does.
  package static func isBegin(of bytes: Data) -> Bool {
    bytes.starts(with: [0x93] + Array("NUMPY".utf8))
  }

  /// Adds the array to a file's: records by their fields, a matrix by its columns.
  func append(to file: inout ArrayFile, name: String) {
    let count = shape.reduce(1, *)
    bytes.withUnsafeBytes { raw in
      for field in fields {
        let own = field.name.isEmpty ? name : field.name
        if field.kind == "U" || field.kind == "S" {
          let words = (0..<count).map { word(raw, field, $0) }
          file.append(own, ArrayColumn(values: [], words: words, isScalar: shape.isEmpty))
          continue
        }
        let values = (0..<count).map { number(raw, field, $0) }
        if shape.count == 2, field.name.isEmpty {
          let (rows, columns) = (shape[0], shape[1])
          let ordered =
            isFortran
            ? values.indices.map { values[$0 % columns * rows + $0 / columns] } : values
          file.append(own, matrix: ordered, rows: rows, columns: columns)
        } else if shape.count <= 1 {
          file.append(own, ArrayColumn(values: values, isScalar: shape.isEmpty))
        } else {
          file.notes.append("\"\(own)\" has \(shape.count) dimensions and is not read")
        }
      }
    }
  }

  private func bits(_ raw: UnsafeRawBufferPointer, _ first: Int, _ size: Int, _ isBig: Bool)
    -> UInt64
  {
    (0..<size).reduce(0) { bits, at in
      let byte = UInt64(raw[first + (isBig ? at : size - 1 - at)])
      return bits << 8 | byte
    }
  }

  private func number(_ raw: UnsafeRawBufferPointer, _ field: Field, _ index: Int) -> Double {
    let bits = bits(raw, start + index * stride + field.offset, field.size, field.isBig)
    switch (field.kind, field.size) {
    case ("f", 8): return Double(bitPattern: bits)
    case ("f", 4): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case ("f", _): return Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case ("i", 8): return Double(Int64(bitPattern: bits))
    case ("i", 4): return Double(Int32(truncatingIfNeeded: bits))
    case ("i", 2): return Double(Int16(truncatingIfNeeded: bits))
    case ("i", _): return Double(Int8(truncatingIfNeeded: bits))
    default: return Double(bits)
    }
  }

  private func word(_ raw: UnsafeRawBufferPointer, _ field: Field, _ index: Int) -> String {
    let first = start + index * stride + field.offset
    guard field.kind == "U" else {
      return String(
        decoding: (0..<field.size).map { raw[first + $0] }.prefix { $0 != 0 }, as: UTF8.self)
    }
    var text = String.UnicodeScalarView()
    for at in Swift.stride(from: first, to: first + field.size, by: 4) {
      let value = UInt32(truncatingIfNeeded: bits(raw, at, 4, field.isBig))
      guard value != 0 else { break }
      text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }
    return String(text)
  }
}
