import Foundation

/// A fresh folder that is removed with everything in it when the test lets go of it.
package final class TemporaryFolder: Sendable {
  /// Absolute path, without a slash at its end.
  package let path: String

  /// Creates a folder that no other test has.
  package init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("crossbar-gan-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  /// The path of a file in the folder.
  package func file(_ name: String) -> String { path + "/" + name }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
