package import Failures
import Files
import Foundation

/// Files of images without labels: what `sample` writes and `evaluate --images` reads.
package enum ImageFile {
  /// How images are stored, told by the file name's extension.
  package enum Format: String, Sendable, CaseIterable {
    /// A sheet to look at; see ``ImageSheet``.
    case png
    /// NumPy's format, N × 28 × 28 unsigned bytes.
    case npy
    /// MNIST's format, N × 28 × 28 unsigned bytes.
    case idx

    /// - Parameter place: where the path was given, for errors, such as `--out`.
    /// - Throws: ``Failure`` of kind `usage` for another extension.
    package init(ofFile path: String, at place: String) throws(Failure) {
      let name = (path as NSString).pathExtension.lowercased()
      guard let format = Format(rawValue: name) else {
        throw Failure(
          .usage, at: place, "'\(path)' names no image format",
          remedy: "end the name in .png, .npy or .idx")
      }
      self = format
    }
  }

  /// Writes images in the format of the name's extension, whole or not at all.
  ///
  /// - Throws: ``Failure``: `usage` for an unknown extension or too many images for a sheet,
  ///   `cannotCreate` or `inputOutput` when the file cannot be written.
  package static func write(_ images: ImageSet, to path: String) throws(Failure) {
    let shape = [images.count, images.height, images.width]
    switch try Format(ofFile: path, at: "--out") {
    case .png: try ImageSheet(images).write(to: path)
    case .npy: try NumpyFile.write(images.pixels, shape: shape, to: path)
    case .idx: try AtomicFile.write(IdxFile.encoded(images.pixels, dimensions: shape), to: path)
    }
  }

  /// Reads the images of an `.idx` or `.npy` file; the result has no labels.
  ///
  /// - Throws: ``Failure``: `usage` for another extension, `noInput` when the file is absent,
  ///   `badData` when its content is not N × 28 × 28 unsigned bytes with N at least one.
  package static func read(_ path: String) throws(Failure) -> ImageSet {
    switch try Format(ofFile: path, at: "--images") {
    case .idx: return ImageSet(pixels: try idxPixels(of: path))
    case .npy:
      let (shape, pixels) = try NumpyFile.read(path)
      try checkShape(shape, of: path)
      return ImageSet(pixels: pixels)
    case .png:
      throw Failure(
        .usage, at: "--images", "'\(path)' is a sheet, which cannot be read back",
        remedy: "name an .idx or .npy file")
    }
  }

  /// The pixels of an IDX file of images.
  static func idxPixels(of path: String) throws(Failure) -> [UInt8] {
    let (dimensions, elements) = try IdxFile.read(path, dimensionCount: 3)
    try checkShape(dimensions, of: path)
    return [UInt8](elements)
  }

  private static func checkShape(_ shape: [Int], of path: String) throws(Failure) {
    guard shape.count == 3, shape[1] == ImageSet.side, shape[2] == ImageSet.side else {
      let found = shape.map(String.init).joined(separator: " × ")
      throw Failure(.badData, at: path, "holds \(found) bytes, expected N × 28 × 28")
    }
    guard shape[0] > 0 else { throw Failure(.badData, at: path, "holds no image") }
  }
}
