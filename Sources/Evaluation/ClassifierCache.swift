package import Failures
import Files
import Foundation
package import Mathematics

/// Trained classifiers on disk, one per data set, outside any run.
///
/// The cache only saves time: an entry that is damaged or belongs to something else is replaced,
/// and a folder that cannot be written is done without, with a notice each.
package struct ClassifierCache: Sendable {
  /// Path of the folder; it need not exist before something is stored.
  package let folder: String

  /// A cache in a given folder, by default ``defaultFolder(environment:)``.
  package init(folder: String = ClassifierCache.defaultFolder()) { self.folder = folder }

  /// `$XDG_CACHE_HOME/crossbar-gan`, or `~/.cache/crossbar-gan` when the variable is not an
  /// absolute path.
  package static func defaultFolder(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") {
      return base + "/crossbar-gan"
    }
    return (environment["HOME"] ?? NSHomeDirectory()) + "/.cache/crossbar-gan"
  }

  /// Where the classifier of a data set is kept.
  ///
  /// - Parameter identity: changes whenever training or test data do, such as their hashes.
  package func path(identity: String) -> String {
    "\(folder)/classifier-\(Self.key(identity).prefix(16)).bin"
  }

  private static func key(_ identity: String) -> String {
    Checksum.sha256(Data("classifier \(Classifier.version) \(identity)".utf8))
  }

  /// The kept classifier of a data set, or a freshly trained one, which is then kept.
  ///
  /// - Parameters:
  ///   - identity: changes whenever training or test data do, such as their hashes.
  ///   - notice: receives a line when training starts and when the cache cannot be used.
  /// - Throws: ``Failure`` of kind `badData` when the data cannot be trained on.
  package func classifier(
    training: @autoclosure () throws(Failure) -> LabelledPixels,
    test: @autoclosure () throws(Failure) -> LabelledPixels,
    identity: String, workers: Workers, notice: (String) -> Void
  ) throws(Failure) -> Classifier {
    let path = path(identity: identity)
    let key = Self.key(identity)
    if FileManager.default.fileExists(atPath: path) {
      if let data = try? InputFile.rawBytes(of: path),
        let kept = ClassifierFile.decoded(data, key: key)
      {
        return kept
      }
      notice("\(path): damaged or not a classifier of this data; it is trained again")
    } else {
      notice("training the evaluation classifier, once for this data set")
    }
    let classifier = try Classifier(training: training(), test: test(), workers: workers)
    do throws(Failure) {
      try createFolder()
      try AtomicFile.write(ClassifierFile.encoded(classifier, key: key), to: path)
    } catch {
      notice("the evaluation classifier is not kept: \(error)")
    }
    return classifier
  }

  private func createFolder() throws(Failure) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(.cannotCreate, at: folder, "the folder cannot be created")
    }
  }
}
