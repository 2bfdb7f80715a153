import Calibration
import Devices
import Failures
import Foundation
import NoiseSources
import Testing
import _TestSupport

@Suite("Source specifications") struct SpecificationTests {
  @Test(arguments: [
    "gaussian", "uniform", "lfsr16", "lfsr32", "switching", "switching:raw", "switching:xor4",
    "switching:xor32,c2c=0.1,drift=5e-08,control=column", "switching:control=none", "thermal",
    "thermal:bits=4", "telegraph", "telegraph:von-neumann", "biased:p=0.6", "biased:p=0.6,lag=0.1",
    "frozen", "file:a,b:c=d.bin",
  ])
  func `A specification prints as it is read`(text: String) throws {
    let specification = try NoiseSpecification(parsing: text)
    #expect(specification.description == text)
    #expect(try NoiseSpecification(parsing: specification.description) == specification)
  }

  @Test func `Defaults are left out`() throws {
    #expect(try NoiseSpecification(parsing: "switching:von-neumann").description == "switching")
    #expect(try NoiseSpecification(parsing: "biased").description == "biased:p=0.5")
    #expect(try NoiseSpecification(parsing: "thermal:bits=8").description == "thermal")
  }

  @Test(arguments: [
    "", "gauss", "Gaussian", "gaussian:raw", "switching:", "switching:xor3", "switching:raw,raw",
    "switching:c2c=0", "switching:c2c=x", "switching:c2c=0.1,c2c=0.2", "switching:control=row",
    "switching:q=1", "thermal:bits=0", "thermal:bits=17", "thermal:bits=2.5", "biased:p=1.1",
    "biased:p=nan", "biased:p=0.9,lag=-0.5", "frozen:64", "file", "file:", "lfsr16:x", "lfsr8",
  ])
  func `What does not exist is refused`(text: String) {
    #expect {
      _ = try NoiseSpecification(parsing: text)
    } throws: {
      ($0 as? Failure)?.kind == .usage
    }
  }

  @Test(arguments: ["switching", "telegraph", "thermal"])
  func `A calibration that lacks what a source needs is named`(text: String) throws {
    let ideal = try Calibration.load("ideal").device
    #expect {
      _ = try bitSource(text, device: ideal)
    } throws: {
      ($0 as? Failure)?.kind == .badData && "\($0)".contains("ideal")
    }
  }

  @Test func `A telegraph signal has the times of its trap`() throws {
    var device = try testDevice()
    device.telegraph = TelegraphModel(
      captureTime: 2e-3, emissionTime: 1e-3, sampleInterval: 5e-4,
      read: Pulse(voltage: 0.1, width: 1e-6), conductance: 20e-6)
    let source = try #require(try bitSource("telegraph", device: device) as? MarkovBits)
    // Filled for 1 ms in 3; the memory decays with 1/(1/2 + 1/1) ms.
    let memory = exp(-5e-4 * 1500)
    #expect(abs(source.oneAfterOne - (1 / 3.0 + memory * 2 / 3.0)) < 1e-12)
    #expect(abs(source.oneAfterZero - (1 - memory) / 3) < 1e-12)
  }
}

@Suite("Recorded bits") struct RecordedBitsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func record(_ bytes: [UInt8]) throws -> String {
    let path = folder.file("bits.bin")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func `A recording is played from its first bit`() throws {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ 31) }
    var stream = try bitStream("file:\(try record(bytes))")
    let expected = unpacked(bytes)
    #expect(try bits(8000, of: &stream) == expected)
    #expect {
      _ = try bits(1, of: &stream)
    } throws: {
      ($0 as? Failure)?.kind == .badData
    }
  }

  @Test func `Positions have parts of their own`() throws {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ 31) }
    let path = try record(bytes)
    let all = unpacked(bytes)
    var stream = try bitStream("file:\(path)")
    try stream.expect(bitsPerPosition: 1203, positions: 6)
    stream.restart(at: 5)
    #expect(try bits(1203, of: &stream) == Array(all[5 * 1203..<6 * 1203]))
    #expect {
      try stream.expect(bitsPerPosition: 1203, positions: 7)
    } throws: {
      ($0 as? Failure)?.kind == .badData
    }
  }

  @Test func `Samples begin the recording anew when it ends`() throws {
    let bytes = (0..<16).map { UInt8($0) }
    let path = try record(bytes)
    var stream = try BitStream(
      bitSource("file:\(path)", purpose: "samples/3"), keepsGoing: true)
    let sequence = try bits(512, of: &stream)
    #expect(Array(sequence[..<128]) == Array(sequence[384...]))
  }

  @Test func `Absent and tiny files are refused`() throws {
    #expect {
      _ = try bitSource("file:\(folder.file("none"))")
    } throws: {
      ($0 as? Failure)?.kind == .noInput
    }
    let path = try record([1, 2, 3])
    #expect {
      _ = try bitSource("file:\(path)")
    } throws: {
      ($0 as? Failure)?.kind == .badData
    }
  }
}
