import DigitalNetworks
import Failures
import Files
package import Foundation
import Mathematics

/// A trained classifier as bytes, little-endian: magic number, version, data key, test accuracy,
/// weights layer by layer, CRC-32 of everything before.
package enum ClassifierFile {
  private static let magic = "crossbar-gan classifier\n"

  /// Everything before the accuracy; equal for equal data, architecture and training.
  private static func header(key: String) -> Data {
    var data = Data(magic.utf8)
    data.append(littleEndian: Classifier.version)
    data.append(Data(key.utf8))
    return data
  }

  /// The bytes of a classifier trained on data with the given key.
  package static func encoded(_ classifier: Classifier, key: String) -> Data {
    var data = header(key: key)
    data.append(littleEndian: classifier.testAccuracy.bitPattern)
    for layer in classifier.network.layers {
      for weight in layer.weights.elements { data.append(littleEndian: weight.bitPattern) }
    }
    data.append(littleEndian: Checksum.crc32(data))
    return data
  }

  /// The classifier in `data`, or nil when anything about the bytes is not as expected.
  package static func decoded(_ data: Data, key: String) -> Classifier? {
    let header = header(key: key)
    let shapes = zip(Classifier.sizes, Classifier.sizes.dropFirst()).map { ($0 + 1, $1) }
    let weightCount = shapes.reduce(0) { $0 + $1.0 * $1.1 }
    guard data.count == header.count + 8 + 4 * weightCount + 4, data.starts(with: header) else {
      return nil
    }
    let bytes = [UInt8](data)
    func word(_ offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
    }
    guard word(bytes.count - 4) == Checksum.crc32(data.dropLast(4)) else { return nil }
    let accuracy = UInt64(word(header.count)) | UInt64(word(header.count + 4)) << 32
    var offset = header.count + 8
    let layers = shapes.map { rows, columns in
      let elements = (0..<rows * columns).map { Float(bitPattern: word(offset + 4 * $0)) }
      offset += 4 * rows * columns
      return DenseLayer(weights: Matrix(rows: rows, columns: columns, elements: elements))
    }
    return Classifier(
      network: DenseNetwork(layers: layers, activations: Classifier.activations),
      testAccuracy: Double(bitPattern: accuracy))
  }
}
