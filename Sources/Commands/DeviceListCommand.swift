import ArgumentParser
import Calibration
import Failures
import Reports
import Runs

/// `device list`: the calibrations that go by a name.
struct DeviceListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the calibrations that go by a name.",
    discussion: """
      Example:
        crossbar-gan device list
      """)

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    var rows: [(name: String, title: String)] = []
    for name in CalibrationLibrary.names() {
      // A damaged file does not hide the others.
      do throws(Failure) {
        rows.append((name, try Calibration.loadWithNotices(name).title))
      } catch {
        Console.error("crossbar-gan: warning: \(error)")
      }
    }
    if json {
      Console.print(
        JSON.list(rows.map { ["name": .text($0.name), "title": .text($0.title)] }).line)
    } else {
      let width = rows.map(\.name.count).max() ?? 0
      for row in rows {
        let padding = String(repeating: " ", count: width - row.name.count)
        Console.print("\(row.name)\(padding)  \(row.title)")
      }
    }
  }
}
