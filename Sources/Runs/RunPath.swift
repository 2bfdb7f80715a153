import Foundation

/// Paths as a configuration holds them: absolute, so that a run means the same from any folder.
package enum RunPath {
  /// A calibration's name, or its file's absolute path.
  package static func calibration(_ nameOrPath: String) -> String {
    isFile(nameOrPath) ? absolute(nameOrPath) : nameOrPath
  }

  static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: (path as NSString).expandingTildeInPath).standardizedFileURL.path
  }

  /// Whether the name of a calibration is a file: it has a `/` or ends in `.toml`.
  static func isFile(_ name: String) -> Bool {
    name.contains("/") || name.hasSuffix(".toml")
  }
}
