import Calibration
import Failures
import Foundation

/// The two streams of a command: results, and everything that is said on the way.
enum Console {
  /// The command that runs inside another program; nil for the process's own.
  @TaskLocal static var guest: CommandGuest?

  /// A line of results on standard output.
  static func print(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Results on standard output as they are.
  static func printText(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// A line for people on standard error.
  static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  /// Lines that a user should know, on standard error.
  static func notices(_ lines: [String]) {
    for line in lines { error("crossbar-gan: notice: \(line)") }
  }

  /// Text on standard error as it is.
  static func errorText(_ text: String) { write(text, to: STDERR_FILENO) }

  /// Columns of the terminal on standard error, or nil when it is none.
  static var terminalWidth: Int? {
    guard guest == nil, isatty(STDERR_FILENO) == 1,
      ProcessInfo.processInfo.environment["TERM"] != "dumb"
    else {
      return nil
    }
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    if let guest { return bytes.withUnsafeBytes { guest.listener(descriptor, $0) } }
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 {
        // When nobody listens any more there is nobody to tell; a result that is lost is a failure.
        guard descriptor == STDOUT_FILENO, errno != EPIPE else { return }
        error("crossbar-gan: standard output: \(String(cString: strerror(errno)))")
        exit(Failure.Kind.inputOutput.rawValue)
      }
      bytes = bytes.dropFirst(written)
    }
  }
}

extension Calibration {
  /// Loads a calibration as ``load(_:)`` and tells of former keys in it.
  static func loadWithNotices(_ nameOrPath: String) throws(Failure) -> Calibration {
    let calibration = try load(nameOrPath)
    Console.notices(calibration.notices)
    return calibration
  }
}
