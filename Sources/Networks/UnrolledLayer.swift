import ArrayOperations
import Crossbars
import Failures
import Mathematics

/// A dense or convolutional layer on one array: what stands before its lines and behind them.
///
/// The array knows vectors only. A convolution drives it with patches, one read per position and
/// sample. A transposed convolution drives it with the channels of a pixel and adds the patches that
/// come out where they overlap: the transposed read of the convolution from its output to its input.
/// Zero-inserted patches would give the same sums with stride² times the reads, most of their inputs
/// being the inserted zeros. All reads of a batch go through the array as one batch, in blocks of
/// positions that depend on shapes alone.
///
/// The bias is one more input of ones at every position; behind a transposed convolution it is thus
/// added as often as patches overlap.
struct UnrolledLayer<Linear: TrainableLayer>: TrainableLayer {
  private var linear: Linear
  private let inputSide: Side
  private let outputSide: Side
  private let positions: Int
  let isTrained: Bool
  /// Time of a read beyond the first column's when columns are read one after another.
  private let serial: SerialReading
  /// Batch-summed slopes of convolutions; nil for layers that hand their batch on.
  private var slopes: BatchSlopes?
  private var buffers: [Int: Block] = [:]

  let inputs: Int
  let outputs: Int

  /// How a side of the layer is arranged on the array's lines.
  private enum Side {
    /// Channels of positions: a block of columns as it stands.
    case channels
    /// Patches of a map.
    case patches(PatchGeometry)
  }

  /// What both sides of the array carry over a block of positions.
  private struct Block {
    var input: Matrix
    var output: Matrix
  }

  /// - Parameters:
  ///   - linear: an array of the placed layer's lines and columns.
  ///   - serial: how long a dense layer takes to read its columns one after another.
  init(_ linear: Linear, as placed: PlacedLayer, serial: SerialReading = SerialReading()) {
    self.linear = linear
    inputs = placed.input.units
    outputs = placed.output.units
    positions = placed.positions
    isTrained = placed.description.isTrained
    self.serial = placed.patches == nil ? serial : SerialReading()
    switch (placed.description.kind, placed.patches) {
    case (.transposedConvolution, let patches?):
      (inputSide, outputSide) = (.channels, .patches(patches))
    case (_, let patches?): (inputSide, outputSide) = (.patches(patches), .channels)
    case (_, nil): (inputSide, outputSide) = (.channels, .channels)
    }
    slopes =
      placed.patches == nil || !isTrained
      ? nil
      : BatchSlopes(
        lines: placed.lines + 1, outputs: placed.columns, areCorrelated: true)
  }

  private var isDense: Bool {
    if case .channels = inputSide, case .channels = outputSide { true } else { false }
  }

  mutating func forward(
    _ input: Matrix, into output: inout Matrix, _ context: inout StepContext
  ) {
    guard !isDense else {
      context.ledger.seconds += serial.forward(self) * Double(input.columns)
      return linear.forward(input, into: &output, &context)
    }
    context.peak = input.largestMagnitude
    defer { context.peak = nil }
    if case .patches = outputSide { output.clear() }
    forEachBlock(samples: input.columns) { layer, range, block in
      layer.take(layer.inputSide, from: input, range, into: &block.input, context.workers)
      layer.linear.forward(block.input, into: &block.output, &context)
      layer.put(layer.outputSide, block.output, range, into: &output, context.workers)
    }
  }

  mutating func backward(
    _ delta: Matrix, into inputDelta: inout Matrix, _ context: inout StepContext
  ) {
    guard !isDense else {
      context.ledger.seconds += serial.backward(self) * Double(delta.columns)
      return linear.backward(delta, into: &inputDelta, &context)
    }
    context.peak = delta.largestMagnitude
    defer { context.peak = nil }
    if case .patches = inputSide { inputDelta.clear() }
    forEachBlock(samples: delta.columns) { layer, range, block in
      layer.take(layer.outputSide, from: delta, range, into: &block.output, context.workers)
      layer.linear.backward(block.output, into: &block.input, &context)
      layer.put(layer.inputSide, block.input, range, into: &inputDelta, context.workers)
    }
  }

  mutating func update(
    input: Matrix, delta: Matrix, _ context: inout StepContext
  ) throws(Failure) {
    guard isTrained else { return }
    guard var slopes else {
      return try linear.update(input: input, delta: delta, &context)
    }
    self.slopes = nil
    defer { self.slopes = slopes }
    var continues = false
    forEachBlock(samples: input.columns) { layer, range, block in
      layer.take(layer.inputSide, from: input, range, into: &block.input, context.workers)
      layer.take(layer.outputSide, from: delta, range, into: &block.output, context.workers)
      slopes.take(
        block.input, block.output, continues: continues, squares: layer.linear.needsSquares,
        workers: context.workers)
      continues = true
    }
    try linear.update(slopes, &context)
  }

