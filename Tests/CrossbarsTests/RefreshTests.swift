import ArrayOperations
import Crossbars
import Devices
import Mathematics
import Testing

/// Rewriting saturated pairs, as SET-only training needs it.
@Suite struct RefreshTests {
  @Test("Saturated pairs come back inside with their difference; others are left alone")
  func saturatedPairs() throws {
    let crossbar = try Arrays.make(Arrays.device("nili2020"), 20, 10, .setOnly) {
      $0.readNoise = false
      $0.staticVariation = false
    }
    var (plus, minus) = (
      Arrays.numbers(200, in: 35e-6...90e-6, "plus"),
      Arrays.numbers(200, in: 35e-6...90e-6, "minus")
    )
    let saturated = Set(stride(from: 0, to: 200, by: 7))
    for pair in saturated {
      if pair % 2 == 0 { plus[pair] = 101e-6 } else { minus[pair] = 120e-6 }
    }
    crossbar.setState(plus: plus, minus: minus)
    let before = crossbar.chordDifferences
    let report = crossbar.refreshSaturatedPairs(draw: 1)
    #expect(report.devicesWritten == 2 * saturated.count)
    #expect(report.devicesMissed == 0)
    #expect(report.pulses > 0)
    let (after, state) = (crossbar.chordDifferences, crossbar.state)
    for pair in 0..<200 {
      if saturated.contains(pair) {
        // Both devices within 0.2 % of the window's width, unless the window cannot hold them.
        let held = min(max(before[pair], -70e-6), 70e-6)
        #expect(abs(after[pair] - held) < 2 * 0.002 * 70e-6 * 1.01)
      } else {
        #expect(state.plus[pair] == plus[pair] && state.minus[pair] == minus[pair])
      }
    }
  }

  @Test("Whoever reads as saturated, differences of devices with frozen gains stay")
  func variedDevices() throws {
    let crossbar = try Arrays.make(Arrays.device("nili2020"), 20, 10, .setOnly) {
      $0.readNoise = false
    }
    crossbar.setState(
      plus: Arrays.numbers(200, in: 35e-6...120e-6, "plus"),
      minus: Arrays.numbers(200, in: 35e-6...90e-6, "minus"))
    let before = crossbar.chordDifferences
    let report = crossbar.refreshSaturatedPairs(draw: 1)
    #expect(report.devicesWritten > 0 && report.devicesWritten < 400 && report.devicesMissed == 0)
    for (before, after) in zip(before, crossbar.chordDifferences) {
      // Left alone, or written within the tolerance of both devices.
      let held = min(max(before, -70e-6), 70e-6)
      #expect(after == before || abs(after - held) < 2 * 0.002 * 70e-6 * 1.01)
    }
  }

  @Test("Ohmic devices end inside the window")
  func inside() throws {
    let crossbar = try Arrays.make(Arrays.device("ideal"), 4, 5, .setOnly)
    crossbar.setState(
      plus: Arrays.numbers(20, in: 100e-6...130e-6, "plus"),
      minus: Arrays.numbers(20, in: 70e-6...110e-6, "minus"))
    #expect(crossbar.refreshSaturatedPairs(draw: 1).devicesMissed == 0)
    let state = crossbar.state
    #expect((state.plus + state.minus).allSatisfy { $0 > 30e-6 && $0 < 100e-6 })
  }

  @Test("Nothing saturated, nothing done")
  func nothingToDo() throws {
    let crossbar = try Arrays.make(Arrays.device("nili2020"), 20, 10, .setOnly) {
      $0.readNoise = false
      $0.staticVariation = false
    }
    crossbar.randomise(in: 31e-6...90e-6)
    let before = crossbar.states
    let report = crossbar.refreshSaturatedPairs(draw: 1)
    #expect(report.devicesWritten == 0 && report.pulses == 0)
    // All devices were read to find that out.
    #expect(report.forward > 0)
    #expect(report.seconds == 20.0 * crossbar.technology.conditions.read.time)
    #expect(crossbar.states == before)
  }
}
