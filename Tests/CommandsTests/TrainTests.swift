import Foundation
import Testing
import _TestSupport

@Suite("train, sample, evaluate")
struct TrainTests {
  private let tool: Tool

  init() throws {
    tool = try Tool()
    try tool.prepareTinyRun()
  }

  /// Rows of metrics without their last column, the clock's.
  private func timelessMetrics(_ run: String) throws -> [[Substring]] {
    let rows = try tool.text("\(run)/metrics.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let clock = try #require(rows.first?.firstIndex(of: "images_per_s"))
    return rows.map { row in row.indices.filter { $0 != clock }.map { row[$0] } }
  }

  private func object(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func manifest(_ run: String) throws -> [String: Any] {
    try object(tool.text("\(run)/manifest.json"))
  }

  /// Everything of a run that must not depend on how it was carried out.
  private func expectSameBits(_ one: String, _ other: String) throws {
    #expect(try timelessMetrics(one) == timelessMetrics(other))
    #expect(try tool.bytes("\(one)/checkpoint") == tool.bytes("\(other)/checkpoint"))
    let sheets = try FileManager.default.contentsOfDirectory(atPath: tool.path("\(one)/samples"))
    for sheet in sheets {
      #expect(
        try tool.bytes("\(one)/samples/\(sheet)") == tool.bytes("\(other)/samples/\(sheet)"))
    }
    let (left, right) = (try manifest(one), try manifest(other))
    #expect(left["ledger"] as? NSDictionary == right["ledger"] as? NSDictionary)
  }

  @Test func `A run leaves its files`() throws {
    let result = try tool.run("train", "--config", "run.toml", "--out", "a")
    #expect(result.code == 0, "\(result.errors)")
    let header = try tool.text("a/metrics.csv").split(separator: "\n").first
    #expect(
      header == """
        epoch,generator_loss,discriminator_loss,d_real,d_fake,frechet,score,precision,recall,\
        density,coverage,classes_over_1pct,kl,published_accuracy,energy_forward_J,\
        energy_backward_J,energy_program_selected_J,energy_program_half_J,energy_noise_J,\
        energy_periphery_J,pulses,hardware_s,images_per_s,half_selections,disturb_S,weak_pulses,\
        tiles_solved,ir_drop_read_median,ir_drop_read_largest,ir_drop_write_median,\
        ir_drop_write_largest,wire_read_error_largest,wire_write_error_median,wire_write_error_p99,\
        published_energy_J
        """)
    #expect(try timelessMetrics("a").dropFirst().map(\.first) == ["1", "2", "3"])
    for epoch in 1...3 { #expect(tool.exists("a/samples/epoch-000\(epoch).png")) }
    let manifest = try manifest("a")
    #expect(manifest["status"] as? String == "finished")
    #expect(manifest["exit"] as? Int == 0)
    #expect(manifest["seed"] as? Int == 5)
    let ledger = try #require(manifest["ledger"] as? [String: [String: Any]])
    #expect(try #require(ledger["training"]?["pulses"] as? Int) > 0)
  }

  @Test func `JSON has a line per epoch with the columns as keys`() throws {
    let result = try tool.run("train", "--config", "run.toml", "--out", "a", "--json")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 3)
    let columns = try #require(try tool.text("a/metrics.csv").split(separator: "\n").first)
    for line in lines {
      #expect(try Set(object(line).keys) == Set(columns.split(separator: ",").map(String.init)))
    }
    #expect(try object(lines[0])["published_accuracy"] is NSNull)
  }

  @Test func `One class has a published accuracy`() throws {
    let result = try tool.run(
      "train", "--config", "run.toml", "--classes", "3", "--epochs", "1", "--out", "a", "--json",
      "--batch", "8")
    let row = try object(result.output)
    #expect(row["published_accuracy"] is Double || row["published_accuracy"] is Int)
  }

