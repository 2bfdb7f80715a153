import Foundation

/// A fresh folder that is removed with everything in it when the test lets go of it.
public final class TemporaryFolder: Sendable {
  /// Absolute path, without a slash at its end.
  public let path: String

  /// Creates a folder that no other test has.
  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("crossbar-gan-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path + "/" + name }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
