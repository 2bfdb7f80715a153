package import Failures
package import Files
package import Foundation
import Reports

/// A grid of images with thin lines between them, for the eye.
///
/// Rows fill from the left; the grid is as square as the number of images allows, wider than high
/// otherwise. Cells left over are black.
package struct ImageSheet: Sendable {
  /// The largest number of images on a sheet: 5801 pixels a side.
  package static let limit = 10_000
  /// Grey level of the lines.
  private static let lineLevel: UInt8 = 96
  /// Sheet pixels per image pixel, in both directions.
  private static let magnification = 2

  /// Images side by side.
  package let columns: Int
  /// Rows of images; the last may not be full.
  package let rows: Int
  /// Width in pixels, lines included.
  package let width: Int
  /// Height in pixels, lines included.
  package let height: Int
  /// Grey levels, row by row.
  package let pixels: [UInt8]

  /// Lays out images in order.
  ///
  /// - Throws: ``Failure`` of kind `usage` for no images or more than ``limit``.
  package init(_ images: ImageSet) throws(Failure) {
    guard (1...Self.limit).contains(images.count) else {
      throw Failure(
        .usage, at: "image sheet", "cannot show \(images.count) images",
        remedy: "take 1 to \(Self.limit), or write .npy or .idx")
    }
    columns = Int(Double(images.count).squareRoot().rounded(.up))
    rows = (images.count + columns - 1) / columns
    let cellWidth = images.width * Self.magnification
    let cellHeight = images.height * Self.magnification
    width = columns * (cellWidth + 1) + 1
    height = rows * (cellHeight + 1) + 1
    var sheet = [UInt8](repeating: Self.lineLevel, count: width * height)
    for cell in 0..<rows * columns {
      let left = cell % columns * (cellWidth + 1) + 1
      let top = cell / columns * (cellHeight + 1) + 1
      for row in 0..<cellHeight {
        let source = (cell * images.height + row / Self.magnification) * images.width
        let target = (top + row) * width + left
        for column in 0..<cellWidth {
          sheet[target + column] =
            cell < images.count ? images.pixels[source + column / Self.magnification] : 0
        }
      }
    }
    pixels = sheet
  }

  /// The sheet as a PNG file's bytes.
  package func png() throws(Failure) -> Data {
    try PNGImage.encoded(pixels, width: width, height: height, channels: 1, at: "image sheet")
  }

  /// Writes the PNG file, whole or not at all.
  package func write(to path: String, links: OutputTarget.Links = .followed) throws(Failure) {
    try AtomicFile.write(png(), to: path, links: links)
  }
}
