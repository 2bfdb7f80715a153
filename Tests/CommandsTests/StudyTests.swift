import Foundation
import Testing
import _TestSupport

@Suite("study")
struct StudyTests {
  private let tool: Tool

  init() throws {
    tool = try Tool()
    try TinyData().write(to: tool.path("data"))
    try writeStudy()
  }

  /// A study of runs that take a fraction of a second.
  private func writeStudy(
    epochs: Int = 2, grid: String = "run.noise = [\"gaussian\", \"uniform\"]\nrun.seed = [1, 2]\n"
  ) throws {
    let study = """
      name = "tiny"
      [run]
      epochs = \(epochs)
      batch = 32
      [data]
      source = "\(tool.path("data"))"
      limit = 128
      [networks]
      generator = [8, 12, 784]
      discriminator = [784, 12, 1]
      [wires]
      set = "off"
      [evaluation]
      epoch_fakes = 40
      final_fakes = 60
      [grid]
      \(grid)
      """
    try study.write(toFile: tool.path("study.toml"), atomically: true, encoding: .utf8)
  }

  /// What `study status` knows of the runs, by their names.
  private func states(_ folder: String) throws -> [String: [String: Any]] {
    let result = try tool.run("study", "status", folder, "--json")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let runs = try #require((object as? [String: Any])?["runs"] as? [[String: Any]])
    var states: [String: [String: Any]] = [:]
    for run in runs { states[try #require(run["id"] as? String)] = run }
    return states
  }

  private func count(_ status: String, in folder: String) throws -> Int {
    try states(folder).values.filter { $0["status"] as? String == status }.count
  }

  @Test func `A study runs, is done, and has a report`() throws {
    let plan = try tool.run("study", "plan", "study.toml", "--dry-run", "--json")
    #expect(plan.code == 0, "\(plan.errors)")
    #expect(plan.output.contains("\"points\":4"))
    let result = try tool.run("study", "run", "study.toml", "--json")
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.split(separator: "\n").count == 4)
    #expect(try count("finished", in: "studies/tiny") == 4)
    let again = try tool.run("study", "run", "study.toml", "--json")
    #expect(again.code == 0)
    #expect(again.output.isEmpty, "nothing is repeated")
    let report = try tool.run("study", "report", "study.toml", "--out", "report")
    #expect(report.code == 0, "\(report.errors)")
    #expect(report.output == "report/index.html\n")
    #expect(tool.exists("report/index.html"))
    let estimate = try tool.run("study", "plan", "study.toml")
    #expect(estimate.output.contains("4 finished runs"))
  }

  @Test func `A plan measures before there is a run`() throws {
    let plan = try tool.run("study", "plan", "study.toml", "--list", "--jobs", "2")
    #expect(plan.code == 0, "\(plan.errors)")
    #expect(plan.output.contains("short runs of 2 conditions"))
    #expect(plan.output.contains("gaussian"))
    #expect(!tool.exists("studies"))
  }

  @Test func `A grown grid keeps what is done`() throws {
    try writeStudy(grid: "run.seed = [1]\n")
    #expect(try tool.run("study", "run", "study.toml", "--json").code == 0)
    try writeStudy(grid: "run.seed = [1, 2, 3]\n")
    let grown = try tool.run("study", "run", "study.toml", "--json")
    #expect(grown.output.split(separator: "\n").count == 2)
    #expect(try count("finished", in: "studies/tiny") == 3)
  }

  @Test func `A typing error starts nothing`() throws {
    try writeStudy(grid: "run.nois = [\"gaussian\"]\n")
    let result = try tool.run("study", "run", "study.toml")
    #expect(result.code == 65)
    #expect(result.errors.contains("study.toml (nois=gaussian): run.nois: unknown key"))
    #expect(result.errors.contains("did you mean noise?"))
    #expect(!tool.exists("studies"))
    #expect(try tool.run("study", "run", "none.toml").code == 66)
    #expect(try tool.run("study", "status", "study.toml").code == 66)
    #expect(try tool.run("study", "report", "study.toml").code == 66)
    #expect(try tool.run("study", "run", "study.toml", "--jobs", "0").code == 64)
  }

  @Test func `A run that fails is recorded and the others go on`() throws {
    // A folder in the place of a checkpoint: this run fails, at its start, every time.
    let plan = try tool.run("study", "plan", "study.toml", "--dry-run", "--json")
    let object = try JSONSerialization.jsonObject(with: Data(plan.output.utf8))
    let runs = try #require((object as? [String: Any])?["runs"] as? [[String: Any]])
    let id = try #require(runs.first?["id"] as? String)
    try FileManager.default.createDirectory(
      atPath: tool.path("s/runs/\(id)/checkpoint"), withIntermediateDirectories: true)
    let result = try tool.run("study", "run", "study.toml", "--out", "s")
    #expect(result.code == 65, "\(result.errors)")
    #expect(result.errors.contains(id))
    #expect(try count("finished", in: "s") == 3)
    let failed = try #require(states("s")[id])
    #expect(failed["status"] as? String == "failed")
    #expect((failed["message"] as? String)?.contains("no manifest.json") == true)
    try FileManager.default.removeItem(atPath: tool.path("s/runs/\(id)/checkpoint"))
    #expect(try tool.run("study", "run", "study.toml", "--out", "s").code == 0)
    #expect(try count("finished", in: "s") == 4)
  }

  @Test func `Ctrl-C stops the runs cleanly`() throws {
    try writeStudy(epochs: 2000)
    let process = try tool.start(["study", "run", "study.toml", "--out", "s", "--jobs", "2"])
    while try process.isRunning && (!tool.exists("s/study.json") || epochsDone(in: "s") < 2) {
      usleep(20_000)
    }
    #expect(try tool.text("stderr.txt").contains("4 of 4 runs left"))
    let second = try Tool().run("study", "run", tool.path("study.toml"), "--out", tool.path("s"))
    #expect(second.code == 73, "\(second.errors)")
    #expect(second.errors.contains("another process"))
    kill(process.processIdentifier, SIGINT)
    let result = try tool.finish(process)
    #expect(result.code == 75, "\(result.errors)")
    #expect(result.errors.contains("crossbar-gan study run study.toml --out s"))
    #expect(try count("interrupted", in: "s") == 2)
    #expect(try count("left", in: "s") == 2)
  }

  private func epochsDone(in folder: String) throws -> Int {
    let runs = (try? FileManager.default.contentsOfDirectory(atPath: tool.path("\(folder)/runs")))
    return (runs ?? []).reduce(0) { $0 + (tool.exists("\(folder)/runs/\($1)/checkpoint") ? 1 : 0) }
  }

  @Test func `Without room the study stops and loses nothing`() throws {
    #expect(try tool.run("study", "run", "study.toml", "--out", "whole").code == 0)
    let below = "data/train-labels-idx1-ubyte/s"
    #expect(try tool.run("study", "run", "study.toml", "--out", below).code == 73)
    // A limit on the size of files is what a full disk looks like to a process.
    let limited = try tool.finish(
      tool.start(["study", "run", "study.toml", "--out", "s"], fileLimit: 128))
    #expect(limited.code == 74, "\(limited.code) \(limited.errors)")
    #expect(limited.errors.contains("cannot be written"))
    #expect(try tool.run("study", "run", "study.toml", "--out", "s").code == 0)
    try expectSameResults("whole", "s")
  }

  /// The runs of two studies have the same bits.
  private func expectSameResults(_ one: String, _ other: String) throws {
    let ids = try FileManager.default.contentsOfDirectory(atPath: tool.path("\(one)/runs"))
    #expect(!ids.isEmpty)
    for id in ids {
      #expect(
        try tool.bytes("\(one)/runs/\(id)/checkpoint")
          == tool.bytes("\(other)/runs/\(id)/checkpoint"))
    }
  }

