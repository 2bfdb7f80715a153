import Crossbars
import Devices
import Mathematics

/// Reads, gradient and programming of one layer beside the plain product of its size.
struct LayerBenchmark {
  let shape: LayerShape
  private let nili: Crossbar
  private let quiet: Crossbar
  private let ideal: Crossbar

  init(_ shape: LayerShape, nili: DeviceModel, ideal: DeviceModel) throws {
    self.shape = shape
    func array(_ device: DeviceModel, noise: Bool) throws -> Crossbar {
      var conditions = ArrayConditions()
      conditions.readNoise = noise
      return try Crossbar(
        try ArrayTechnology(device: device, conditions: conditions), wordLines: shape.wordLines,
        outputs: shape.outputs, name: "benchmark", deviceSeed: 1, seed: 1)
    }
    self.nili = try array(nili, noise: true)
    quiet = try array(nili, noise: false)
    self.ideal = try array(ideal, noise: false)
  }

  func run(rounds: Int) {
    let (inputs, outputs, batch) = (shape.wordLines, shape.outputs, shape.batch)
    let product = 2 * Double(inputs * outputs * batch)
    let stream = RandomStream(seed: 1, name: "benchmark")
    let driven = signals(inputs, stream, 0)
    let errors = signals(outputs, stream, 1)
    let sensed = Storage<Float>(count: outputs * batch, repeating: 0)
    let sensedBack = Storage<Float>(count: inputs * batch, repeating: 0)
    let weights = Storage<Float>(count: inputs * outputs, repeating: 1e-6)
    let gradient = Storage<Float>(count: inputs * outputs, repeating: 0)
    func view(_ storage: Storage<Float>, _ rows: Int, _ columns: Int) -> MatrixView {
      MatrixView(base: storage.base, rows: rows, columns: columns)
    }
    var table = Rounds()
    table.add("plain product, forward", operations: product) {
      MatrixProduct.multiply(
        view(weights, inputs, outputs), transposed: true, view(driven, inputs, batch),
        into: view(sensed, outputs, batch))
    }
    for (name, array, terms) in [
      ("forward read, linear, no noise", ideal, 1.0), ("forward read, cubic, no noise", quiet, 2),
      ("forward read, cubic, noise", nili, 2),
    ] {
      table.add(name, operations: terms * product) {
        _ = array.read(
          view(driven, inputs, batch), .forward, into: view(sensed, outputs, batch), draw: 1)
      }
    }
    table.add("transposed read, cubic, noise", operations: 2 * product) {
      _ = nili.read(
        view(errors, outputs, batch), .transposed, into: view(sensedBack, inputs, batch), draw: 2)
    }
    table.add("gradient", operations: product) {
      MatrixProduct.multiply(
        view(driven, inputs, batch), transposed: false, view(errors, outputs, batch),
        transposed: true, into: view(gradient, inputs, outputs))
    }
    for share in [0.3, 0.03, 0.003] {
      let updateSigns = updateSigns(share: share, stream)
      table.add("programming, share \(share)") { _ = nili.program(updateSigns, step: 1) }
    }
    report(table, rounds: rounds)
  }

  private func report(_ table: Rounds, rounds: Int) {
    print("\n\(shape.wordLines) word lines, \(shape.outputs) outputs, batch \(shape.batch)")
    print(column("", 32), "      µs", "  of plain", "  GFLOP/s")
    let medians = table.medians(rounds: rounds)
    for (entry, median) in zip(table.entries, medians) {
      let rate = entry.operations > 0 ? column(entry.operations / median / 1e3, 9) : ""
      print(column(entry.name, 32), column(median, 8), column(median / medians[0], 10), rate)
    }
  }

  private func signals(_ lines: Int, _ stream: RandomStream, _ substream: UInt64) -> Storage<Float>
  {
    let storage = Storage<Float>(count: lines * shape.batch, repeating: 0)
    stream.fillUniform(storage.buffer, substream: substream)
    for index in 0..<storage.count { storage[index] = 0.2 * (2 * storage[index] - 1) }
    return storage
  }

  private func updateSigns(share: Double, _ stream: RandomStream) -> SignMatrix {
    var updateSigns = SignMatrix(rows: shape.wordLines, columns: shape.outputs)
    for index in updateSigns.elements.indices
    where Double(stream.uniform(at: index, substream: 9)) < share {
      updateSigns.elements[index] = index % 2 == 0 ? 1 : -1
    }
    return updateSigns
  }
}

/// Random fills, per number.
struct FillBenchmark {
  let count: Int

  func run(rounds: Int) {
    let stream = RandomStream(seed: 1, name: "benchmark")
    let numbers = Storage<Float>(count: count, repeating: 0)
    let words = Storage<UInt32>(count: count, repeating: 0)
    let generator = GSLGenerator()
    var table = Rounds()
    table.add("Philox words") { stream.fillWords(words.buffer, substream: 1) }
    table.add("uniform") { stream.fillUniform(numbers.buffer, substream: 1) }
    table.add("Gaussian") { stream.fillGaussian(numbers.buffer, substream: 1) }
    table.add("Gaussian, GSL ziggurat") { generator.fillGaussian(numbers.buffer) }
    print("\n\(count) random numbers")
    print(column("", 32), "ns per number")
    for (entry, median) in zip(table.entries, table.medians(rounds: rounds)) {
      print(column(entry.name, 32), column(median * 1e3 / Double(count), 8))
    }
  }
}
