import Foundation
import Mathematics
import Testing
import _TestSupport

@Suite struct RandomStreamTests {
  let stream = RandomStream(seed: 7, name: "test")

  /// The fills are the plain definition, whatever the length and the start.
  @Test(arguments: [1, 7, 256, 300, 1000])
  func fillsEqualTheDefinition(count: Int) {
    var words = [UInt32](repeating: 0, count: count)
    words.withUnsafeMutableBufferPointer { stream.fillWords($0, from: 512, substream: 9) }
    #expect(words == (0..<count).map { stream.word(at: 512 + $0, substream: 9) })
    var uniforms = [Float](repeating: 0, count: count)
    uniforms.withUnsafeMutableBufferPointer { stream.fillUniform($0, from: 512, substream: 9) }
    #expect(uniforms == (0..<count).map { stream.uniform(at: 512 + $0, substream: 9) })
  }

  @Test func uniformNumbersAreUniform() {
    var numbers = [Float](repeating: 0, count: 100_000)
    numbers.withUnsafeMutableBufferPointer { stream.fillUniform($0, substream: 1) }
    let distance = KolmogorovSmirnov.statistic(numbers.map(Double.init)) { $0 }
    #expect(distance < KolmogorovSmirnov.critical(count: numbers.count))
    #expect(numbers.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test func gaussianNumbersAreNormal() {
    var numbers = [Float](repeating: 0, count: 100_000)
    numbers.withUnsafeMutableBufferPointer { stream.fillGaussian($0, substream: 2) }
    let distance = KolmogorovSmirnov.statistic(numbers.map(Double.init), Normal.cumulative)
    #expect(distance < KolmogorovSmirnov.critical(count: numbers.count))
  }

  @Test func drawsByInversionAreNormal() {
    let distance = KolmogorovSmirnov.statistic(
      Normal.draws(50_000, from: stream), Normal.cumulative)
    #expect(distance < KolmogorovSmirnov.critical(count: 50_000))
  }

  /// Neighbouring seeds, names and substreams share no visible structure.
  @Test func streamsAreUncorrelated() {
    func numbers(_ stream: RandomStream, _ substream: UInt64) -> [Float] {
      var target = [Float](repeating: 0, count: 65_536)
      target.withUnsafeMutableBufferPointer { stream.fillGaussian($0, substream: substream) }
      return target
    }
    let base = numbers(RandomStream(seed: 1, name: "a"), 0)
    let others = [
      numbers(RandomStream(seed: 2, name: "a"), 0), numbers(RandomStream(seed: 1, name: "b"), 0),
      numbers(RandomStream(seed: 1, name: "a"), 1),
    ]
    for other in others {
      let correlation = zip(base, other).reduce(0.0) { $0 + Double($1.0 * $1.1) } / 65_536
      #expect(abs(correlation) < 4 / 256)
    }
  }
}
