import Foundation

/// Ends a command when whoever started it is gone, however that happened.
enum InputWatch {
  /// Reads standard input to its end, aside, and then asks this process to stop as Ctrl-C does.
  static func start() {
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
      }
      kill(getpid(), SIGTERM)
    }
  }
}
