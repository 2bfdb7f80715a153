import Foundation

/// A file in memory that takes the bytes of one input after the other.
final class ScratchFile {
  let path: String
  private let descriptor: Int32

  init(named name: String) throws {
    let folder = "/dev/shm/crossbar-gan-fuzz-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = "\(folder)/\(name)"
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  /// Replaces the content.
  func fill(_ bytes: UnsafeRawBufferPointer) {
    guard ftruncate(descriptor, 0) == 0,
      pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
    else { fatalError("the file of the input cannot be written") }
  }
}
