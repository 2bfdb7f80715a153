import Foundation
import Reports
import Runs

/// Where numbers were made.
enum Machine {
  static var json: JSON {
    let process = ProcessInfo.processInfo
    return [
      "program": .text(Versions.program), "host": .text(process.hostName),
      "processor": .text(processor), "cores": .integer(process.activeProcessorCount),
      "memory_bytes": .integer(Int(clamping: process.physicalMemory)),
      "system": .text(process.operatingSystemVersionString), "time": .text(now),
    ]
  }

  private static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
      ?? "unknown"
  }

  /// ISO 8601, UTC.
  static var now: String { Date().formatted(.iso8601) }
}