  @Test func `Threads do not change a bit`() throws {
    #expect(
      try tool.run("train", "--config", "run.toml", "--threads", "1", "--out", "one").code == 0)
    #expect(
      try tool.run("train", "--config", "run.toml", "--threads", "2", "--out", "two").code == 0)
    try expectSameBits("one", "two")
  }

  @Test(arguments: [SIGKILL, SIGINT, SIGTERM])
  func `A stopped and resumed run ends with the same bits`(signal: Int32) throws {
    try tool.prepareTinyRun(epochs: 60)
    #expect(try tool.run("train", "--config", "run.toml", "--out", "whole").code == 0)
    let process = try tool.start(["train", "--config", "run.toml", "--out", "cut"])
    while !tool.exists("cut/samples/epoch-0004.png") && process.isRunning { usleep(500) }
    kill(process.processIdentifier, signal)
    let stopped = try tool.finish(process)
    if signal != SIGKILL {
      #expect(stopped.code == 75)
      #expect(stopped.errors.contains("crossbar-gan train --resume --out cut"))
      #expect(try manifest("cut")["status"] as? String == "interrupted")
    }
    #expect(!tool.exists("cut/samples/epoch-0060.png"), "the run was to be stopped half way")
    let resumed = try tool.run("train", "--resume", "--out", "cut", "--threads", "1", "--json")
    #expect(resumed.code == 0, "\(resumed.errors)")
    try expectSameBits("whole", "cut")
  }

  @Test func `Behind wires a resumed run ends with the same bits, on two threads too`() throws {
    try tool.prepareTinyRun(epochs: 6, wires: "compensated")
    #expect(try tool.run("train", "--config", "run.toml", "--out", "whole").code == 0)
    let process = try tool.start(["train", "--config", "run.toml", "--out", "cut"])
    while !tool.exists("cut/samples/epoch-0002.png") && process.isRunning { usleep(500) }
    kill(process.processIdentifier, SIGKILL)
    _ = try tool.finish(process)
    let resumed = try tool.run("train", "--resume", "--out", "cut", "--threads", "2")
    #expect(resumed.code == 0, "\(resumed.errors)")
    try expectSameBits("whole", "cut")
    let rows = try tool.text("cut/metrics.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    func last(_ column: String) throws -> Double {
      let at = try #require(rows[0].firstIndex(of: column))
      return try #require(Double(rows[rows.count - 1][at]))
    }
    #expect(try last("disturb_S") > 0)
    #expect(try last("wire_write_error_p99") < 0.02)
    #expect(try last("wire_read_error_largest") < 0.01)
    #expect(resumed.output.contains("against exact solves"))
  }

  @Test func `A run cut between checkpoint and row completes it`() throws {
    #expect(try tool.run("train", "--config", "run.toml", "--out", "whole").code == 0)
    #expect(try tool.run("train", "--config", "run.toml", "--out", "cut").code == 0)
    let rows = try tool.text("cut/metrics.csv").split(separator: "\n").dropLast()
    try (rows.joined(separator: "\n") + "\n").write(
      toFile: tool.path("cut/metrics.csv"), atomically: true, encoding: .utf8)
    try FileManager.default.removeItem(atPath: tool.path("cut/samples/epoch-0003.png"))
    try setStatus("running", of: "cut")
    #expect(try tool.run("train", "--resume", "--out", "cut").code == 0)
    try expectSameBits("whole", "cut")
  }

  /// Puts a manifest into the state that a killed process leaves.
  private func setStatus(_ status: String, of run: String) throws {
    let text = try tool.text("\(run)/manifest.json")
      .replacingOccurrences(of: "\"status\": \"finished\"", with: "\"status\": \"\(status)\"")
    try text.write(toFile: tool.path("\(run)/manifest.json"), atomically: true, encoding: .utf8)
  }

  @Test func `Resume keeps to the run's options`() throws {
    // Without a checkpoint a run begins.
    #expect(try tool.run("train", "--config", "run.toml", "--out", "a", "--resume").code == 0)
    let before = try tool.bytes("a/checkpoint")
    let again = try tool.run("train", "--resume", "--out", "a", "--threads", "1", "--json")
    #expect(again.code == 0)
    #expect(again.output.isEmpty)
    let same = try tool.run("train", "--config", "run.toml", "--resume", "--out", "a")
    #expect(same.code == 0)
    let other = try tool.run(
      "train", "--resume", "--out", "a", "--epochs", "9", "--noise", "uniform")
    #expect(other.code == 64)
    #expect(other.errors.contains("--epochs, --noise") || other.errors.contains("--noise"))
    #expect(try tool.bytes("a/checkpoint") == before)
    #expect(try tool.run("train", "--resume").code == 64)
  }

  @Test func `A folder in use is not written to`() throws {
    try FileManager.default.createDirectory(
      atPath: tool.path("a"), withIntermediateDirectories: true)
    #expect(try tool.run("train", "--config", "run.toml", "--out", "a").code == 0)
    let before = try tool.bytes("a/metrics.csv")
    let second = try tool.run("train", "--config", "run.toml", "--out", "a", "--seed", "8")
    #expect(second.code == 73)
    #expect(second.errors.hasPrefix("crossbar-gan: a: exists and is not empty"))
    #expect(try tool.bytes("a/metrics.csv") == before)
  }

  @Test func `A damaged checkpoint stops everything and stays`() throws {
    #expect(try tool.run("train", "--config", "run.toml", "--out", "a").code == 0)
    try setStatus("running", of: "a")
    var bytes = try tool.bytes("a/checkpoint")
    bytes[bytes.count / 2] ^= 4
    try bytes.write(to: URL(fileURLWithPath: tool.path("a/checkpoint")))
    let manifest = try tool.bytes("a/manifest.json")
    for arguments in [
      ["train", "--resume", "--out", "a"],
      ["sample", "--run", "a", "--count", "1", "--out", "x.png"],
      ["evaluate", "--run", "a"],
    ] {
      let result = try tool.finish(tool.start(arguments))
      #expect(result.code == 65)
      #expect(result.errors.hasPrefix("crossbar-gan: a/checkpoint: checkpoint is damaged"))
      #expect(result.errors.split(separator: "\n").count == 1)
    }
    #expect(try tool.bytes("a/checkpoint") == bytes)
    #expect(try tool.bytes("a/manifest.json") == manifest)
    #expect(!tool.exists("x.png"))
  }

  @Test func `A read-only place is refused`() throws {
    // The superuser writes through permissions, but not into a file or sysfs.
    try "".write(toFile: tool.path("file"), atomically: true, encoding: .utf8)
    var places = ["file/run", "file", "/sys/crossbar-gan-run"]
    if geteuid() != 0 {
      try FileManager.default.createDirectory(
        atPath: tool.path("locked"), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o555])
      places.append("locked/run")
    }
    for place in places {
      let result = try tool.run("train", "--config", "run.toml", "--out", place)
      #expect(result.code == 73, "\(place): \(result.errors)")
      #expect(result.errors.hasPrefix("crossbar-gan: \(place): "))
      #expect(result.errors.split(separator: "\n").count == 1)
    }
  }

  @Test func `A diverged run leaves valid files`() throws {
    let more = "\n[digital]\noptimizer = \"sgd\"\nrate = 1e6\n"
    try (try tool.text("run.toml") + more).write(
      toFile: tool.path("run.toml"), atomically: true, encoding: .utf8)
    let result = try tool.run(
      "train", "--config", "run.toml", "--backend", "digital", "--out", "a", "--json")
    #expect(result.code == 0, "\(result.errors)")
    for line in result.output.split(separator: "\n") { _ = try object(line) }
    #expect(try manifest("a")["status"] as? String == "finished")
    #expect(try manifest("a")["diverged_epoch"] is Int)
    #expect(!(try tool.text("a/metrics.csv")).contains("nan"))
  }

  @Test func `A run that is to stop when it has collapsed does, with its checkpoint`() throws {
    let more = "\n[digital]\noptimizer = \"sgd\"\nrate = 1e6\n"
    try (try tool.text("run.toml") + more).write(
      toFile: tool.path("run.toml"), atomically: true, encoding: .utf8)
    let arguments = ["train", "--config", "run.toml", "--backend", "digital", "--out", "a"]
    let result = try tool.finish(tool.start(arguments + ["--stop-on-collapse"]))
    #expect(result.code == 70, "\(result.errors)")
    #expect(result.errors.contains("training has collapsed in epoch"))
    #expect(result.errors.contains("DIVERGED, a loss is not finite from step"))
    #expect(result.errors.contains("--resume --out a"))
    #expect(try manifest("a")["status"] as? String == "failed")
    #expect(try manifest("a")["exit"] as? Int == 70)
    let done = try #require(try manifest("a")["completed_epochs"] as? Int)
    #expect(tool.exists("a/checkpoint") == (done > 0))
    // In spite of it, and to its end.
    let rest = try tool.finish(tool.start(arguments + ["--resume"]))
    #expect(rest.code == 0, "\(rest.errors)")
  }

  @Test func `A run goes on under other kernels with a warning and a record`() throws {
    try tool.prepareTinyRun(epochs: 60)
    let process = try tool.start(
      ["train", "--config", "run.toml", "--out", "a"],
      environment: ["OPENBLAS_CORETYPE": "Sandybridge"])
    while !tool.exists("a/samples/epoch-0004.png") && process.isRunning { usleep(500) }
    kill(process.processIdentifier, SIGINT)
    #expect(try tool.finish(process).code == 75)
    let begun = try #require(try manifest("a")["kernels"] as? [[String: Any]])
    let versions = try #require(try manifest("a")["versions"] as? [String: Any])
    #expect(begun.count == 1)
    #expect(begun[0]["instruction_set"] is String)
    #expect(versions["blas_kernel"] as? String == begun[0]["blas_kernel"] as? String)
    // A BLAS for one processor takes no orders.
    guard begun[0]["blas_kernel"] as? String == "Sandybridge" else { return }
    let resumed = try tool.finish(
      tool.start(
        ["train", "--resume", "--out", "a"], environment: ["OPENBLAS_CORETYPE": "Nehalem"]))
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("products are computed by the kernels Nehalem"))
    let kernels = try #require(try manifest("a")["kernels"] as? [[String: Any]])
    #expect(kernels.map { $0["blas_kernel"] as? String } == ["Sandybridge", "Nehalem"])
    #expect(kernels[1]["after_epoch"] as? Int ?? 0 >= 4)
  }

  @Test func `Samples repeat and evaluation agrees with the last row`() throws {
    #expect(try tool.run("train", "--config", "run.toml", "--out", "a").code == 0)
    for name in ["one.npy", "two.npy", "one.idx", "sheet.png"] {
      #expect(try tool.run("sample", "--run", "a", "--count", "7", "--out", name).code == 0)
    }
    #expect(
      try tool.run(
        "sample", "--run", "a", "--count", "7", "--out", "other.npy", "--seed", "1"
      ).code == 0)
    #expect(try tool.bytes("one.npy") == tool.bytes("two.npy"))
    #expect(try tool.bytes("one.npy") != tool.bytes("other.npy"))
    #expect(try tool.bytes("one.npy").suffix(7 * 784) == tool.bytes("one.idx").suffix(7 * 784))
    #expect(try tool.bytes("one.idx").count == 16 + 7 * 784)
    let evaluation = try object(tool.run("evaluate", "--run", "a", "--json").output)
    let cells = try #require(try timelessMetrics("a").last)
    #expect(evaluation["frechet"] as? Double == Double(cells[5]))
    #expect(evaluation["images"] as? Int == 60)
    let images = try tool.run("evaluate", "--images", "one.idx", "--data", "data", "--json")
    #expect(try object(images.output)["images"] as? Int == 7)
  }

  @Test func `A dry run prints a configuration and touches nothing`() throws {
    let first = try tool.run("train", "--config", "run.toml", "--seed", "9", "--dry-run")
    #expect(first.code == 0)
    try first.output.write(toFile: tool.path("dry.toml"), atomically: true, encoding: .utf8)
    let second = try tool.run("train", "--config", "dry.toml", "--dry-run")
    #expect(second.output == first.output)
    #expect(first.output.contains("\nseed = 9\n"))
    #expect(!tool.exists("runs"))
  }
}
