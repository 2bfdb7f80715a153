import Commands
import Foundation
import Testing
import _TestSupport

@Suite("Command line")
struct UsageTests {
  private let tool: Tool

  init() throws { tool = try Tool() }

  @Test(arguments: [
    ["train", "--sed", "3"], ["train", "--epochs", "three"], ["train", "--epochs", "0"],
    ["train", "--classes", "12"], ["train", "--classes", "1,1"], ["train", "--seed", "-1"],
    ["train", "--seed", "9223372036854775808"], ["train", "--backend", "analog"],
    ["train", "--threads", "0"], ["nothing"], ["device", "current", "--voltage", "0.1,x"],
    ["device", "current", "--voltage", "nan"],
    ["device", "pulse", "--voltage", "1", "--width", "1e-6", "--count", "-2"],
    ["evaluate"], ["evaluate", "--run", "a", "--images", "b.npy", "--data", "synthetic"],
    ["evaluate", "--images", "b.npy"],
    ["sample", "--run", "a", "--count", "0", "--out", "a.png"],
    ["sample", "--run", "a", "--count", "1", "--out", "a.gif"],
  ])
  func `Usage errors are one line and exit 64`(arguments: [String]) throws {
    let result = try tool.finish(tool.start(arguments))
    #expect(result.code == 64, "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(!tool.exists("runs"))
  }

  @Test(arguments: [
    ["train", "--data", "none"], ["train", "--config", "none.toml"],
    ["train", "--calibration", "none"], ["train", "--calibration", "./none.toml"],
    ["sample", "--run", "none", "--count", "1", "--out", "a.png"], ["evaluate", "--run", "none"],
    ["evaluate", "--images", "none.npy", "--data", "synthetic"],
  ])
  func `What is not there exits 66`(arguments: [String]) throws {
    let result = try tool.finish(tool.start(arguments))
    #expect(result.code == 66, "\(result.errors)")
    #expect(result.errors.contains("none"))
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(!tool.exists("runs"))
  }

  @Test func `Damaged data exits 65 and creates nothing`() throws {
    let damages: [(file: String, change: (inout Data) -> Void)] = [
      ("train-images-idx3-ubyte", { $0.removeLast() }),
      ("train-images-idx3-ubyte", { $0[3] = 2 }),
      ("train-labels-idx1-ubyte", { $0[7] = 9 }),
      ("t10k-labels-idx1-ubyte", { $0[8] = 10 }),
      ("t10k-images-idx3-ubyte", { $0 = Data() }),
    ]
    for (file, change) in damages {
      try tool.prepareTinyRun()
      var bytes = try tool.bytes("data/\(file)")
      change(&bytes)
      try bytes.write(to: URL(fileURLWithPath: tool.path("data/\(file)")))
      let result = try tool.run("train", "--config", "run.toml", "--out", "a")
      #expect(result.code == 65, "\(result.errors)")
      #expect(result.errors.contains(file))
      #expect(result.errors.split(separator: "\n").count == 1)
      #expect(!tool.exists("a"))
    }
  }

  @Test func `A damaged calibration exits 65`() throws {
    let text = try tool.run("device", "show", "nili2020", "--json").output
    let shown = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let source = try String(contentsOfFile: #require(shown["file"] as? String), encoding: .utf8)
    let damaged = source.replacingOccurrences(of: "value = -2.58e-6", with: "value = nan")
    #expect(damaged != source)
    try damaged.write(toFile: tool.path("mine.toml"), atomically: true, encoding: .utf8)
    let result = try tool.run("train", "--calibration", "mine.toml", "--out", "a")
    #expect(result.code == 65)
    #expect(result.errors.contains("mine.toml: static.a0"))
    #expect(!tool.exists("a"))
  }

  @Test(arguments: ["train", "sample", "evaluate", "device", "study"])
  func `Help has an example`(verb: String) throws {
    let result = try tool.run(verb, "--help")
    #expect(result.code == 0)
    #expect(result.output.contains("Example"))
    #expect(result.output.contains("crossbar-gan \(verb)"))
  }

  @Test func `Version and completions are there`() throws {
    #expect(try tool.run("--version").output.first?.isNumber == true)
    for shell in ["bash", "zsh", "fish"] {
      let result = try tool.run("--generate-completion-script", shell)
      #expect(result.code == 0)
      #expect(result.output.contains("crossbar-gan"))
    }
  }
}

@Suite("Progress line")
struct ProgressLineTests {
  private func line(step: Int, width: Int?) -> String {
    let line = ProgressLine(
      epoch: 2, epochs: 10, step: step, steps: 200, generatorLoss: 0.75, discriminatorLoss: 1.25,
      imagesPerSecond: 1234.4, secondsLeft: 3725)
    return width.map(line.drawn) ?? line.plain
  }

  @Test func `A log line says all`() {
    #expect(
      line(step: 100, width: nil)
        == "epoch 2/10   50 %  1234 images/s  G 0.750  D 1.250  1:02:05 left")
  }

  @Test(arguments: [0, 1, 20, 60, 100, 400], [1, 100, 200])
  func `A drawn line stays inside the terminal`(width: Int, step: Int) {
    #expect(line(step: step, width: width).count < max(1, width))
  }

  @Test func `A wide terminal has a bar`() {
    #expect(line(step: 200, width: 100).contains("##########"))
    #expect(!line(step: 200, width: 100).contains("." + "."))
  }
}
