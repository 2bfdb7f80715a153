import ArrayOperations
import Mathematics
import NoiseSources
import Testing
import _TestSupport

/// The generator's software noise: its distributions, and that a position is all it depends on.
@Suite struct SoftwareNoiseTests {
  private func draws(_ source: SoftwareNoise, batches: Int = 1) -> [Float] {
    var latent = Matrix(rows: 100, columns: 64)
    var ledger = EnergyLedger()
    let drawn = (0..<batches).flatMap { _ in
      source.fill(&latent, ledger: &ledger)
      return latent.elements
    }
    #expect(ledger == EnergyLedger())
    return drawn
  }

  @Test("Gaussian, and uniform on ±√3", arguments: SoftwareNoise.Distribution.allCases)
  func distribution(_ distribution: SoftwareNoise.Distribution) {
    let numbers = draws(SoftwareNoise(distribution, seed: 4, purpose: "test"), batches: 10)
      .map(Double.init)
    let bound = 3.0.squareRoot()
    let distance = KolmogorovSmirnov.statistic(numbers) {
      distribution == .gaussian ? Normal.cumulative($0) : ($0 + bound) / (2 * bound)
    }
    #expect(distance < KolmogorovSmirnov.critical(count: numbers.count))
    let count = Double(numbers.count)
    let mean = numbers.reduce(0, +) / count
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    #expect(abs(mean) < 4 / count.squareRoot())
    // The fourth moment of neither distribution exceeds 3.
    #expect(abs(variance - 1) < 4 * (2 / count).squareRoot())
    if distribution == .uniform { #expect(numbers.allSatisfy { abs($0) <= bound * 1.000_001 }) }
  }

  @Test("A position restarts the same sequence, whatever came before")
  func restart() {
    let source = SoftwareNoise(.gaussian, seed: 4, purpose: "test")
    let initial = draws(source)
    source.restart(at: 7)
    let seventh = draws(source, batches: 3)
    source.restart(at: 0)
    #expect(draws(source) == initial)
    source.restart(at: 7)
    #expect(draws(source, batches: 3) == seventh)
    #expect(Array(seventh.prefix(initial.count)) != initial)
    #expect(seventh.prefix(initial.count) != seventh.suffix(initial.count))
  }

  @Test("Seeds and purposes are told apart")
  func seedsAndPurposes() {
    let first = draws(SoftwareNoise(.gaussian, seed: 4, purpose: "test"))
    #expect(first == draws(SoftwareNoise(.gaussian, seed: 4, purpose: "test")))
    #expect(first != draws(SoftwareNoise(.gaussian, seed: 5, purpose: "test")))
    #expect(first != draws(SoftwareNoise(.gaussian, seed: 4, purpose: "other")))
  }

  @Test("Names are those by which sources are asked for")
  func names() {
    #expect(SoftwareNoise(.gaussian, seed: 1, purpose: "").name == "gaussian")
    #expect(SoftwareNoise(.uniform, seed: 1, purpose: "").name == "uniform")
  }
}
