import Foundation

/// What signals mean to every command.
enum ProcessSignals {
  /// Makes a write beyond the limit of a file's size fail instead of ending the process.
  ///
  /// Files under way have no name yet (`OutputTarget`), so that the signals that end a process leave
  /// nothing behind.
  static func prepare() { signal(SIGXFSZ, SIG_IGN) }
}
