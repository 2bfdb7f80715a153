import Files
import Foundation
import Testing
import _TestSupport

@Suite("weights")
struct WeightsTests {
  private let tool: Tool

  init() throws {
    tool = try Tool()
    try tool.prepareTinyRun(epochs: 1)
  }

  private func trained(_ arguments: String...) throws {
    let result = try tool.finish(
      tool.start(["train", "--config", "run.toml", "--out", "a", "--quiet"] + arguments))
    #expect(result.code == 0, "\(result.errors)")
  }

  private func exported(_ run: String = "a") throws -> [Tensor] {
    let result = try tool.run("weights", "export", "--run", run, "--out", "w.safetensors")
    #expect(result.code == 0, "\(result.errors)")
    return try SafetensorsFile.read(tool.path("w.safetensors"))
  }

  @Test func `A digital run goes out and comes back in with the same images`() throws {
    try trained("--backend", "digital")
    let names = try exported().map(\.name)
    #expect(
      names
        == ["discriminator", "generator"].flatMap { network in
          [0, 1].flatMap { ["\(network).\($0).bias", "\(network).\($0).weight"] }
        })
    let config = try tool.text("run.toml").replacing(
      "[run]", with: "[run]\nbackend = \"digital\"")
    try config.write(toFile: tool.path("digital.toml"), atomically: true, encoding: .utf8)
    for arguments in [["--run", "a"], ["--weights", "w.safetensors", "--config", "digital.toml"]] {
      let result = try tool.finish(
        tool.start(
          ["sample", "--count", "5", "--seed", "3", "--out", "\(arguments[0].dropFirst(2)).npy"]
            + arguments))
      #expect(result.code == 0, "\(result.errors)")
    }
    #expect(try tool.bytes("run.npy") == tool.bytes("weights.npy"))
  }

  @Test func `Arrays hold what is written to them, conductances beside it`() throws {
    try trained()
    let tensors = try exported()
    let shapes = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.shape) })
    #expect(shapes["generator.0.weight"] == [12, 8])
    #expect(shapes["generator.1.bias"] == [784])
    #expect(shapes["generator.0.plus"] == [9, 12])
    #expect(
      tensors.filter { $0.name.hasSuffix("plus") }.allSatisfy { $0.values.allSatisfy { $0 > 0 } })
    let again = try tool.run(
      "train", "--config", "run.toml", "--initial", "w.safetensors", "--out", "b", "--quiet")
    #expect(again.code == 0, "\(again.errors)")
    let evaluated = try tool.run(
      "evaluate", "--weights", "w.safetensors", "--config", "run.toml", "--json")
    #expect(evaluated.code == 0, "\(evaluated.errors)")
    for (name, flags) in [("arrays", []), ("numbers", ["--digital"])] {
      let result = try tool.finish(
        tool.start(["sample", "--run", "a", "--count", "5", "--out", "\(name).npy"] + flags))
      #expect(result.code == 0, "\(result.errors)")
    }
    #expect(try tool.bytes("arrays.npy") != tool.bytes("numbers.npy"))
  }

  @Test func `A file of initial weights that has changed ends the run it began`() throws {
    try trained()
    _ = try exported()
    let begun = try tool.run(
      "train", "--config", "run.toml", "--initial", "w.safetensors", "--out", "b", "--quiet")
    #expect(begun.code == 0, "\(begun.errors)")
    try SafetensorsFile.write(
      [
        Tensor(
          name: "generator.0.weight", shape: [12, 8], values: [Float](repeating: 0, count: 96)),
        Tensor(
          name: "generator.1.weight", shape: [784, 12], values: [Float](repeating: 0, count: 9408)),
      ],
      metadata: [], to: tool.path("w.safetensors"))
    let sampled = try tool.run("sample", "--run", "b", "--count", "1", "--out", "s.npy")
    #expect(sampled.code == 65)
    #expect(sampled.errors.contains("weights.initial_file is another file now"))
  }

  @Test(arguments: [
    ("generator.0.weight", [12, 9], 108, 65), ("generator.0.weight", [12, 8], 96, 65),
    ("something", [1], 1, 65),
  ]) func `Weights that do not fit are refused`(
    name: String, shape: [Int], count: Int, code: Int32
  ) throws {
    try SafetensorsFile.write(
      [Tensor(name: name, shape: shape, values: [Float](repeating: 0, count: count))],
      metadata: [], to: tool.path("w.safetensors"))
    let result = try tool.run(
      "sample", "--weights", "w.safetensors", "--config", "run.toml", "--count", "1", "--out",
      "s.npy")
    #expect(result.code == code || result.code == 64, "\(result.errors)")
    #expect(result.errors.contains("w.safetensors"))
  }
}
