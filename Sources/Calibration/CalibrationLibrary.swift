package import Failures
import Files
import Foundation

/// The calibrations that go by a name, wherever the program is run from.
///
/// A name NAME stands for the first NAME.toml in these folders:
/// 1. the one that the environment variable `CROSSBAR_GAN_CALIBRATION` holds,
/// 2. `calibration` in each folder above the running executable, nearest first,
/// 3. `calibration` in the repository that the program was built from,
/// 4. `share/crossbar-gan/calibration` beside the executable's `bin` folder.
package enum CalibrationLibrary {
  /// The environment variable that names a folder searched before all others.
  package static let environmentVariable = "CROSSBAR_GAN_CALIBRATION"

  /// Names of all calibrations, sorted.
  package static func names() -> [String] {
    var names: Set<String> = []
    for folder in folders() {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      names.formUnion(files.filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) })
    }
    return names.sorted()
  }

  /// The file that a name or path stands for.
  ///
  /// - Throws: ``Failure`` of kind `noInput` listing the names when there is no such name.
  package static func path(of nameOrPath: String) throws(Failure) -> String {
    if nameOrPath.contains("/") || nameOrPath.hasSuffix(".toml") { return nameOrPath }
    for folder in folders() where !nameOrPath.isEmpty {
      let path = "\(folder)/\(nameOrPath).toml"
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    let names = names()
    let listed = names.isEmpty ? "none was found" : names.joined(separator: ", ")
    let guess = Spelling.nearest(to: nameOrPath, in: names).map { "did you mean \($0)? " } ?? ""
    throw Failure(
      .noInput, at: "calibration \"\(nameOrPath)\"", "no calibration has this name",
      remedy: guess + "known names: \(listed)")
  }

  /// A file below the first of the folders that has it, such as `hardware/am-dcgan.toml`.
  ///
  /// - Throws: ``Failure`` of kind `noInput` when none has it.
  package static func file(_ name: String) throws(Failure) -> String {
    for folder in folders() {
      let path = "\(folder)/\(name)"
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw Failure(
      .noInput, at: "calibration/\(name)", "no such file beside the calibrations",
      remedy: "set \(environmentVariable) to the folder that has it")
  }

  private static func folders() -> [String] {
    let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return folders(
      environment: ProcessInfo.processInfo.environment[environmentVariable] ?? "",
      executable: link ?? "", source: #filePath)
  }

  /// The folders to search, first to last.
  package static func folders(
    environment: String, executable: String, source: String
  ) -> [String] {
    let above = ancestors(of: executable)
    let repository = ancestors(of: source).dropFirst(2).prefix(1)
    let prefix = above.dropFirst().prefix(1)
    return (environment.isEmpty ? [] : [environment])
      + (above + repository).map { "\($0)/calibration" }
      + prefix.map { "\($0)/share/crossbar-gan/calibration" }
  }

  /// The folders above a file, nearest first, without the root.
  private static func ancestors(of path: String) -> [String] {
    var folders: [String] = []
    var folder = (path as NSString).deletingLastPathComponent
    while !folder.isEmpty && folder != "/" {
      folders.append(folder)
      folder = (folder as NSString).deletingLastPathComponent
    }
    return folders
  }
}
