import Foundation
import Testing
import _TestSupport

/// What a user, a script or a stranger's file can do to a command.
@Suite("Robustness of commands")
struct RobustnessTests {
  private let tool: Tool

  init() throws { tool = try Tool() }

  /// Runs a shell line in which `$0` is the tool.
  private func shell(_ line: String) throws -> Tool.Result {
    try tool.finish(tool.start(shell: line))
  }

  private func write(_ text: String, _ name: String) throws {
    try text.write(toFile: tool.path(name), atomically: true, encoding: .utf8)
  }

  @Test(arguments: [
    "array solve --conductances g.csv --inputs v.csv", "device list", "device list --json",
    "device current --conductance 5e-5 --voltage 0.1", "train --dry-run", "--help", "--version",
    "noise generate --source lfsr32 --bits 100000 --out -",
  ])
  func `A full disk behind standard output is a failure`(_ arguments: String) throws {
    try write("1e-5,2e-5\n3e-5,4e-5\n", "g.csv")
    try write("0.1,0.2\n", "v.csv")
    let result = try shell("\"$0\" \(arguments) > /dev/full")
    #expect(result.code == 74, "\(arguments): \(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func `Pipes are read like files, twice where a command needs it`() throws {
    try tool.prepareTinyRun()
    try write("1e-5,2e-5\n3e-5,4e-5\n", "g.csv")
    try write("0.1,0.2\n", "v.csv")
    for line in [
      "cat run.toml | \"$0\" train --config /dev/stdin --dry-run",
      "mkfifo p; cat run.toml > p & \"$0\" train --config p --dry-run",
      "cat g.csv | \"$0\" array solve --conductances /dev/stdin --inputs v.csv",
      "cat v.csv | \"$0\" array solve --conductances g.csv --inputs /dev/stdin",
    ] {
      let result = try shell(line)
      #expect(result.code == 0, "\(line): \(result.errors)")
      #expect(!result.output.isEmpty)
    }
  }

  @Test func `Outputs with an empty name are refused`() throws {
    for arguments in [
      ["train", "--out", ""], ["train", "--resume", "--out", ""],
      ["study", "run", "none.toml", "--out", ""], ["study", "report", ".", "--out", ""],
      ["noise", "generate", "--source", "lfsr32", "--bits", "64", "--out", ""],
    ] {
      let result = try tool.finish(tool.start(arguments))
      #expect(result.code == 64, "\(arguments): \(result.errors)")
    }
  }

  @Test(arguments: [
    "a = " + String(repeating: "[", count: 100_000), "[a", "a = \"\\", "a = {b = {",
    "[run]\nepochs = 1e-400",
    "[networks]\ngenerator = [\"100\", \"deconv 1 5x5 stride 9223372036854775807\"]",
    "[networks]\ngenerator = [\"100\", \"dense 65536x65536x65536\", \"dense 65536x65536x65536\"]",
    "[run]\nextrapolate = true\n[weights]\nclip_S = [0, 1e-3]",
  ])
  func `Configurations that cannot be are refused with one line`(_ text: String) throws {
    try write(text, "bad.toml")
    let result = try tool.run("train", "--config", "bad.toml", "--dry-run")
    #expect([64, 65].contains(result.code), "\(result.code) \(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(result.errors.count < 1200)
  }

  @Test func `A long name with control characters makes one short line`() throws {
    let hostile = "\u{1b}[31m\n" + String(repeating: "x", count: 5000)
    let result = try tool.run("train", "--config", hostile)
    #expect(result.code == 66)
    #expect(result.errors.split(separator: "\n").count == 1 && result.errors.count < 800)
    #expect(!result.errors.contains("\u{1b}"))
  }

  @Test func `Under a small address space a command ends with a sentence`() throws {
    let result = try shell("ulimit -v 400000; exec timeout 20 \"$0\" device list")
    #expect(result.code == 71)
    #expect(result.errors.contains("address space"))
  }

  @Test(arguments: ["TERM", "HUP", "KILL"])
  func `A signal leaves no unfinished file behind`(_ signal: String) throws {
    let result = try shell(
      "\"$0\" noise generate --source lfsr32 --bits 80000000000 --out bits & "
        + "sleep 0.5; kill -\(signal) $!; wait $!; ls")
    #expect(!result.output.contains("bits"), "\(result.output)")
  }

  @Test func `A limit of the file's size fails like a full disk and leaves nothing`() throws {
    let result = try shell(
      "ulimit -f 10; \"$0\" noise generate --source lfsr32 --bits 8000000 --out bits; "
        + "echo $?; ls")
    #expect(result.output.hasPrefix("74\n"), "\(result.output) \(result.errors)")
    #expect(!result.output.contains("bits"))
  }

  @Test func `Resuming where nothing is says that a new run starts`() throws {
    try tool.prepareTinyRun()
    let result = try tool.run(
      "train", "--resume", "--out", "new", "--data", "none", "--quiet")
    #expect(result.errors.contains("holds no run to continue"))
    #expect(!tool.exists("new"))
  }

  @Test func `Of two processes that start one run, one is refused`() throws {
    try tool.prepareTinyRun(epochs: 20)
    let result = try shell(
      "\"$0\" train --config run.toml --out run --quiet >/dev/null 2>first & a=$!; "
        + "\"$0\" train --config run.toml --out run --quiet >/dev/null 2>second & b=$!; "
        + "wait $a; x=$?; wait $b; y=$?; echo $x $y")
    #expect(["0 73\n", "73 0\n"].contains(result.output), "\(result.output)")
  }
}
