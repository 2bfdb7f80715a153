/// A named array of single-precision numbers, as files of weights hold them.
package struct Tensor: Equatable, Sendable {
  /// Unique within a file.
  package var name: String
  /// Extent of each dimension.
  package var shape: [Int]
  /// Row-major elements.
  package var values: [Float]

  /// An array of as many values as its shape holds.
  package init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// The values' bytes, least significant first.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count)
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}