  /// Twenty kills at seeded moments: no finished run is lost or touched, and the study ends as an
  /// uninterrupted one does.
  @Test func `Kills lose nothing and corrupt nothing`() throws {
    try writeStudy(
      epochs: 8, grid: "run.noise = [\"gaussian\", \"uniform\"]\nrun.seed = [1, 2, 3, 4, 5]\n")
    let start = ContinuousClock.now
    #expect(try tool.run("study", "run", "study.toml", "--out", "whole").code == 0)
    let whole = (ContinuousClock.now - start) / .microseconds(1)
    var moment: UInt64 = 20_201
    var (kills, atWork) = (0, 0)
    var finished: [String: Data] = [:]
    var said = ""
    // On a machine that has become slow meanwhile, the first run to finish may take more kills.
    while kills < 20 || (finished.isEmpty && kills < 200) {
      let process = try tool.start(["study", "run", "study.toml", "--out", "s"])
      moment = moment &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      usleep(UInt32(whole / 8 * Double(moment >> 40) / 0x1p24))
      kill(process.processIdentifier, SIGKILL)
      let ended = try tool.finish(process)
      said += ended.errors
      kills += 1
      if ended.code == SIGKILL { atWork += 1 }
      for (id, manifest) in finished {
        #expect(try tool.bytes("s/runs/\(id)/manifest.json") == manifest)
      }
      guard tool.exists("s/study.json") else { continue }
      let states = try states("s")
      for (id, state) in states where state["status"] as? String == "finished" {
        finished[id] = try tool.bytes("s/runs/\(id)/manifest.json")
      }
      #expect(!states.values.contains { $0["status"] as? String == "failed" })
    }
    #expect(!finished.isEmpty && atWork >= 5)
    let last = try tool.run("study", "run", "study.toml", "--out", "s", "--json")
    #expect(last.code == 0, "\(last.errors)")
    #expect(last.output.split(separator: "\n").count == 10 - finished.count)
    #expect(!(said + last.errors).contains("damaged"))
    try expectSameResults("whole", "s")
  }
}
