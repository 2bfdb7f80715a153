import Foundation
import Testing
import _TestSupport

@Suite("noise")
struct NoiseTests {
  private let tool: Tool

  init() throws { tool = try Tool() }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The tool under a shell, for pipes: `$0` is the executable.
  private func shell(_ script: String) throws -> Tool.Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("crossbar-gan").path
    process.arguments = ["-c", script, executable]
    process.currentDirectoryURL = URL(fileURLWithPath: tool.folder.path)
    for name in ["stdout.txt", "stderr.txt"] {
      try Data().write(to: URL(fileURLWithPath: tool.path(name)))
    }
    process.standardOutput = FileHandle(forWritingAtPath: tool.path("stdout.txt"))
    process.standardError = FileHandle(forWritingAtPath: tool.path("stderr.txt"))
    try process.run()
    return try tool.finish(process)
  }

  @Test func `Bits are packed and counted, equal seeds give equal files`() throws {
    for (file, seed) in [("a.bin", "7"), ("b.bin", "7"), ("c.bin", "8")] {
      let result = try tool.run(
        "noise", "generate", "--source", "switching", "--bits", "100003", "--out", file, "--seed",
        seed)
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.contains("entropy"))
    }
    #expect(try tool.bytes("a.bin").count == 12_501)
    #expect(try tool.bytes("a.bin").last.map { $0 & 0x1F } == 0)
    #expect(try tool.bytes("a.bin") == tool.bytes("b.bin"))
    #expect(try tool.bytes("a.bin") != tool.bytes("c.bin"))
  }

  @Test func `A stream has the bytes of the file, its statistics are on standard error`() throws {
    let arguments = "noise generate --source switching:xor4 --bits 64000 --json"
    let file = try shell("\"$0\" \(arguments) --out a.bin && \"$0\" \(arguments) --out - > b.bin")
    #expect(file.code == 0, "\(file.errors)")
    #expect(try tool.bytes("a.bin") == tool.bytes("b.bin"))
    for text in [file.output, file.errors] {
      let answer = try object(text)
      #expect(answer["written_bits"] as? Int == 64_000)
      let noise = try #require(answer["noise"] as? [String: Any])
      #expect(noise["source"] as? String == "switching:xor4")
      #expect(try #require(noise["energy_per_bit_J"] as? Double) > 1e-11)
      #expect(try #require(noise["wear"] as? [String: Any])["devices"] as? Int == 1024)
    }
  }

  @Test func `An endless stream ends quietly with its reader`() throws {
    let result = try shell(
      "{ \"$0\" noise generate --source lfsr32 --bits 0 --out - ; echo $? > code; } | head -c 100000"
        + " > part.bin")
    #expect(result.code == 0)
    #expect(try tool.bytes("part.bin").count == 100_000)
    #expect(try tool.text("code") == "0\n")
    #expect(!result.errors.contains("crossbar-gan:"))
  }

  @Test(arguments: ["biased:p=0.6", "frozen", "switching:raw,control=column"])
  func `A source that fails writes nothing unless told to go on`(source: String) throws {
    let arguments = ["noise", "generate", "--source", source, "--bits", "200000", "--out", "x.bin"]
    let refused = try tool.finish(tool.start(arguments))
    #expect(refused.code == 70)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.split(separator: "\n").count == 1)
    #expect(refused.errors.contains("--keep-going"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: tool.folder.path).sorted()
        == ["stderr.txt", "stdout.txt"])
    let stream = try shell("\"$0\" \(arguments.dropLast().joined(separator: " ")) - | wc -c")
    #expect(stream.output.filter { !$0.isWhitespace } == "0")
    let going = try tool.finish(tool.start(arguments + ["--keep-going"]))
    #expect(going.code == 0)
    #expect(try tool.bytes("x.bin").count == 25_000)
  }

  @Test func `Recorded bits are tested`() throws {
    for (source, code) in [("switching", Int32(0)), ("biased:p=0.55", 70)] {
      let made = try tool.run(
        "noise", "generate", "--source", source, "--bits", "1000000", "--out", "x.bin",
        "--keep-going")
      #expect(made.code == 0)
      let tested = try tool.run("noise", "test", "x.bin", "--json")
      #expect(tested.code == code)
      let answer = try object(tested.output)
      #expect(answer["passed"] as? Bool == (code == 0))
      #expect((answer["tests"] as? [Any])?.count == 12)
      #expect(try tool.run("noise", "test", "x.bin", "--bits", "50000").code == code)
    }
    #expect(try tool.run("noise", "test", "x.bin", "--bits", "1000001").code == 65)
    #expect(try tool.run("noise", "test", "none.bin").code == 66)
  }

  @Test func `Bad input has its exit code and one line`() throws {
    let generate = ["noise", "generate", "--bits", "1000", "--out", "x.bin", "--source"]
    let cases: [([String], Int32)] = [
      (generate + ["nothing"], 64), (generate + ["switching:xor5"], 64),
      (generate + ["biased:q=0.5"], 64), (generate + ["thermal:bits=4"], 64),
      (generate + ["telegraph"], 65),
      (generate + ["switching", "--calibration", "ideal"], 65),
      (generate + ["file:none.bin"], 66), (generate + ["switching", "--health-alpha", "2"], 64),
      (["noise", "generate", "--source", "lfsr16", "--bits", "0", "--out", "x.bin"], 64),
      (["noise", "generate", "--source", "lfsr16", "--bits", "9", "--out", "no/x.bin"], 73),
    ]
    for (arguments, code) in cases {
      let result = try tool.finish(tool.start(arguments))
      #expect(result.code == code, "\(arguments): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1)
    }
    #expect(!tool.exists("x.bin"))
    #expect(
      try shell("\"$0\" noise generate --source lfsr16 --bits 9 --out - > /dev/full").code == 74)
  }

  @Test func `A recording streams to its end`() throws {
    let script =
      "\"$0\" noise generate --source lfsr32 --bits 8000 --out all.bin"
      + " && \"$0\" noise generate --source file:all.bin --bits 0 --out - > copy.bin"
    let result = try shell(script)
    #expect(result.code == 0, "\(result.errors)")
    #expect(try tool.bytes("copy.bin") == tool.bytes("all.bin"))
  }

  @Test func `Links and pipes are written through, not replaced`() throws {
    let script =
      "\"$0\" noise generate --source lfsr32 --bits 8000 --out all.bin > t"
      + " && ln -s target.bin link.bin && : > target.bin && mkfifo pipe"
      + " && \"$0\" noise generate --source lfsr32 --bits 8000 --out link.bin > t"
      + " && { cat pipe > piped.bin & }"
      + " && \"$0\" noise generate --source lfsr32 --bits 8000 --out pipe > t; wait"
      + " && [ -h link.bin ] && [ -p pipe ]"
    let result = try shell(script)
    #expect(result.code == 0, "\(result.errors)")
    #expect(try tool.bytes("target.bin") == tool.bytes("all.bin"))
    #expect(try tool.bytes("piped.bin") == tool.bytes("all.bin"))
  }

  @Test func `A recording that is too short is refused with nothing written`() throws {
    let recorded = try tool.run(
      "noise", "generate", "--source", "lfsr32", "--bits", "8000", "--out", "short.bin")
    #expect(recorded.code == 0)
    let refused = try tool.run(
      "noise", "generate", "--source", "file:short.bin", "--bits", "8001", "--out", "x.bin")
    #expect(refused.code == 65)
    #expect(refused.errors.contains("8000 bits"))
    #expect(!tool.exists("x.bin"))
    try tool.prepareTinyRun()
    let run = try tool.run(
      "train", "--config", "run.toml", "--noise", "file:short.bin", "--out", "a")
    #expect(run.code == 65)
    #expect(run.errors.contains("short.bin"))
  }
}