  mutating func update(_ slopes: BatchSlopes, _ context: inout StepContext) throws(Failure) {
    guard isTrained else { return }
    try linear.update(slopes, &context)
  }

  var weights: Matrix { linear.weights }

  func reads(samples: Int) -> Int { positions / blockPositions(samples: samples) }

  mutating func adopt(_ technology: ArrayTechnology, workers: Workers) throws(Failure) {
    try linear.adopt(technology, workers: workers)
  }

  func wireErrors(draw: UInt64) throws(Failure) -> WireErrors {
    try linear.wireErrors(draw: draw)
  }

  mutating func finishEpoch(workers: Workers, ledger: inout EnergyLedger) throws(Failure) {
    try linear.finishEpoch(workers: workers, ledger: &ledger)
  }

  func state(name: String) -> [TrainerState.NamedArray] { linear.state(name: name) }

  mutating func restore(_ state: TrainerState, name: String) throws(StateMismatch) {
    try linear.restore(state, name: name)
  }
}

extension UnrolledLayer {
  /// Numbers on both sides of the array in one block: 8 MB, and a few times that in its workspace.
  private static var blockElements: Int { 1 << 21 }

  /// Positions of a block: the largest divisor of all positions within the limit.
  private func blockPositions(samples: Int) -> Int {
    let perPosition = (linear.inputs + linear.outputs) * samples
    let limit = max(1, min(positions, Self.blockElements / max(1, perPosition)))
    return (1...limit).last { positions % $0 == 0 } ?? 1
  }

  /// Calls `body` for every block of positions with buffers of its size.
  private mutating func forEachBlock(
    samples: Int, _ body: (inout Self, Range<Int>, inout Block) -> Void
  ) {
    let size = blockPositions(samples: samples)
    let columns = size * samples
    var block =
      buffers.removeValue(forKey: columns)
      ?? Block(
        input: Matrix(rows: linear.inputs, columns: columns),
        output: Matrix(rows: linear.outputs, columns: columns))
    for start in stride(from: 0, to: positions, by: size) {
      body(&self, start..<start + size, &block)
    }
    buffers[columns] = block
  }

  /// Puts what a side carries at some positions onto the array's lines.
  private func take(
    _ side: Side, from batch: Matrix, _ range: Range<Int>, into block: inout Matrix,
    _ workers: Workers
  ) {
    batch.withReadOnlyView { batch in
      block.withView { block in
        switch side {
        case .patches(let patches):
          patches.unroll(batch, positions: range, into: block, workers: workers)
        case .channels:
          for line in 0..<block.rows {
            block.row(line).baseAddress?.update(
              from: start(of: range, line: line, in: batch), count: block.columns)
          }
        }
      }
    }
  }

  /// Takes what the array's lines carry to a side; overlapping patches add up.
  private func put(
    _ side: Side, _ block: Matrix, _ range: Range<Int>, into batch: inout Matrix,
    _ workers: Workers
  ) {
    block.withReadOnlyView { block in
      batch.withView { batch in
        switch side {
        case .patches(let patches):
          patches.fold(block, positions: range, into: batch, workers: workers)
        case .channels:
          for line in 0..<block.rows {
            guard let source = block.row(line).baseAddress else { continue }
            start(of: range, line: line, in: batch).update(from: source, count: block.columns)
          }
        }
      }
    }
  }

  /// Where a channel's samples at the first of some positions stand in a batch.
  private func start(
    of range: Range<Int>, line: Int, in batch: MatrixView
  ) -> UnsafeMutablePointer<Float> {
    batch.base + (line * positions + range.lowerBound) * batch.columns
  }
}

/// Seconds that columns read one after another add to a dense layer's read.
struct SerialReading {
  /// Duration of one column's read; zero when all columns are read at once.
  var time = 0.0

  fileprivate func forward(_ layer: some TrainableLayer) -> Double {
    time * Double(layer.outputs - 1)
  }

  fileprivate func backward(_ layer: some TrainableLayer) -> Double {
    time * Double(layer.inputs - 1)
  }
}

extension Matrix {
  /// Sets all elements to zero.
  fileprivate mutating func clear() {
    elements.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
  }
}
