import Images
import Testing

@Suite struct ImageSetTests {
  let images = ImageSet(pixels: IdxFixture.pixels(5), labels: [3, 1, 3, 0, 9])

  @Test func hasTheShapeOfItsPixels() {
    #expect(images.count == 5)
    #expect(images.height == 28 && images.width == 28)
  }

  @Test func keepsSelectedImagesInOrder() throws {
    let kept = images.filtered(by: try ClassSelection(parsing: "0,3"))
    #expect(kept.labels == [3, 3, 0])
    let expected = [0, 2, 3].flatMap { images.pixels[$0 * 784..<($0 + 1) * 784] }
    #expect(kept.pixels == expected)
    #expect(images.filtered(by: .all) == images)
  }

  @Test func identityFollowsTheContent() {
    let same = ImageSet(pixels: images.pixels, labels: images.labels)
    #expect(same.identity == images.identity)
    #expect(images.identity.count == 64)
    var pixels = images.pixels
    pixels[2000] ^= 1
    #expect(ImageSet(pixels: pixels, labels: images.labels).identity != images.identity)
    #expect(ImageSet(pixels: images.pixels, labels: [3, 1, 3, 0, 8]).identity != images.identity)
    #expect(ImageSet(pixels: images.pixels).identity != images.identity)
  }

  /// A change in the second piece of the hash shows.
  @Test func identityCoversLargeSets() {
    var pixels = [UInt8](repeating: 0, count: 784 * 1400)
    let blank = ImageSet(pixels: pixels).identity
    pixels[pixels.count - 1] = 1
    #expect(ImageSet(pixels: pixels).identity != blank)
  }
}
