import Failures
import Files
import Foundation
import Images
import Testing
import _TestSupport

@Suite struct ImageFileTests {
  let folder: TemporaryFolder
  let images = ImageSet(pixels: IdxFixture.pixels(3))

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ["a.idx", "a.npy", "a.NPY"])
  func readsWhatItWrites(name: String) throws {
    try ImageFile.write(images, to: folder.file(name))
    #expect(try ImageFile.read(folder.file(name)) == images)
  }

  @Test func writesIdxBytes() throws {
    try ImageFile.write(images, to: folder.file("a.idx"))
    #expect(try InputFile.rawBytes(of: folder.file("a.idx")) == IdxFixture.images(3))
  }

  @Test func writesSheets() throws {
    try ImageFile.write(images, to: folder.file("a.png"))
    #expect(try InputFile.rawBytes(of: folder.file("a.png")) == ImageSheet(images).png())
  }

  @Test(arguments: ["a.jpg", "a", "idx", "a.npy.gz"])
  func refusesOtherExtensions(name: String) throws {
    let path = folder.file(name)
    let failure = #expect(throws: Failure.self) { try ImageFile.write(images, to: path) }
    #expect(failure?.kind == .usage)
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(throws: Failure.self) { try ImageFile.read(path) }
  }

  @Test func refusesToReadASheet() throws {
    try ImageFile.write(images, to: folder.file("a.png"))
    let failure = #expect(throws: Failure.self) { try ImageFile.read(folder.file("a.png")) }
    #expect(failure?.kind == .usage)
  }

  @Test(arguments: [[3, 784], [2352], [3, 56, 14], [3, 28, 28, 1], [0, 28, 28]])
  func refusesOtherShapes(shape: [Int]) throws {
    let path = folder.file("a.npy")
    let values = [UInt8](repeating: 0, count: shape.reduce(1, *))
    try NumpyFile.write(values, shape: shape, to: path)
    let failure = #expect(throws: Failure.self) { try ImageFile.read(path) }
    #expect(failure?.kind == .badData)
    #expect(failure?.place == path)
  }

  @Test func namesAMissingFile() {
    let failure = #expect(throws: Failure.self) { try ImageFile.read(folder.file("b.idx")) }
    #expect(failure?.kind == .noInput)
  }

  @Test(arguments: ["a.idx", "a.npy", "a.png"])
  func saysWhenAFileCannotBeCreated(name: String) {
    let path = folder.file("nowhere/" + name)
    let failure = #expect(throws: Failure.self) { try ImageFile.write(images, to: path) }
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.place == path)
  }
}
