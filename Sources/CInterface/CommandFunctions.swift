// The names are those of the C header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CCrossbarGAN
import Commands
import Failures
import Foundation
import Runs

// Sound: written once, never freed, only read.
nonisolated(unsafe) private let version = strdup(Versions.program)

@c @implementation
public func cgan_version() -> UnsafePointer<CChar>? { UnsafePointer(version) }

@c @implementation
public func cgan_free(_ text: UnsafeMutablePointer<CChar>?) { free(text) }

@c @implementation
public func cgan_close(
  _ handle: UInt64, _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in try Registry.close(handle) }
}

@c @implementation
public func cgan_main() { RootCommand.runAndExit() }

@c @implementation
public func cgan_run(
  _ count: Int32, _ arguments: UnsafePointer<UnsafePointer<CChar>?>?, _ listener: cgan_listener?,
  _ context: UnsafeMutableRawPointer?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  problem?.pointee = nil
  var words: [String] = []
  let code = reporting(problem) { () throws(Failure) in
    for index in 0..<Int(max(0, count)) {
      words.append(try text(try present(arguments, "arguments")[index], "argument \(index)"))
    }
  }
  guard code == 0 else { return code }
  let handlers = SignalHandlers()
  defer { handlers.restore() }
  // Sound: the caller answers for what it hands through; it is only passed on.
  nonisolated(unsafe) let context = context
  let ending = RootCommand.carryOut(words) { stream, bytes in
    let characters = bytes.bindMemory(to: CChar.self)
    if let listener, listener(context, stream, characters.baseAddress, characters.count) != 0 {
      StopRequest.ask()
    }
  }
  if let text = ending.problem { problem?.pointee = strdup(text) }
  return ending.code
}

/// What the process did on signals before a command took them.
private struct SignalHandlers {
  private let actions: [(number: Int32, action: sigaction)]

  init() {
    actions = [SIGINT, SIGTERM, SIGHUP].map { number in
      var action = sigaction()
      sigaction(number, nil, &action)
      return (number, action)
    }
  }

  func restore() {
    for (number, action) in actions {
      var action = action
      sigaction(number, &action, nil)
    }
  }
}
