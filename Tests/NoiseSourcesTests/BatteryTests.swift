import Failures
import Mathematics
import NoiseSources
import Testing
import _TestSupport

@Suite("Quick battery") struct BatteryTests {
  private func bytes(seed: UInt64, count: Int) -> [UInt8] {
    let stream = RandomStream(seed: seed, name: "battery")
    let words = Storage<UInt32>(count: count / 4, repeating: 0)
    stream.fillWords(words.buffer, substream: 0)
    var bytes: [UInt8] = []
    for word in words.buffer { withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) } }
    return bytes
  }

  @Test func `Probabilities of ideal bits are uniform`() throws {
    let batteries = try (1...300).map {
      try QuickBattery(bytes(seed: $0, count: 65_536), place: "bits", tests: .standard)
    }
    for index in batteries[0].results.indices {
      let probabilities = batteries.map { $0.results[index].probability }
      #expect(
        KolmogorovSmirnov.statistic(probabilities) { $0 }
          < KolmogorovSmirnov.critical(count: 300), "\(batteries[0].results[index].name)")
    }
    #expect(batteries.allSatisfy { $0.findings.isEmpty })
  }

  @Test func `Every test finds the defect it is for`() throws {
    func failed(_ damage: (inout [UInt8]) -> Void) throws -> Set<String> {
      var bytes = bytes(seed: 1, count: 65_536)
      damage(&bytes)
      let battery = try QuickBattery(bytes, place: "bits", tests: .standard)
      return Set(battery.results.filter { $0.probability < QuickBattery.level }.map(\.name))
    }
    let ones = try failed { bytes in for index in 0..<2000 { bytes[16 * index] |= 0x3F } }
    #expect(ones.contains("monobit"))
    let gap = try failed { bytes in for index in 0..<4096 { bytes[index] = 0 } }
    #expect(gap.contains("block frequency, 1024 bits"))
    let alternating = try failed { bytes in
      for index in stride(from: 0, to: bytes.count, by: 5) { bytes[index] = 0x55 }
    }
    #expect(alternating.isSuperset(of: ["runs", "autocorrelation, lag 1", "poker, 4 bits"]))
    let missing = try failed { bytes in
      for index in bytes.indices where bytes[index] == 0x96 { bytes[index] = 0x69 }
    }
    #expect(missing.contains("poker, 8 bits"))
    let echo = try failed { bytes in
      for index in stride(from: 4, to: bytes.count, by: 16) { bytes[index] = bytes[index - 4] }
    }
    #expect(echo.contains("autocorrelation, lag 32"))
  }

  @Test func `The lags see what bit by bit shows`() throws {
    let bytes = bytes(seed: 4, count: 4096)
    let battery = try QuickBattery(bytes, place: "bits", tests: .standard)
    let bits = unpacked(bytes)
    for lag in [1, 3, 32] {
      let count = bits.count - lag
      let equal = (0..<count).count { bits[$0] == bits[$0 + lag] }
      let z = Double(2 * equal - count) / Double(count).squareRoot()
      let result = try #require(
        battery.results.first { $0.name == "autocorrelation, lag \(lag)" })
      #expect(abs(result.statistic - z) < 1e-9)
    }
    let changes = Double(zip(bits, bits.dropFirst()).count { $0 != $1 } + 1)
    let n = Double(bits.count)
    let share = Double(bits.count { $0 }) / n
    let expected = 2 * n * share * (1 - share)
    let z = (changes - expected) * n.squareRoot() / expected
    #expect(abs(battery.results[1].statistic - z) < 1e-9)
  }

  @Test func `Too few bits are refused`() {
    #expect {
      _ = try QuickBattery([UInt8](repeating: 0, count: 511), place: "x.bin", tests: .standard)
    } throws: {
      ($0 as? Failure)?.kind == .badData && "\($0)".contains("x.bin")
    }
  }
}
