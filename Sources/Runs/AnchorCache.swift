import Evaluation
import Failures
import Files
import Foundation
import Reports

/// Anchors on disk, in the folder of the classifiers they were computed with.
///
/// Like that cache it only saves time: what cannot be read is computed again.
struct AnchorCache {
  /// Counts changes of the metrics that change anchors.
  private static let version = 1

  let folder: String

  init(folder: String = ClassifierCache.defaultFolder()) { self.folder = folder }

  func anchors(
    key: String, compute: () throws(Failure) -> JSON
  ) throws(Failure) -> JSON {
    let name = Checksum.sha256(Data("anchors \(Self.version) \(key)".utf8))
    let path = "\(folder)/anchors-\(name.prefix(16)).json"
    if let data = try? InputFile.rawBytes(of: path), let kept = JSON(parsing: data),
      kept["key"]?.text == key, let real = kept["real"], let repeated = kept["repeated"]
    {
      return ["real": real, "repeated": repeated]
    }
    let anchors = try compute()
    let file: JSON = [
      "key": .text(key), "real": anchors["real"] ?? .null, "repeated": anchors["repeated"] ?? .null,
    ]
    // Without a cache folder the classifier's notice has said so already.
    try? AtomicFile.write(file.document, to: path, links: .replaced)
    return anchors
  }
}
