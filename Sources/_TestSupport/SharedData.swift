import Foundation

/// Measured and reference data that lies beside the repository and is not committed.
package enum SharedData {
  /// The folder `../shared/data`, or nil on a machine without it.
  package static let folder: String? = {
    let repository = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = repository.appendingPathComponent("../shared/data").standardizedFileURL.path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// The MNIST folder, or nil; tests that need it are disabled with a message.
  package static let mnist: String? = folder.map { $0 + "/mnist" }
}
