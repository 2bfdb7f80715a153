package import Failures
import Foundation

/// Folders that the program makes for its own files.
package enum OutputFolder {
  /// Makes a folder with what is above it; one that is there already is taken, also through a link.
  ///
  /// - Throws: ``Failure`` of kind `usage` for an empty path, `cannotCreate` when it cannot be made.
  package static func create(_ path: String) throws(Failure) {
    guard !path.isEmpty else { throw Failure(.usage, at: "output", "the name is empty") }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        .cannotCreate, at: path, "cannot be created or written to",
        remedy: "choose another place, or check the permissions of the folder")
    }
  }

  /// Makes a folder of the program's own name within one that the user named.
  ///
  /// - Throws: as ``create(_:)``, and `cannotCreate` when the name is a link: what it points to is
  ///   not the user's choice.
  package static func create(_ name: String, in folder: String) throws(Failure) {
    let path = "\(folder)/\(name)"
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      throw Failure(
        .cannotCreate, at: path, "is a link, a folder was expected", remedy: "remove the link")
    }
    try create(path)
  }
}
