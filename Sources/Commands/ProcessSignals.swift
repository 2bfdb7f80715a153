import Foundation

/// What signals mean to every command.
enum ProcessSignals {
  /// Makes a write beyond the limit of a file's size fail instead of ending the process, and takes
  /// the signals that ask it to end.
  ///
  /// Files under way have no name yet (`OutputTarget`), so that the signals that end a process leave
  /// nothing behind.
  static func prepare() {
    signal(SIGXFSZ, SIG_IGN)
    // A parent may have started this process with signals blocked; it could not be stopped.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
