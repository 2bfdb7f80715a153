import Failures
import Foundation

/// Arrays of a file, or why there are none, as bytes for a pipe: lengths of 64 bits before contents.
struct ParcelWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ file: ArrayFile) {
    put(0)
    put(file.layout)
    put(file.remedy)
    put(file.notes)
    put(file.names.count)
    for name in file.names {
      guard let column = file[name] else { continue }
      put(name)
      put(column.isScalar ? 1 : 0)
      put(column.values.count)
      column.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
      put(column.words == nil ? 0 : 1)
      put(column.words ?? [])
    }
  }

  mutating func put(_ failure: Failure) {
    put(1)
    put(Int(failure.kind.rawValue))
    put(failure.place)
    put(failure.cause)
    put(failure.remedy.map { [$0] } ?? [])
  }

  private mutating func put(_ number: Int) {
    withUnsafeBytes(of: UInt64(number)) { bytes.append(contentsOf: $0) }
  }

  private mutating func put(_ text: String) {
    let utf8 = Array(text.utf8)
    put(utf8.count)
    bytes += utf8
  }

  private mutating func put(_ texts: [String]) {
    put(texts.count)
    for text in texts { put(text) }
  }
}

/// Reads what ``ParcelWriter`` wrote; nil for anything else, as the writer may not be itself any more.
struct ParcelReader {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func answer(path: String) -> Result<ArrayFile, Failure>? {
    switch count(of: 0) {
    case 0: return file(path: path).map { .success($0) }
    case 1: return failure().map { .failure($0) }
    default: return nil
    }
  }

  private mutating func file(path: String) -> ArrayFile? {
    var file = ArrayFile(path: path)
    guard let layout = text(), let remedy = text(), let notes = texts(), let columns = count(of: 8)
    else { return nil }
    (file.layout, file.remedy, file.notes) = (layout, remedy, notes)
    for _ in 0..<columns {
      guard let name = text(), let isScalar = count(of: 0), let values = numbers(),
        let hasWords = count(of: 0), let words = texts()
      else { return nil }
      file.append(
        name,
        ArrayColumn(values: values, words: hasWords == 1 ? words : nil, isScalar: isScalar == 1))
    }
    return at == bytes.count ? file : nil
  }

  private mutating func failure() -> Failure? {
    guard let kind = count(of: 0).flatMap({ Failure.Kind(rawValue: Int32(clamping: $0)) }),
      let place = text(), let cause = text(), let remedy = texts()
    else { return nil }
    return Failure(kind, at: place, cause, remedy: remedy.first)
  }

  /// A number of items of so many bytes at least, which the rest can hold.
  private mutating func count(of size: Int) -> Int? {
    guard bytes.count - at >= 8 else { return nil }
    let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt64.self) }
    at += 8
    let most = size == 0 ? 1 << 16 : (bytes.count - at) / size
    return value <= UInt64(most) ? Int(value) : nil
  }

  private mutating func numbers() -> [Double]? {
    guard let count = count(of: 8) else { return nil }
    defer { at += 8 * count }
    return bytes.withUnsafeBytes { source in
      (0..<count).map { source.loadUnaligned(fromByteOffset: at + 8 * $0, as: Double.self) }
    }
  }

  private mutating func text() -> String? {
    guard let count = count(of: 1) else { return nil }
    defer { at += count }
    return String(decoding: bytes[at..<at + count], as: UTF8.self)
  }

  private mutating func texts() -> [String]? {
    guard let count = count(of: 8) else { return nil }
    var texts: [String] = []
    for _ in 0..<count {
      guard let text = text() else { return nil }
      texts.append(text)
    }
    return texts
  }
}
