package import Failures
import Foundation

/// NumPy's archive of arrays (NPZ): a zip file of NPY files, stored without compression.
package enum NumpyArchive {
  /// Writes arrays under their names, whole or not at all.
  package static func write(_ tensors: [Tensor], to path: String) throws(Failure) {
    var archive = Data()
    var directory = Data()
    for tensor in tensors {
      let name = Array("\(tensor.name).npy".utf8)
      let content = NumpyFile.header(type: "<f4", shape: tensor.shape) + Data(tensor.bytes)
      guard archive.count + content.count < Int(UInt32.max), tensors.count < Int(UInt16.max) else {
        throw Failure(
          .cannotCreate, at: path, "more than 4 GB do not fit an archive",
          remedy: "write a .safetensors file")
      }
      let offset = UInt32(archive.count)
      let common = common(of: content, name: name)
      archive.append(little(0x0403_4b50 as UInt32) + common + name + content)
      directory.append(
        little(0x0201_4b50 as UInt32) + little(20 as UInt16) + common
          + little(0 as UInt16) + little(0 as UInt16) + little(0 as UInt16) + little(0 as UInt32)
          + little(offset) + name)
    }
    let (start, count) = (UInt32(archive.count), UInt16(tensors.count))
    archive.append(directory)
    archive.append(
      little(0x0605_4b50 as UInt32) + little(0 as UInt16) + little(0 as UInt16) + little(count)
        + little(count) + little(UInt32(directory.count)) + little(start) + little(0 as UInt16))
    try AtomicFile.write(archive, to: path)
  }

  /// What both headers of a file have in common: version 2.0, stored, 1 January 1980, sizes.
  private static func common(of content: Data, name: [UInt8]) -> Data {
    let size = little(UInt32(content.count))
    return little(20 as UInt16) + little(0 as UInt16) + little(0 as UInt16) + little(0 as UInt16)
      + little(0x21 as UInt16) + little(Checksum.crc32(content)) + size + size
      + little(UInt16(name.count)) + little(0 as UInt16)
  }

  private static func little(_ value: some FixedWidthInteger) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
  }
}
