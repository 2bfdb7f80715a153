import Crossbars
import Mathematics

/// Decides which weights of a layer are pulsed, and which way, from a batch's gradient.
///
/// Every weight is chosen at random and moves against the sign of the slope g = Σ (input, 1) · deltaᵀ,
/// by one pulse: with the step's share as its chance, or with share · |g| / mean |g| of the layer, up
/// to one, which is what a comparison of |g| with a random threshold gives. A gradient of exactly zero
/// gives no pulse. The sum may run over several
/// batches, which hardware needs a counter per weight for, and gradients below a threshold may be
/// left alone: with θ, those whose cosine |Σ x · δ| / (‖x‖ · ‖δ‖) over the batch is at most θ.
struct RequestChooser {
  /// +1 raises a weight, −1 lowers it, 0 leaves it alone; wordLines × outputs, the bias last.
  private(set) var requests: SignMatrix
  private let stream: RandomStream
  private var gradient: Matrix
  private let words: Storage<UInt32>
  private let threshold: Float
  private let batches: Int
  /// Whether the chance of a pulse grows with the gradient's magnitude.
  private let isProportional: Bool
  /// Batches in the present sum.
  private var summed = 0
  /// θ² · ‖x‖² per word line and ‖δ‖² per output, over the batches of the sum.
  private var lineSquares: [Float]
  private var outputSquares: [Float]

  /// Share below which a dot product per chosen weight is cheaper than the whole matrix product.
  private static let sparseShare = 0.1
  /// Word lines handled by one block of work.
  private static let blockRows = 64

  /// - Parameters:
  ///   - plan: says how many batches are summed and which gradients are too small.
  ///   - stream: draws the choice; the step is its substream.
  init(wordLines: Int, outputs: Int, _ plan: ProgrammingPlan, _ stream: RandomStream) {
    threshold = Float(plan.gradientThreshold)
    batches = plan.accumulatedBatches
    lineSquares = [Float](repeating: 0, count: wordLines)
    outputSquares = [Float](repeating: 0, count: outputs)
    requests = SignMatrix(rows: wordLines, columns: outputs)
    self.stream = stream
    gradient = Matrix(rows: wordLines, columns: outputs)
    isProportional = plan.selection == .proportional
    words = Storage(count: wordLines * Self.padded(outputs), repeating: 0)
  }

  /// Columns of a row of random words: a block of rows then holds whole groups of 256 words.
  private static func padded(_ columns: Int) -> Int { (columns + 3) / 4 * 4 }

  /// Takes a batch in and fills ``requests`` when its sum is complete: input is inputs × B, delta
  /// outputs × B.
  ///
  /// - Returns: whether there are requests to carry out.
  mutating func choose(input: Matrix, delta: Matrix, _ context: StepContext) -> Bool {
    let isSparse = context.share < Self.sparseShare && batches == 1 && !isProportional
    if !isSparse { multiplyGradient(input, delta, context.workers) }
    if threshold > 0 { addSquares(input, delta) }
    guard completesSum() else { return false }
    guard isSparse else {
      chooseByGradient(context)
      return true
    }
    input.withReadOnlyView { input in
      delta.withReadOnlyView { delta in
        choose(context) { row in Slopes(row: row, source: .batch(input: input, delta: delta)) }
      }
    }
    return true
  }

  /// The same from a batch-summed gradient, wordLines × outputs; thresholds need the batch itself.
  mutating func choose(gradient: Matrix, _ context: StepContext) -> Bool {
    if summed == 0 {
      self.gradient = gradient
    } else {
      for index in gradient.elements.indices {
        self.gradient.elements[index] += gradient.elements[index]
      }
    }
    guard completesSum() else { return false }
    chooseByGradient(context)
    return true
  }

  /// Counts a batch in; true when the sum is complete, which then begins anew.
  private mutating func completesSum() -> Bool {
    summed += 1
    guard summed >= batches else { return false }
    summed = 0
    return true
  }

  /// Σ over the batch of (input, 1) · deltaᵀ, wordLines × outputs.
  mutating func gradient(input: Matrix, delta: Matrix, _ context: StepContext) -> Matrix {
    multiplyGradient(input, delta, context.workers)
    return gradient
  }

