import Failures
import Foundation

/// A process of this executable, in a process group of its own: Ctrl-C reaches it only through its
/// parent, once.
struct ChildProcess {
  private let number: pid_t

  /// How a process ended.
  enum Ending: Equatable {
    case exited(code: Int32)
    case killed(signal: Int32)
  }

  /// Starts this executable again with other arguments.
  ///
  /// - Parameters:
  ///   - standardInput: a descriptor the child reads from.
  ///   - log: receives what the child says on standard error; standard output goes nowhere.
  static func start(
    arguments: [String], standardInput: Int32, log: String
  ) throws(Failure) -> ChildProcess {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // The log is opened by name: a link there would be written through.
    unlink(log)
    posix_spawn_file_actions_adddup2(&actions, standardInput, STDIN_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    posix_spawnattr_setsigmask(&attributes, &unblocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    var argv = CStrings(["crossbar-gan"] + arguments)
    var envp = CStrings(environment)
    defer {
      argv.free()
      envp.free()
    }
    var number = pid_t()
    // In the child this link still is the parent's program, even if its file has been replaced.
    let status = posix_spawn(
      &number, "/proc/self/exe", &actions, &attributes, argv.pointers, envp.pointers)
    guard status == 0 else {
      let cause = String(cString: strerror(status))
      let isRoom = [ENOSPC, EDQUOT, EROFS, EACCES].contains(status)
      throw Failure(
        isRoom ? .inputOutput : .internal, at: log, "a run cannot be started (\(cause))")
    }
    return ChildProcess(number: number)
  }

  /// How the process ended, or nil while it runs; to be asked until it answers, and then no more.
  func poll() -> Ending? {
    var status: Int32 = 0
    guard waitpid(number, &status, WNOHANG) == number else { return nil }
    let signal = status & 0x7f
    return signal == 0 ? .exited(code: status >> 8 & 0xff) : .killed(signal: signal)
  }

  /// Asks the process to stop cleanly.
  func interrupt() { kill(number, SIGINT) }
}

/// Strings as C functions take them: a list that ends in a null pointer.
private struct CStrings {
  private(set) var pointers: [UnsafeMutablePointer<CChar>?]

  init(_ strings: [String]) { pointers = strings.map { strdup($0) } + [nil] }

  mutating func free() {
    for pointer in pointers { Foundation.free(pointer) }
    pointers = [nil]
  }
}

/// A pipe that only this process can write to: readers see its end when the process dies, in
/// whatever way.
struct LifeLine: ~Copyable {
  let readEnd: Int32
  private let writeEnd: Int32

  init() throws(Failure) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
      throw Failure(
        .internal, at: "pipe", "cannot be made (\(String(cString: strerror(errno))))")
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }
}
