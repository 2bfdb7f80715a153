import Failures
import Foundation

/// The plotting program.
package enum Gnuplot {
  /// How an attempt to draw ended.
  package enum Drawing: Equatable {
    case done
    case missing
    case failed(String)
  }

  /// A text as gnuplot takes it literally: in single quotes, on one line.
  package static func quoted(_ text: String) -> String {
    "'" + Failure.oneLine(text).replacingOccurrences(of: "'", with: "''") + "'"
  }

  /// Runs a script in its folder.
  package static func draw(script: String, in folder: String) -> Drawing {
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard
      let program = paths.map({ "\($0)/gnuplot" }).first(where: {
        FileManager.default.isExecutableFile(atPath: $0)
      })
    else { return .missing }
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    do { try process.run() } catch { return .failed("it cannot be started") }
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let line = said.split(separator: "\n").last.map(String.init)
      return .failed(line ?? "exit code \(process.terminationStatus)")
    }
    return .done
  }
}
