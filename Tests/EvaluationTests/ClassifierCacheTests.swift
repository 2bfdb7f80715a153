import Evaluation
import Failures
import Foundation
import Mathematics
import Testing
import _TestSupport

@Suite struct ClassifierCacheTests {
  let folder: TemporaryFolder
  let data = bars(100, seed: 1)

  init() throws { folder = try TemporaryFolder() }

  /// The classifier of `identity` and what was said on the way.
  func fetch(
    _ cache: ClassifierCache, identity: String = "a"
  ) throws -> (classifier: Classifier, notices: [String]) {
    var notices: [String] = []
    let classifier = try cache.classifier(
      training: data, test: data, identity: identity, workers: .one
    ) { notices.append($0) }
    return (classifier, notices)
  }

  @Test func secondUseReadsTheFile() throws {
    let cache = ClassifierCache(folder: folder.file("new/sub"))
    let first = try fetch(cache)
    #expect(first.notices.count == 1 && first.notices[0].hasPrefix("training"))
    var dataWasRead = false
    func unread() -> LabelledPixels {
      dataWasRead = true
      return data
    }
    let second = try cache.classifier(
      training: unread(), test: unread(), identity: "a", workers: .one
    ) { Issue.record("unexpected notice: \($0)") }
    #expect(second == first.classifier)
    #expect(!dataWasRead)
  }

  @Test func damagedFileIsTrainedAgain() throws {
    let cache = ClassifierCache(folder: folder.path)
    let first = try fetch(cache)
    let path = cache.path(identity: "a")
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.dropLast(100).write(to: URL(fileURLWithPath: path))
    let second = try fetch(cache)
    #expect(second.notices.count == 1 && second.notices[0].hasPrefix(path))
    #expect(second.classifier == first.classifier)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
  }

  @Test func fileOfOtherDataIsTrainedAgain() throws {
    let cache = ClassifierCache(folder: folder.path)
    _ = try fetch(cache, identity: "other")
    #expect(cache.path(identity: "a") != cache.path(identity: "other"))
    try FileManager.default.moveItem(
      atPath: cache.path(identity: "other"), toPath: cache.path(identity: "a"))
    #expect(try fetch(cache).notices.count == 1)
    #expect(try fetch(cache).notices.isEmpty)
  }

  @Test func unwritableFolderIsDoneWithout() throws {
    try Data().write(to: URL(fileURLWithPath: folder.file("taken")))
    let fetched = try fetch(ClassifierCache(folder: folder.file("taken")))
    #expect(fetched.notices.count == 2)
    #expect(fetched.notices.last?.contains(folder.file("taken")) == true)
    #expect(fetched.classifier.testAccuracy > 0)
  }

  @Test func everyFlippedByteIsNoticed() throws {
    let classifier = try Classifier(training: data, test: data, workers: .one)
    let bytes = ClassifierFile.encoded(classifier, key: "key")
    #expect(ClassifierFile.decoded(bytes, key: "key") == classifier)
    #expect(ClassifierFile.decoded(bytes, key: "yek") == nil)
    #expect(ClassifierFile.decoded(bytes + [0], key: "key") == nil)
    #expect(ClassifierFile.decoded(Data(), key: "key") == nil)
    var sequence = RandomSequence(RandomStream(seed: 1, name: "flips"))
    let positions =
      Array(0..<48) + (0..<100).map { _ in Int.random(in: 0..<bytes.count, using: &sequence) }
    for position in positions {
      var flipped = bytes
      flipped[position] ^= 1 << UInt8.random(in: 0..<8, using: &sequence)
      #expect(ClassifierFile.decoded(flipped, key: "key") == nil)
    }
  }

  @Test func defaultFolderFollowsTheEnvironment() {
    #expect(
      ClassifierCache.defaultFolder(environment: ["XDG_CACHE_HOME": "/c", "HOME": "/h"])
        == "/c/crossbar-gan")
    for environment in [["HOME": "/h"], ["HOME": "/h", "XDG_CACHE_HOME": "relative"]] {
      #expect(
        ClassifierCache.defaultFolder(environment: environment) == "/h/.cache/crossbar-gan")
    }
  }
}
