import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Testing
import _TestSupport

/// Johnson noise: one Gaussian per output in place of one per device.
@Suite struct ReadNoiseTests {
  @Test(
    "Standard deviation within 1 % of the exact sum over devices, random states",
    arguments: Pairing.allCases, [ReadDirection.forward, .transposed])
  func randomStates(_ pairing: Pairing, _ direction: ReadDirection) throws {
    for range in [30e-6...100e-6, Arrays.fullRange] {
      let arrays = try NoisyArrays(pairing)
      arrays.randomise(in: range)
      let voltages = Arrays.voltages(arrays.noisy.drivenLines(direction), 16)
      #expect(arrays.worstDeviation(voltages, direction) < 0.01)
    }
  }

  /// Lines that carry large conductances carry large voltages: what a mean over lines without
  /// weights gets wrong by more than 1 %.
  @Test(
    "Within 1 % where the voltage of a line follows its conductance",
    arguments: [ReadDirection.forward, .transposed])
  func correlatedLines(_ direction: ReadDirection) throws {
    let arrays = try NoisyArrays(.twoSided)
    let high = highPairs(arrays.noisy) { row, column in
      (direction == .forward ? row : column) % 2 == 0
    }
    arrays.set(plus: high, minus: high)
    let voltages = alternating(arrays.noisy.drivenLines(direction))
    #expect(arrays.worstDeviation(voltages, direction) < 0.01)
  }

  /// Weights that follow the voltages, as training makes them: half the outputs have their large
  /// positive weights where the other half has its negative ones, at the ends of the window.
  @Test(
    "Within 1 % where weights follow voltages", arguments: [Pairing.twoSided, .oneFixed],
    [ReadDirection.forward, .transposed])
  func correlatedWeights(_ pairing: Pairing, _ direction: ReadDirection) throws {
    let arrays = try NoisyArrays(pairing)
    let plus = highPairs(arrays.noisy) { ($0 + $1) % 2 == 0 }
    let minus = plus.map { pairing == .twoSided ? 130e-6 - $0 : 65e-6 }
    arrays.set(plus: plus, minus: minus)
    let voltages = alternating(arrays.noisy.drivenLines(direction))
    #expect(arrays.worstDeviation(voltages, direction) < 0.01)
  }

  @Test("Within 1.4 % at worst: both devices of a pair high or low, after the voltages")
  func worstCase() throws {
    let arrays = try NoisyArrays(.setOnly)
    let high = highPairs(arrays.noisy) { ($0 + $1) % 2 == 0 }
    arrays.set(plus: high, minus: high)
    let worst = arrays.worstDeviation(alternating(arrays.noisy.wordLines), .forward)
    #expect(worst > 0.01 && worst < 0.014)
  }

  /// 100 µS where `isHigh` of word line and output, 30 µS elsewhere.
  private func highPairs(_ crossbar: Crossbar, _ isHigh: (Int, Int) -> Bool) -> [Float] {
    (0..<crossbar.pairs).map {
      isHigh($0 / crossbar.outputs, $0 % crossbar.outputs) ? 100e-6 : 30e-6
    }
  }

  /// V_read on every other line and nothing on the rest; two samples take turns.
  private func alternating(_ lines: Int) -> Matrix {
    var voltages = Matrix(rows: lines, columns: 2)
    for line in 0..<lines { voltages[line, line % 2] = line % 2 == 0 ? 0.2 : -0.2 }
    return voltages
  }

  @Test(
    "Standardised noise is normal, with the exact variance",
    arguments: [ReadDirection.forward, .transposed])
  func distribution(_ direction: ReadDirection) throws {
    let arrays = try NoisyArrays(.twoSided)
    arrays.randomise(in: 30e-6...100e-6)
    let voltages = Arrays.voltages(arrays.noisy.drivenLines(direction), 16)
    let variances = CrossbarReference(arrays.noisy).read(voltages, direction).variances
    var sample: [Double] = []
    for draw in 0..<80 {
      let noise = arrays.noise(voltages, direction, draw: UInt64(draw))
      sample += zip(noise, variances).map { $0 / $1.squareRoot() }
    }
    let distance = KolmogorovSmirnov.statistic(sample, Normal.cumulative)
    #expect(distance < KolmogorovSmirnov.critical(count: sample.count))
    let count = Double(sample.count)
    let variance = sample.reduce(0) { $0 + $1 * $1 } / count
    // Four standard errors, and 2 % for the stated approximation.
    #expect(abs(variance - 1) < 4 * (2 / count).squareRoot() + 0.02)
  }

