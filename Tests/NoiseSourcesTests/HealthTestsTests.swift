import ArrayOperations
import Failures
import Foundation
import Mathematics
import NoiseSources
import Testing

@Suite("Health tests") struct HealthTestsTests {
  /// P(X ≥ c), X ~ binomial(n, p), by its sum.
  private func binomialTail(_ c: Int, _ n: Int, _ p: Double) -> Double {
    (max(0, c)...n).reduce(0.0) { sum, k in
      let choices = lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
      return sum + exp(choices + Double(k) * log(p) + Double(n - k) * log(1 - p))
    }
  }

  @Test func `Cutoffs are those of the standard`() throws {
    #expect(HealthTests.standard.proportionCutoff == 589)
    #expect(HealthTests.standard.repetitionCutoff == 21)
    let half = try HealthTests(entropy: 0.5, falseAlarm: 0x1p-30, window: 512)
    #expect(half.repetitionCutoff == 61)
    #expect(binomialTail(half.proportionCutoff, 512, exp2(-0.5)) <= 0x1p-30)
    #expect(binomialTail(half.proportionCutoff - 1, 512, exp2(-0.5)) > 0x1p-30)
  }

  @Test(arguments: [(0.0, 0x1p-20, 1024), (1.1, 0x1p-20, 1024), (1, 0.6, 1024), (1, 0.1, 1000)])
  func `Numbers out of range are refused`(entropy: Double, alpha: Double, window: Int) {
    #expect {
      _ = try HealthTests(entropy: entropy, falseAlarm: alpha, window: window)
    } throws: {
      ($0 as? Failure)?.kind == .usage
    }
  }

  /// The tests bit by bit, as SP 800-90B writes them down.
  private func alarms(_ bits: [Bool], _ tests: HealthTests) -> (repetition: Int, proportion: Int) {
    var (run, repetition) = (0, 0)
    for index in bits.indices {
      run = index > 0 && bits[index] == bits[index - 1] ? run + 1 : 1
      if run % tests.repetitionCutoff == 0 { repetition += 1 }
    }
    let windows = stride(from: 0, through: bits.count - tests.window, by: tests.window)
    let proportion = windows.count {
      let window = bits[$0..<$0 + tests.window]
      return window.count { $0 == window.first } >= tests.proportionCutoff
    }
    return (repetition, proportion)
  }

  @Test(arguments: [0.5, 0.55, 0.7, 0.95, 0.999])
  func `Word by word finds the same as bit by bit`(p: Double) throws {
    for tests in [
      HealthTests.standard, try HealthTests(entropy: 0.8, falseAlarm: 1e-3, window: 128),
    ] {
      let source = try bitSource("biased:p=\(p),lag=0.2", tests: tests)
      var stream = try BitStream(source, keepsGoing: true)
      let (repetition, proportion) = alarms(try bits(256 * 400, of: &stream), tests)
      #expect(stream.source.monitor.repetitionAlarms == repetition)
      #expect(stream.source.monitor.proportionAlarms == proportion)
      #expect(stream.source.monitor.bits == 256 * 400)
    }
  }

  /// Probability that a window of the adaptive proportion test alarms on independent bits.
  private func detection(_ p: Double) -> Double {
    p * binomialTail(588, 1023, p) + (1 - p) * binomialTail(588, 1023, 1 - p)
  }

  @Test(arguments: [(0.60, 2, 0.82), (0.55, 100, 0.96)])
  func `Bias is detected as the binomial calculation says`(
    p: Double, windows: Int, stated: Double
  ) throws {
    let expected = 1 - pow(1 - detection(p), Double(windows))
    #expect(abs(expected - stated) < 0.006)
    let device = try testDevice()
    let detected = try (1...1000).count { seed in
      var source = try bitSource("biased:p=\(p)", seed: UInt64(seed), device: device)
      var (queue, ledger) = (BitQueue(), EnergyLedger())
      while source.monitor.windows < windows {
        try source.produce(into: &queue, ledger: &ledger)
        queue.removeAll()
      }
      return source.monitor.proportionAlarms > 0
    }
    #expect(isPlausible(detected, of: 1000, probability: expected))
  }

  @Test func `An ideal source alarms less than once in 100,000 windows and is not stopped`() throws
  {
    let stream = RandomStream(seed: 17, name: "ideal bits")
    var monitor = HealthMonitor(.standard)
    let words = Storage<UInt32>(count: 32_768, repeating: 0)
    for part in 0..<400 {
      stream.fillWords(words.buffer, substream: UInt64(part))
      for index in stride(from: 0, to: words.count, by: 2) {
        monitor.observe(UInt64(words[index]) << 32 | UInt64(words[index + 1]))
      }
    }
    #expect(monitor.windows == 409_600)
    #expect(monitor.proportionAlarms < 5)
    #expect(isPlausible(monitor.repetitionAlarms, of: monitor.bits, probability: 0x1p-21))
    #expect(monitor.finding == nil)
  }

  @Test func `A stuck device among good ones is found`() throws {
    let stream = RandomStream(seed: 18, name: "ideal bits")
    var monitor = HealthMonitor(.standard, lanes: 64)
    for block in 0..<100 {
      for lane in 0..<64 {
        let element = 2 * (64 * block + lane)
        let word =
          UInt64(stream.word(at: element, substream: 0)) << 32
          | UInt64(stream.word(at: element + 1, substream: 0))
        monitor.observe(lane == 7 ? 0 : word, lane: lane)
      }
    }
    #expect(monitor.finding?.contains("repetition") == true)
  }

  @Test func `A source that fails stops the stream, unless told to go on`() throws {
    let device = try testDevice()
    func stream(keepsGoing: Bool) throws -> BitStream {
      try BitStream(
        bitSource("switching:raw,control=column", device: device), keepsGoing: keepsGoing)
    }
    var ledger = EnergyLedger()
    #expect {
      var stopped = try stream(keepsGoing: false)
      _ = try stopped.bytes(1_000_000, ledger: &ledger)
    } throws: {
      ($0 as? Failure)?.kind == .internal
    }
    var going = try stream(keepsGoing: true)
    #expect(try going.bytes(1_000_000, ledger: &ledger).count == 125_000)
    for text in ["biased", "frozen"] {
      #expect {
        _ = try BitStream(bitSource(text, device: device))
      } throws: {
        ($0 as? Failure)?.kind == .internal && "\($0)".contains("--keep-going")
      }
    }
  }
}