@Suite("train --noise")
struct TrainNoiseTests {
  private let tool: Tool

  init() throws {
    tool = try Tool()
    try tool.prepareTinyRun()
  }

  private func manifest(_ run: String) throws -> [String: Any] {
    let bytes = try tool.bytes("\(run)/manifest.json")
    return try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  @Test(arguments: ["uniform", "lfsr16", "switching", "switching:xor4", "thermal", "switching:raw"])
  func `Every source trains, with the same bits on one thread and two`(source: String) throws {
    let options = ["--config", "run.toml", "--noise", source, "--noise-bits", "8"]
    let whole = try tool.finish(tool.start(["train"] + options + ["--out", "a"]))
    #expect(whole.code == 0, "\(whole.errors)")
    let other = try tool.finish(tool.start(["train"] + options + ["--out", "b", "--threads", "1"]))
    #expect(other.code == 0)
    #expect(try tool.bytes("a/checkpoint") == tool.bytes("b/checkpoint"))
    let ledgers = try [manifest("a"), manifest("b")].map { $0["ledger"] as? NSDictionary }
    #expect(ledgers[0] == ledgers[1])
    let training = try #require(
      (try manifest("a")["ledger"] as? [String: Any])?["training"] as? [String: Any])
    let costs = source != "uniform" && source != "lfsr16"
    #expect(((training["energy_noise_J"] as? Double) ?? 0 > 0) == costs)
    if source.hasPrefix("switching") {
      #expect(try #require(training["noise_cycles"] as? Int) > 0)
      let noise = try #require(try manifest("a")["noise"] as? [String: Any])
      #expect(noise["source"] as? String == source)
      #expect(noise["bits"] as? Int == training["noise_bits"] as? Int)
    }
  }

