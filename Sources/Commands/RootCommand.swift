package import ArgumentParser
import Failures
import Foundation
import Runs

/// `crossbar-gan`: a verb per file in this module.
package struct RootCommand: ParsableCommand {
  /// Name, help and verbs.
  package static let configuration = CommandConfiguration(
    commandName: "crossbar-gan",
    abstract: "Train generative adversarial networks on simulated passive memristor crossbars.",
    discussion: """
      Examples:
        crossbar-gan train
        crossbar-gan train --data mnist --epochs 10 --out runs/first
        crossbar-gan sample --run runs/first --count 100 --out digits.png
        crossbar-gan evaluate --run runs/first --json
        crossbar-gan device current --conductance 5e-5 --voltage 0.1,0.2,-0.4
        crossbar-gan noise generate --source switching --bits 1000000 --out bits.bin
        crossbar-gan study run study.toml

      Exit codes: 0 done, 64 usage, 65 bad data, 66 no input, 70 internal error or failed health test,
      71 too little address space, 73 cannot create output, 74 cannot read or write, 75 interrupted and resumable.
      """,
    version: Versions.program,
    subcommands: [
      TrainCommand.self, SampleCommand.self, EvaluateCommand.self, GradientsCommand.self,
      DeviceCommand.self,
      FitCommand.self, MeasureCommand.self,
      ArrayCommand.self, NoiseCommand.self, WeightsCommand.self, StudyCommand.self,
      HardwareCommand.self,
    ])

  /// A command to be filled by the parser.
  package init() {}
}

extension RootCommand {
  /// Parses the process's arguments, carries the command out and ends the process with its code.
  ///
  /// Results go to standard output; a failure is one line on standard error.
  package static func runAndExit() -> Never {
    ProcessSignals.prepare()
    let ending = carryOut(nil)
    if let problem = ending.problem { Console.error("crossbar-gan: \(problem)") }
    Foundation.exit(ending.code)
  }

  /// Carries a command out inside another program.
  ///
  /// - Parameters:
  ///   - arguments: those behind the program's name.
  ///   - listener: takes what the command says: 1 and results, or 2 and what is said on the way.
  package static func carryOut(
    _ arguments: [String],
    listener: @escaping @Sendable (_ descriptor: Int32, _ text: UnsafeRawBufferPointer) -> Void
  ) -> CommandEnding {
    Console.$guest.withValue(CommandGuest(arguments: arguments, listener: listener)) {
      carryOut(arguments)
    }
  }

  /// Arguments of nil are the process's.
  private static func carryOut(_ arguments: [String]?) -> CommandEnding {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      return CommandEnding(code: 0)
    } catch let failure as Failure {
      return CommandEnding(code: failure.kind.rawValue, problem: failure.description)
    } catch  where exitCode(for: error) == .validationFailure {
      let failure = Failure(.usage, at: "", message(for: error))
      return CommandEnding(code: failure.kind.rawValue, problem: failure.description)
    } catch {
      // Help, version and completions: results like any other.
      Console.print(fullMessage(for: error))
      return CommandEnding(code: exitCode(for: error).rawValue)
    }
  }
}

/// What a command ended with.
package struct CommandEnding: Sendable {
  /// The exit code of a process.
  package var code: Int32
  /// The line of the failure; nil when there was none.
  package var problem: String?
}

/// A command inside another program.
final class CommandGuest: Sendable {
  /// Those behind the program's name.
  let arguments: [String]
  /// Takes what the command says: standard output's bytes or standard error's.
  let listener: @Sendable (_ descriptor: Int32, _ text: UnsafeRawBufferPointer) -> Void

  init(
    arguments: [String],
    listener: @escaping @Sendable (_ descriptor: Int32, _ text: UnsafeRawBufferPointer) -> Void
  ) {
    self.arguments = arguments
    self.listener = listener
  }
}
