import Failures
import Foundation
import Images
import Mathematics
import Testing
import _TestSupport

@Suite struct ImageSourceTests {
  let folder: TemporaryFolder
  let classes: [UInt8] = [5, 0, 4, 1]

  private static let images = "t10k-images-idx3-ubyte"
  private static let labels = "t10k-labels-idx1-ubyte"

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(IdxFixture.images(4), to: Self.images)
    try folder.write(IdxFixture.labels(classes), to: Self.labels)
  }

  private func load(_ selection: ClassSelection = .all) throws -> ImageSet {
    try ImageSource.load(folder.path, split: .test, classes: selection, workers: .one)
  }

  @Test func readsPlainFiles() throws {
    #expect(try load() == ImageSet(pixels: IdxFixture.pixels(4), labels: classes))
    #expect(try load(ClassSelection(parsing: "0,1")).labels == [0, 1])
  }

  @Test func readsPackedFiles() throws {
    let packed = try TemporaryFolder()
    let many = (0..<200).map { UInt8($0 % 10) }
    try packed.write(IdxFixture.packed(IdxFixture.images(200)), to: "train-images-idx3-ubyte.gz")
    try packed.write(IdxFixture.packed(IdxFixture.labels(many)), to: "train-labels-idx1-ubyte.gz")
    let images = try ImageSource.load(packed.path, split: .train, workers: .one)
    #expect(images == ImageSet(pixels: IdxFixture.pixels(200), labels: many))
  }

  @Test func loadsTheSyntheticDigits() throws {
    let images = try ImageSource.load(
      "synthetic", split: .test, classes: ClassSelection(parsing: "3"), workers: Workers(count: 2))
    #expect(images.count == 1000)
    #expect(images.labels.allSatisfy { $0 == 3 })
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    let file: String
    let content: Data
    let cause: String
    var testDescription: String { "\(file): \(cause)" }
  }

  static let damagedImages: [Damage] = [
    (Data(), "cut short"),
    (Data([0, 0, 8]), "cut short"),
    (IdxFixture.images(4).prefix(10), "cut short"),
    (IdxFixture.images(4).dropLast(), "cut short"),
    (IdxFixture.images(4) + Data([0]), "1 bytes after"),
    (IdxFixture.header([4, 28, 28], magic: [0, 0, 13, 3]), "0x00000d03"),
    (IdxFixture.labels([1, 2, 3, 4]), "0x00000801"),
    (Data("<html>not found</html>".utf8), "begins with"),
    (IdxFixture.header([4, 32, 32]) + Data(count: 4096), "32 × 32"),
    (IdxFixture.header([4, 14, 56]) + Data(count: 3136), "14 × 56"),
    (IdxFixture.header([0, 28, 28]), "no image"),
    (IdxFixture.header([1 << 32 - 1, 1 << 32 - 1, 1 << 32 - 1]), "any file"),
    (IdxFixture.packed(IdxFixture.images(4)).dropLast(500), "gzip"),
  ].map { Damage(file: images, content: $0.0, cause: $0.1) }

  static let damagedLabels: [Damage] = [
    (Data(), "cut short"),
    (IdxFixture.images(1), "0x00000803"),
    (IdxFixture.labels([5, 0, 4]), "3 labels for 4 images"),
    (IdxFixture.labels([5, 0, 4, 1, 9]), "5 labels for 4 images"),
    (IdxFixture.labels([5, 0, 10, 1]), "label 2 is 10"),
    (IdxFixture.labels([5, 0, 4, 1]).dropLast(), "cut short"),
    (IdxFixture.labels([5, 0, 4, 1]) + Data([1, 2]), "2 bytes after"),
  ].map { Damage(file: labels, content: $0.0, cause: $0.1) }

  @Test(arguments: damagedImages + damagedLabels)
  func refusesDamagedFiles(damage: Damage) throws {
    try folder.write(damage.content, to: damage.file)
    let failure = #expect(throws: Failure.self) { try load() }
    #expect(failure?.kind == .badData)
    #expect(failure?.place == folder.file(damage.file))
    #expect(failure?.cause.contains(damage.cause) == true)
  }

  @Test func refusesASelectionThatLeavesNothing() throws {
    let failure = #expect(throws: Failure.self) { try load(ClassSelection(parsing: "7")) }
    #expect(failure?.kind == .badData)
    #expect(failure?.cause.contains("(7)") == true)
  }

  @Test(arguments: [images, labels])
  func namesAMissingFile(name: String) throws {
    try FileManager.default.removeItem(atPath: folder.file(name))
    let failure = #expect(throws: Failure.self) { try load() }
    #expect(failure?.kind == .noInput)
    #expect(failure?.cause.contains(name) == true)
  }

  @Test func refusesPlacesWithoutData() throws {
    let empty = try TemporaryFolder()
    for path in [empty.path, empty.file("nowhere"), folder.file(Self.images)] {
      let failure = #expect(throws: Failure.self) {
        try ImageSource.load(path, split: .train, workers: .one)
      }
      #expect(failure?.kind == .noInput)
      #expect(failure?.place == path)
    }
  }

  @Test(.enabled(if: SharedData.mnist != nil, "MNIST is not beside the repository"))
  func readsMNIST() throws {
    let path = try #require(SharedData.mnist)
    let train = try ImageSource.load(path, split: .train, workers: .one)
    #expect(train.count == 60_000)
    #expect(train.labels.prefix(10) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    let test = try ImageSource.load(path, split: .test, workers: .one)
    #expect(test.count == 10_000)
    #expect(test.labels.prefix(10) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    #expect(test.filtered(by: try ClassSelection(parsing: "3")).count == 1010)
    // The mean intensity of the training set that the literature normalises by.
    let sum = train.pixels.reduce(0) { $0 + Int($1) }
    #expect(abs(Double(sum) / Double(train.pixels.count) / 255 - 0.1307) < 5e-5)
  }
}
