import Foundation

/// Paths as a configuration holds them: absolute, so that a run means the same from any folder.
enum RunPath {
  static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: (path as NSString).expandingTildeInPath).standardizedFileURL.path
  }

  /// Whether the name of a calibration is a file: it has a `/` or ends in `.toml`.
  static func isFile(_ name: String) -> Bool {
    name.contains("/") || name.hasSuffix(".toml")
  }
}
