import CPNG
package import Failures
package import Foundation

/// Images as PNG files, by libpng.
package enum PNGImage {
  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - pixels: 8 bits a channel, row by row, `width · height · channels` of them.
  ///   - channels: 1 for grey, 3 for red, green and blue.
  ///   - place: what is encoded, for the message of a failure.
  /// - Throws: ``Failure`` of kind `internal` when libpng refuses.
  package static func encoded(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int, at place: String
  ) throws(Failure) -> Data {
    var length = 0
    var message = [CChar](repeating: 0, count: 128)
    guard pixels.count == width * height * channels,
      let encoded = png_encode(
        pixels, Int32(width), Int32(height), Int32(channels), &length, &message, message.count)
    else {
      let text = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      throw Failure(.internal, at: place, "libpng cannot encode it (\(text))")
    }
    defer { free(encoded) }
    return Data(bytes: encoded, count: length)
  }
}