  @Test(arguments: ["biased:p=0.4", "frozen"])
  func `Unfit sources need permission`(source: String) throws {
    let options = ["train", "--config", "run.toml", "--noise", source, "--out", "a"]
    let refused = try tool.finish(tool.start(options))
    #expect(refused.code == 70)
    #expect(refused.errors.contains("--keep-going"))
    #expect(!tool.exists("a"))
    #expect(try tool.finish(tool.start(options + ["--keep-going"])).code == 0)
  }

  @Test func `Latents per step and reuse change the run and what it costs`() throws {
    let text = try tool.text("run.toml")
    func bits(_ name: String, _ lines: String) throws -> Int {
      try "\(text)\n[noise]\n\(lines)".write(
        toFile: tool.path("\(name).toml"), atomically: true, encoding: .utf8)
      let result = try tool.run(
        "train", "--config", "\(name).toml", "--noise", "lfsr32", "--out", name)
      #expect(result.code == 0, "\(result.errors)")
      let ledger = try #require(try manifest(name)["ledger"] as? [String: [String: Any]])
      return try #require(ledger["training"]?["noise_bits"] as? Int)
    }
    // Three epochs of four steps of 32 vectors of eight entries of four bits.
    #expect(try bits("one", "bits = 4") == 3 * 4 * 32 * 8 * 4)
    #expect(try bits("two", "bits = 4\nlatents = 2") == 2 * 3 * 4 * 32 * 8 * 4)
    #expect(try bits("reuse", "bits = 4\nreuse = 3") == 3 * 2 * 32 * 8 * 4)
    #expect(try tool.bytes("one/checkpoint") != tool.bytes("two/checkpoint"))
  }

  @Test func `Keys of the noise are checked and shown`() throws {
    for (key, value) in [
      ("bits", "2"), ("latents", "3"), ("reuse", "0"), ("shape", "\"round\""),
      ("health_window", "100"), ("health_alpha", "0.9"), ("colour", "1"),
    ] {
      try "[noise]\n\(key) = \(value)\n".write(
        toFile: tool.path("bad.toml"), atomically: true, encoding: .utf8)
      let result = try tool.run("train", "--config", "bad.toml", "--dry-run")
      #expect(result.code == 65, "\(key)")
      #expect(result.errors.contains("noise.\(key)"))
    }
    #expect(try tool.run("train", "--noise", "nothing", "--dry-run").code == 64)
    #expect(try tool.run("train", "--noise", "switching:xor3", "--dry-run").code == 64)
    let printed = try tool.run("train", "--noise", "switching:xor4", "--dry-run")
    #expect(printed.output.contains("noise = \"switching:xor4\""))
    #expect(printed.output.contains("health_window = 1024"))
  }
}
