import Failures
import Foundation
import Images
import Testing

@Suite struct ImageSheetTests {
  private func images(_ count: Int) -> ImageSet { ImageSet(pixels: IdxFixture.pixels(count)) }

  @Test(arguments: [(1, 1, 1), (2, 2, 1), (5, 3, 2), (9, 3, 3), (100, 10, 10), (10_000, 100, 100)])
  func isNearlySquare(count: Int, columns: Int, rows: Int) throws {
    let sheet = try ImageSheet(images(count))
    #expect(sheet.columns == columns && sheet.rows == rows)
    #expect(sheet.width == 57 * columns + 1 && sheet.height == 57 * rows + 1)
    #expect(sheet.pixels.count == sheet.width * sheet.height)
  }

  /// Every pixel by the obvious rule: a line on each 57th, else the image's pixel, twice as large.
  @Test func placesEveryPixel() throws {
    let set = images(5)
    let sheet = try ImageSheet(set)
    var expected: [UInt8] = []
    for y in 0..<sheet.height {
      for x in 0..<sheet.width {
        let image = y / 57 * 3 + x / 57
        if x % 57 == 0 || y % 57 == 0 {
          expected.append(96)
        } else if image >= 5 {
          expected.append(0)
        } else {
          expected.append(set.pixels[image * 784 + (y % 57 - 1) / 2 * 28 + (x % 57 - 1) / 2])
        }
      }
    }
    #expect(sheet.pixels == expected)
  }

  /// Signature, then IHDR: width, height, 8 bits, grey (PNG specification, 5.2 and 11.2.2).
  @Test func encodesGreyPNG() throws {
    let bytes = [UInt8](try ImageSheet(images(5)).png())
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(Array(bytes[12..<16]) == Array("IHDR".utf8))
    #expect(bytes[16..<26] == [0, 0, 0, 172, 0, 0, 0, 115, 8, 0])
  }

  @Test(arguments: [0, 10_001])
  func refusesOtherCounts(count: Int) {
    let failure = #expect(throws: Failure.self) { try ImageSheet(images(count)) }
    #expect(failure?.kind == .usage)
  }
}
