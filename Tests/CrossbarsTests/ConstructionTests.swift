import Crossbars
import Devices
import Failures
import Testing

/// What cannot be built is refused when it is built.
@Suite struct ConstructionTests {
  /// Noise of which half comes from somewhere else than conductance.
  struct OffsetNoise: ReadNoiseModel {
    func variance(chordConductance: Double, temperature: Double, bandwidth: Double) -> Double {
      1e-20 * bandwidth * (1 + chordConductance)
    }
  }

  private func device(noise: some ReadNoiseModel) throws -> DeviceModel {
    var device = try Arrays.device()
    device.readNoise = noise
    return device
  }

  @Test("Read noise that is not linear in conductance is refused, unless it is left out")
  func nonlinearNoise() throws {
    let device = try device(noise: OffsetNoise())
    #expect {
      try ArrayTechnology(device: device, conditions: ArrayConditions())
    } throws: { error in
      (error as? Failure)?.description.contains("proportional to conductance") == true
    }
    var quiet = ArrayConditions()
    quiet.readNoise = false
    #expect(try ArrayTechnology(device: device, conditions: quiet).noisePerSiemens == 0)
  }

  @Test("Linear noise has the variance of the sum in the sum")
  func linearNoise() throws {
    for model in [ReadNoise.none, .johnson] {
      let (one, three) = (
        model.variance(chordConductance: 1e-5, temperature: 300, bandwidth: 1e6),
        model.variance(chordConductance: 3e-5, temperature: 300, bandwidth: 1e6)
      )
      #expect(abs(three - 3 * one) <= 1e-15 * three)
    }
  }

  @Test(
    "Arrays of more weights than pulses can be addressed to are refused before anything is allocated",
    arguments: [(1 << 15, (1 << 14) + 1), ((1 << 29) + 1, 1), (1 << 40, 1 << 40), (1 << 62, 2)])
  func largestArray(_ wordLines: Int, _ outputs: Int) throws {
    let technology = try ArrayTechnology(device: Arrays.device(), conditions: ArrayConditions())
    #expect {
      try Crossbar(
        technology, wordLines: wordLines, outputs: outputs, name: "large", deviceSeed: 1, seed: 1)
    } throws: { error in
      (error as? Failure)?.description.contains("array large") == true
    }
    #expect(Crossbar.largestPairCount == 1 << 29)
  }
}
