import Failures
import Mathematics
import Networks
import Testing

@Suite("Limits of layers and of saved states")
struct LayerLimitTests {
  @Test(arguments: [
    "deconv 1 5x5 stride 9223372036854775807", "conv 1 5x5 padding 9223372036854775807",
    "conv 1 5x5 padding -9223372036854775808", "pool 9223372036854775807",
    "dense 65536x65536x65536", "dense 99999999999999999999", "conv 65537 3x3",
    "conv 4 99999999999999999999x3",
  ])
  func `Numbers beyond any layer are none`(_ text: String) {
    #expect(LayerDescription(text) == nil)
  }

  @Test func `Layers that grow without end are refused, whatever their product`() {
    let layers = (0..<20).map { _ in
      LayerDescription(.transposedConvolution(.init(1, kernel: 64, stride: 64, padding: 0)))
    }
    let network = NetworkDescription(
      input: MapShape(channels: 1, height: 28, width: 28), layers: layers)
    #expect(throws: Failure.self) { try network.placed(at: "networks.generator") }
  }

  @Test func `Networks that no memory holds are refused before they are made`() throws {
    var plan = Trainers.plan()
    let wide = LayerDescription(.dense(MapShape(channels: 4096, height: 64, width: 64)))
    plan.networks.generator.layers.insert(contentsOf: [wide, wide], at: 0)
    let failure = try #require(throws: Failure.self) { try plan.validate() }
    #expect(failure.cause.contains("memory"))
  }

  @Test(arguments: [Float.nan, .infinity, -1e-6])
  func `A saved conductance that is none is refused, not clamped`(_ value: Float) throws {
    let (plan, device) = (Trainers.plan(), try Trainers.device())
    var state = try Trainers.make(plan, device).state
    let place = try #require(state.arrays.firstIndex { $0.name.hasSuffix(".plus") })
    state.arrays[place].values[3] = value
    let failure = try #require(throws: Failure.self) {
      try GANTrainer(plan: plan, device: device, workers: .one, restoring: state)
    }
    #expect(failure.kind == .badData && failure.cause.contains(".plus"))
  }

  @Test(arguments: [Float.nan, .infinity, -1, 1e30])
  func `A saved number of steps that is none is refused`(_ value: Float) throws {
    let (plan, device) = (Trainers.plan(.digital), try Trainers.device())
    var state = try Trainers.make(plan, device).state
    let place = try #require(state.arrays.firstIndex { $0.name.hasSuffix(".steps") })
    state.arrays[place].values = [value]
    #expect(throws: Failure.self) {
      try GANTrainer(plan: plan, device: device, workers: .one, restoring: state)
    }
  }
}
