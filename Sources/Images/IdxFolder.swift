import Failures
import Files
import Foundation

/// A folder of images and labels under the names of MNIST and of the sets that follow it.
struct IdxFolder {
  /// A family of file names.
  enum Layout: Equatable {
    /// MNIST, Fashion-MNIST, Kuzushiji-MNIST: `{train,t10k}-{images-idx3,labels-idx1}-ubyte`.
    case mnist
    /// QMNIST: `qmnist-{train,test}-{images-idx3-ubyte,labels-idx2-int}`.
    case qmnist
    /// One part of EMNIST, such as `digits`: `emnist-digits-{train,test}-…`, images transposed.
    case emnist(String)

    /// What the layout is called in print.
    var title: String {
      switch self {
      case .mnist: "MNIST's layout"
      case .qmnist: "QMNIST's layout, the class is the first column of its labels"
      case .emnist(let part): "EMNIST \(part), whose images are stored transposed and turned here"
      }
    }
  }

  private let path: String
  let layout: Layout

  /// - Throws: ``Failure`` of kind `noInput` when there is no such folder or no file of a known
  ///   name, `badData` when it holds several sets or one whose classes are more than ten.
  init(_ path: String) throws(Failure) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure(.noInput, at: path, "no such folder", remedy: Self.remedy)
    }
    guard isFolder.boolValue else {
      throw Failure(.noInput, at: path, "is a file, a folder was expected", remedy: Self.remedy)
    }
    self.path = path
    layout = try Self.layout(of: path)
  }

  private static let remedy =
    "name a folder with IDX files of MNIST, Fashion-MNIST, Kuzushiji-MNIST, EMNIST or QMNIST under"
    + " their own names, or 'synthetic' for the built-in digits"

  /// The layout that the names of the files show.
  private static func layout(of path: String) throws(Failure) -> Layout {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    var found: [Layout] = []
    for name in names {
      if name.hasPrefix("qmnist-"), !found.contains(.qmnist) { found.append(.qmnist) }
      if name.hasPrefix("train-images") || name.hasPrefix("t10k-images"), !found.contains(.mnist) {
        found.append(.mnist)
      }
      if let match = name.prefixMatch(of: /emnist-(\w+)-(?:train|test)-images/),
        !found.contains(.emnist(String(match.1)))
      {
        found.append(.emnist(String(match.1)))
      }
    }
    guard found.count <= 1 else {
      throw Failure(
        .badData, at: path,
        "holds several sets: \(found.map(\.title).joined(separator: "; "))",
        remedy: "give each a folder of its own")
    }
    let layout = found.first ?? .mnist
    if case .emnist(let part) = layout, !["digits", "mnist"].contains(part) {
      throw Failure(
        .badData, at: path,
        "is EMNIST \(part), which has more than the ten classes that are told apart here",
        remedy: "take EMNIST's part digits or mnist")
    }
    return layout
  }

  /// The images of a split whose classes are selected.
  ///
  /// - Throws: ``Failure``: `noInput` for a file that is absent, `badData` for one whose content is
  ///   not acceptable, and when no image is left.
  func images(_ split: DataSplit, classes: ClassSelection) throws(Failure) -> ImageSet {
    let (imagePath, labelPath) = try files(split)
    let labels = try labels(of: labelPath)
    var pixels = try ImageFile.idxPixels(of: imagePath)
    if case .emnist = layout { Self.transpose(&pixels) }
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

  private func files(_ split: DataSplit) throws(Failure) -> (images: String, labels: String) {
    let prefix: String
    switch layout {
    case .mnist: prefix = split.filePrefix
    case .qmnist: prefix = "qmnist-\(split.rawValue)"
    case .emnist(let part): prefix = "emnist-\(part)-\(split.rawValue)"
    }
    let labels = layout == .qmnist ? "labels-idx2-int" : "labels-idx1-ubyte"
    return (try file("\(prefix)-images-idx3-ubyte"), try file("\(prefix)-\(labels)"))
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

  private func labels(of path: String) throws(Failure) -> [UInt8] {
    let labels: [UInt8]
    if layout == .qmnist {
      labels = try IdxFile.firstColumn(path)
    } else {
      labels = [UInt8](try IdxFile.read(path, dimensionCount: 1).elements)
    }
    if let index = labels.firstIndex(where: { $0 > 9 }) {
      throw Failure(.badData, at: path, "label \(index) is \(labels[index]), not a class 0 to 9")
    }
    return labels
  }

  /// Exchanges rows and columns of every image.
  private static func transpose(_ pixels: inout [UInt8]) {
    let side = ImageSet.side
    for first in stride(from: 0, to: pixels.count, by: ImageSet.pixelsPerImage) {
      for row in 0..<side {
        for column in 0..<row {
          pixels.swapAt(first + row * side + column, first + column * side + row)
        }
      }
    }
  }
}
