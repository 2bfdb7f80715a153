import Files
import Foundation
import _TestSupport

/// IDX content built by hand, apart from the code under test.
enum IdxFixture {
  static func header(_ dimensions: [Int], magic: [UInt8]? = nil) -> Data {
    var data = Data(magic ?? [0, 0, 8, UInt8(dimensions.count)])
    for size in dimensions {
      data += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
    }
    return data
  }

  /// `count` images; pixel p of image i is (7i + p) mod 251.
  static func images(_ count: Int) -> Data { header([count, 28, 28]) + Data(pixels(count)) }

  static func pixels(_ count: Int) -> [UInt8] {
    (0..<count).flatMap { image in (0..<784).map { UInt8((7 * image + $0) % 251) } }
  }

  static func labels(_ labels: [UInt8]) -> Data { header([labels.count]) + Data(labels) }

  /// A gzip file with the data in stored blocks (RFC 1951, 3.2.4; RFC 1952).
  static func packed(_ data: Data) -> Data {
    let bytes = [UInt8](data)
    var file = Data([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let piece = bytes[start..<min(start + 65_535, bytes.count)]
      let length = UInt16(piece.count)
      file.append(piece.endIndex == bytes.count ? 1 : 0)
      file += littleEndian(length) + littleEndian(~length) + Data(piece)
    }
    return file + littleEndian(Checksum.crc32(data)) + littleEndian(UInt32(bytes.count))
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
  }
}

extension TemporaryFolder {
  func write(_ data: Data, to name: String) throws {
    try data.write(to: URL(fileURLWithPath: file(name)))
  }
}