  @Test("4 k_B T f G per device, to a percent")
  func strength() throws {
    let arrays = try [true, false].map { noise in
      try Arrays.make(Arrays.device(noise: .johnson), 10, 30) {
        $0.read.bandwidth = 1e12
        $0.readNoise = noise
      }
    }
    let voltages = Arrays.voltages(10, 64)
    var sum = 0.0
    let draws = 300
    for draw in 0..<draws {
      let pair = arrays.map { $0.reading(voltages, .forward, draw: UInt64(draw)).currents }
      sum += zip(pair[0].elements, pair[1].elements).reduce(0) {
        let noise = Double($1.0) - Double($1.1)
        return $0 + noise * noise
      }
    }
    let count = Double(draws * 30 * 64)
    // Twenty devices of 65 µS per output.
    let exact = 4 * PhysicalConstants.boltzmann * 298.15 * 1e12 * 20 * 65e-6
    #expect(isClose(sum / count, exact, 4 * (2 / count).squareRoot()))
  }

  @Test("A draw repeats, another differs, and they are uncorrelated")
  func draws() throws {
    let arrays = try NoisyArrays(.twoSided)
    let voltages = Arrays.voltages(arrays.noisy.wordLines, 64)
    let first = arrays.noise(voltages, .forward, draw: 1)
    let second = arrays.noise(voltages, .forward, draw: 2)
    #expect(first == arrays.noise(voltages, .forward, draw: 1))
    #expect(first != second)
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let scale = (product(first, first) * product(second, second)).squareRoot()
    #expect(abs(product(first, second)) < 4 / Double(first.count).squareRoot() * scale)
  }

  @Test("Switched off, or absent from the device, there is none")
  func none() throws {
    let quiet = try Arrays.make(Arrays.device("nili2020"), 20, 10) { $0.readNoise = false }
    let noiseless = try Arrays.make(Arrays.device("ideal"), 20, 10)
    let voltages = Arrays.voltages(20, 8)
    for crossbar in [quiet, noiseless] {
      #expect(
        crossbar.reading(voltages, .forward, draw: 1).currents
          == crossbar.reading(voltages, .forward, draw: 2).currents)
      let variances = CrossbarReference(crossbar).read(voltages, .forward).variances
      #expect(variances.allSatisfy { $0 == 0 })
    }
  }
}

/// The same array with and without noise, and both of ohmic devices on the same random stream.
///
/// A huge bandwidth keeps the noise well above the rounding of the currents it is added to.
private struct NoisyArrays {
  let noisy: Crossbar
  private let quiet: Crossbar
  private let ohmic: Crossbar
  private let quietOhmic: Crossbar

  init(_ pairing: Pairing) throws {
    func make(_ device: DeviceModel, noise: Bool) throws -> Crossbar {
      try Arrays.make(device, 66, 34, pairing) {
        $0.read.bandwidth = 1e12
        $0.readNoise = noise
      }
    }
    let device = try Arrays.device("nili2020")
    noisy = try make(device, noise: true)
    quiet = try make(device, noise: false)
    let linear = try Arrays.device(noise: .johnson)
    ohmic = try make(linear, noise: true)
    quietOhmic = try make(linear, noise: false)
  }

  func set(plus: [Float], minus: [Float]) {
    for crossbar in [noisy, quiet] { crossbar.setState(plus: plus, minus: minus) }
  }

  func randomise(in range: ClosedRange<Double>) {
    for crossbar in [noisy, quiet] { crossbar.randomise(in: range) }
  }

  func noise(_ voltages: Matrix, _ direction: ReadDirection, draw: UInt64) -> [Double] {
    difference(noisy, quiet, voltages, direction, draw: draw)
  }

  private func difference(
    _ noisy: Crossbar, _ quiet: Crossbar, _ voltages: Matrix, _ direction: ReadDirection,
    draw: UInt64
  ) -> [Double] {
    zip(
      noisy.reading(voltages, direction, draw: draw).currents.elements,
      quiet.reading(voltages, direction, draw: draw).currents.elements
    ).map { Double($0) - Double($1) }
  }

  /// Largest relative deviation of the fast path's σ from the exact one.
  ///
  /// Ohmic devices have a variance without approximation; the noise of their array over its σ is
  /// the Gaussian number behind it, which is also the number behind the noise looked at.
  func worstDeviation(_ voltages: Matrix, _ direction: ReadDirection) -> Double {
    let exact = CrossbarReference(noisy).read(voltages, direction).variances
    let known = CrossbarReference(ohmic).read(voltages, direction).variances
    let found = noise(voltages, direction, draw: 3)
    let reference = difference(ohmic, quietOhmic, voltages, direction, draw: 3)
    return exact.indices.reduce(0) { worst, index in
      let gaussian = reference[index] / known[index].squareRoot()
      guard abs(gaussian) > 0.1 else { return worst }
      let deviation = found[index] / gaussian / exact[index].squareRoot() - 1
      return deviation.isNaN ? .infinity : max(worst, abs(deviation))
    }
  }
}
