import CrossbarGAN
import Testing
import _TestSupport

/// What another package sees: no `package` declaration is reachable from here.
@Suite("The library for Swift programs") struct PublicFaceTests {
  @Test func `A device conducts and is pulsed as the calibration says`() throws {
    let device = try MeasuredDevice("ideal")
    #expect(try device.current(conductance: 5e-5, voltage: 0.1) == 5e-6)
    let states = try device.pulsed(from: 5e-5, voltage: 0.8, width: 1e-7, count: 3)
    #expect(states.count == 3 && states[0] > 5e-5 && states[2] > states[1])
    #expect(MeasuredDevice.names.contains("nili2020"))
  }

  @Test func `Failures say where, why and what to do`() throws {
    let error = try #require(throws: CrossbarError.self) { try MeasuredDevice("nili2021") }
    #expect(error.exitCode == 66 && error.description.contains("did you mean nili2020"))
    let key = try #require(throws: CrossbarError.self) {
      try Configuration(toml: "[run]\nepochs = 0\n")
    }
    #expect(key.place.contains("run.epochs"))
  }

  /// Two resistors in series with the ends, and the divider between them.
  @Test func `One device between its ends is Ohm's law`() throws {
    let array = try WiredCrossbar(
      conductances: [[1e-4]], wires: .init(wordSegment: 0, bitSegment: 0, source: 100, sense: 50))
    let exact = try array.currents([[0.2]])[0][0]
    #expect(abs(exact / (0.2 / (1e4 + 150)) - 1) < 1e-10)
    #expect(abs(try array.currents([[0.2]], method: .fast)[0][0] / exact - 1) < 1e-5)
    #expect(throws: CrossbarError.self) { try array.currents([[0.1, 0.1]]) }
    #expect(throws: CrossbarError.self) { try WiredCrossbar(conductances: [[1e-4], []]) }
  }

  @Test func `An array learns the sign it is given`() throws {
    let configuration = try Configuration(
      toml: "[run]\ncalibration = \"ideal\"\n[wires]\nset = \"off\"\n")
    let array = try TrainableCrossbar(wordLines: 4, outputs: 3, configuration: configuration)
    try array.write([Float](repeating: 1e-5, count: 12))
    let before = array.weights
    try array.program([1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    let moves = zip(array.weights, before).map { $0 - $1 }
    #expect(moves[0] > 0 && moves[1] < 0 && moves[2] == 0 && moves[11] > 0)
    let currents = try array.forward([0.05, 0, 0, 0])
    #expect(currents.count == 3 && abs(currents[0] / (0.05 * array.weights[0]) - 1) < 0.2)
    #expect(try array.backward([0.05, 0, 0]).count == 4)
    #expect(array.expense.energy > 0 && array.expense.pulses > 3)
  }

  @Test func `Training leaves a run folder and goes on from it`() throws {
    let folder = try TemporaryFolder()
    let small = """
      [data]
      source = "synthetic"
      limit = 128
      [networks]
      generator = [8, 12, 784]
      discriminator = [784, 12, 1]
      [wires]
      set = "off"
      [evaluation]
      epoch_fakes = 64
      final_fakes = 64
      [run]
      batch = 32
      epochs = 2
      """
    let training = Training(try Configuration(toml: small), folder: folder.file("run"))
    var epochs: [Training.Epoch] = []
    try training.run { epochs.append($0) }
    #expect(epochs.map(\.number) == [1, 2])
    #expect(try #require(epochs[1].metrics["frechet"]) > 0)
    try training.run { epochs.append($0) }
    #expect(epochs.count == 2)
  }
}
