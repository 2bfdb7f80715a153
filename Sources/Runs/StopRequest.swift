import Foundation
import Synchronization

/// Ctrl-C and termination, taken as a request to stop at the next step.
package enum StopRequest {
  private static let signal = Atomic<Int32>(0)

  /// Catches SIGINT and SIGTERM from here on; a second one ends the process at once.
  package static func listen() {
    // The first use of a global is not safe inside a handler.
    signal.store(0, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      StopRequest.signal.store(number, ordering: .relaxed)
    }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    // A parent may have started this process with signals blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Whether a stop has been asked for.
  package static var isPending: Bool { signal.load(ordering: .relaxed) != 0 }

  /// The name of the signal that asked.
  static var signalName: String {
    signal.load(ordering: .relaxed) == SIGINT ? "SIGINT" : "SIGTERM"
  }
}