  private mutating func chooseByGradient(_ context: StepContext) {
    var context = context
    if isProportional { context.share /= gradient.meanMagnitude }
    let gradient = gradient
    gradient.withReadOnlyView { gradient in
      choose(context) { row in Slopes(row: row, source: .gradient(gradient)) }
    }
  }

  private mutating func choose(
    _ context: StepContext, slopes: @Sendable (_ row: Int) -> Slopes
  ) {
    let isProportional = isProportional
    // A chance per unit of slope, or the chance itself, in random words.
    let factor = Float(context.share * 0x1p32)
    let limit = isProportional ? 0 : UInt64(min(1, max(0, context.share)) * 0x1p32)
    let (words, stream, step) = (words, stream, context.step)
    let (threshold, lineSquares, outputSquares) = (threshold, lineSquares, outputSquares)
    let (rows, columns) = (requests.rows, requests.columns)
    let padded = Self.padded(columns)
    requests.elements.withUnsafeMutableBufferPointer { requests in
      nonisolated(unsafe) let requests = requests
      context.workers.forEachBlock(of: rows, size: Self.blockRows) { rows in
        let first = rows.lowerBound * padded
        stream.fillWords(
          words.part(first, rows.count * padded), from: first, substream: step)
        for row in rows {
          let slopes = slopes(row)
          for column in 0..<columns {
            let word = words[row &* padded &+ column]
            let isChosen =
              isProportional
              ? Float(word) < factor * abs(slopes.slope(column))
              : UInt64(word) < limit
            let least = threshold > 0 ? lineSquares[row] * outputSquares[column] : 0
            requests[row &* columns &+ column] =
              isChosen ? slopes.request(column, leastSquare: least) : 0
          }
        }
      }
    }
  }

  /// Forgets an incomplete sum: epochs begin with none.
  mutating func reset() { summed = 0 }

  /// Adds the squared norms of a batch's lines.
  private mutating func addSquares(_ input: Matrix, _ delta: Matrix) {
    let kept: Float = summed == 0 ? 0 : 1
    func square(_ row: UnsafeMutableBufferPointer<Float>) -> Float {
      BufferKernels.dot(UnsafeBufferPointer(row), UnsafeBufferPointer(row))
    }
    input.withReadOnlyView { input in
      for line in lineSquares.indices {
        let norm = line < input.rows ? square(input.row(line)) : Float(input.columns)
        lineSquares[line] = kept * lineSquares[line] + threshold * threshold * norm
      }
    }
    delta.withReadOnlyView { delta in
      for unit in outputSquares.indices {
        outputSquares[unit] = kept * outputSquares[unit] + square(delta.row(unit))
      }
    }
  }

  /// gradient = Σ over the batch of (input, 1) · deltaᵀ, on top of earlier batches of the sum.
  private mutating func multiplyGradient(_ input: Matrix, _ delta: Matrix, _ workers: Workers) {
    gradient.accumulateGradient(input, delta, keeping: summed == 0 ? 0 : 1, workers: workers)
  }

  /// Where slopes come from: the whole gradient, or a dot product at a time.
  private enum SlopeSource: Sendable {
    case gradient(MatrixView)
    case batch(input: MatrixView, delta: MatrixView)
  }

  /// The slopes of one word line's weights.
  private struct Slopes: Sendable {
    let row: Int
    let source: SlopeSource

    @inline(__always)
    func request(_ column: Int, leastSquare: Float) -> Int8 {
      let slope = slope(column)
      if leastSquare > 0, slope * slope <= leastSquare { return 0 }
      return slope > 0 ? -1 : slope < 0 ? 1 : 0
    }

    @inline(__always)
    func slope(_ column: Int) -> Float {
      switch source {
      case .gradient(let gradient): return gradient.row(row)[column]
      case .batch(let input, let delta):
        let deltas = UnsafeBufferPointer(delta.row(column))
        guard row < input.rows else { return BufferKernels.sum(deltas) }
        return BufferKernels.dot(UnsafeBufferPointer(input.row(row)), deltas)
      }
    }
  }
}
