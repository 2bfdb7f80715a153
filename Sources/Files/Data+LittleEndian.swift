package import Foundation

extension Data {
  /// Appends the bytes of an integer, the least significant first.
  package mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
