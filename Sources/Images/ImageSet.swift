import Files
import Foundation

/// Grey images of one size in one contiguous array, with their classes.
package struct ImageSet: Sendable, Equatable {
  /// Rows and columns of every image the program reads or writes: MNIST's frame.
  package static let side = 28
  static let pixelsPerImage = side * side

  /// Number of images.
  package let count: Int
  /// Rows of an image.
  package let height: Int
  /// Columns of an image.
  package let width: Int
  /// Intensities, count × height × width, row by row; 0 is background and 255 full ink.
  package let pixels: [UInt8]
  /// The class of each image, 0 to 9; empty when the source has no labels.
  package let labels: [UInt8]

  /// Images of 28 × 28 pixels.
  ///
  /// - Precondition: `pixels` holds whole images, and `labels` is empty or has one entry for each.
  package init(pixels: [UInt8], labels: [UInt8] = []) {
    precondition(pixels.count.isMultiple(of: Self.pixelsPerImage), "pixels hold whole images")
    count = pixels.count / Self.pixelsPerImage
    precondition(labels.isEmpty || labels.count == count, "every image has a label, or none has")
    height = Self.side
    width = Self.side
    self.pixels = pixels
    self.labels = labels
  }

  /// The images whose labels are selected, in their order.
  package func filtered(by classes: ClassSelection) -> ImageSet {
    if classes == .all { return self }
    let size = height * width
    let kept = labels.indices.filter { classes.contains(labels[$0]) }
    var chosen: [UInt8] = []
    chosen.reserveCapacity(kept.count * size)
    for index in kept { chosen += pixels[index * size..<(index + 1) * size] }
    return ImageSet(pixels: chosen, labels: kept.map { labels[$0] })
  }
}

extension ImageSet {
  /// The identity of the content, as a cache key and for manifests: 64 hexadecimal digits.
  ///
  /// SHA-256 over the shape and the SHA-256 digests of pixels and labels by pieces of 1 MiB, so
  /// that hashing takes no second copy of the set. The source's name and packing do not matter.
  package var identity: String {
    var summary = "\(count) x \(height) x \(width)\n"
    for bytes in [pixels, labels] {
      for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
        let piece = bytes[start..<min(start + 1 << 20, bytes.count)]
        summary += Checksum.sha256(Data(piece)) + "\n"
      }
      summary += "\n"
    }
    return Checksum.sha256(Data(summary.utf8))
  }
}
