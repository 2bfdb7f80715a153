import Failures
import Files
import Foundation

/// A folder in MNIST's layout: `{train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz]`.
struct IdxFolder {
  private let path: String

  /// - Throws: ``Failure`` of kind `noInput` when there is no such folder.
  init(_ path: String) throws(Failure) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure(.noInput, at: path, "no such folder", remedy: Self.remedy)
    }
    guard isFolder.boolValue else {
      throw Failure(.noInput, at: path, "is a file, a folder was expected", remedy: Self.remedy)
    }
    self.path = path
  }

  private static let remedy =
    "name a folder with MNIST's IDX files, or 'synthetic' for the built-in digits"

  /// The images of a split whose classes are selected.
  ///
  /// - Throws: ``Failure``: `noInput` for a file that is absent, `badData` for one whose content is
  ///   not acceptable, and when no image is left.
  func images(_ split: DataSplit, classes: ClassSelection) throws(Failure) -> ImageSet {
    let imagePath = try file("\(split.filePrefix)-images-idx3-ubyte")
    let labelPath = try file("\(split.filePrefix)-labels-idx1-ubyte")
    let labels = try Self.labels(of: labelPath)
    let pixels = try ImageFile.idxPixels(of: imagePath)
    let count = pixels.count / ImageSet.pixelsPerImage
    guard count == labels.count else {
      throw Failure(
        .badData, at: labelPath, "holds \(labels.count) labels for \(count) images",
        remedy: "expected the labels of \(imagePath)")
    }
    let images = ImageSet(pixels: pixels, labels: labels).filtered(by: classes)
    guard images.count > 0 else {
      throw Failure(.badData, at: imagePath, "has no image of the selected classes (\(classes))")
    }
    return images
  }

  /// The path of a file of that name, plain or packed.
  private func file(_ name: String) throws(Failure) -> String {
    let plain = (path as NSString).appendingPathComponent(name)
    for candidate in [plain, plain + ".gz"]
    where FileManager.default.fileExists(atPath: candidate) {
      return candidate
    }
    throw Failure(.noInput, at: path, "holds neither \(name) nor \(name).gz", remedy: Self.remedy)
  }

  private static func labels(of path: String) throws(Failure) -> [UInt8] {
    let labels = [UInt8](try IdxFile.read(path, dimensionCount: 1).elements)
    if let index = labels.firstIndex(where: { $0 > 9 }) {
      throw Failure(.badData, at: path, "label \(index) is \(labels[index]), not a class 0 to 9")
    }
    return labels
  }
}
