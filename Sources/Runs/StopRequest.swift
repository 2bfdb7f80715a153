import Foundation
import Synchronization

/// Ctrl-C, termination and the loss of the terminal, taken as a request to stop at the next step.
package enum StopRequest {
  private static let signal = Atomic<Int32>(0)

  /// Catches SIGINT, SIGTERM and SIGHUP from here on; a second one ends the process at once.
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
    // A run started with nohup goes on without its terminal.
    var hangUp = sigaction()
    sigaction(SIGHUP, nil, &hangUp)
    if hangUp.__sigaction_handler.sa_handler == nil { sigaction(SIGHUP, &action, nil) }
  }

  /// Asks for a stop as SIGTERM does, until the next ``listen()``.
  package static func ask() { signal.store(SIGTERM, ordering: .relaxed) }

  /// Whether a stop has been asked for.
  package static var isPending: Bool { signal.load(ordering: .relaxed) != 0 }

  /// The name of the signal that asked.
  static var signalName: String {
    switch signal.load(ordering: .relaxed) {
    case SIGINT: "SIGINT"
    case SIGHUP: "SIGHUP"
    default: "SIGTERM"
    }
  }
}
