import Crossbars
import Mathematics

/// Decides which weights of a layer are pulsed, and which way, from a batch's gradient.
///
/// Every weight is chosen with the step's probability and moves against the sign of
/// Σ (input, 1) · deltaᵀ; a gradient of exactly zero gives no pulse.
struct RequestChooser {
  /// +1 raises a weight, −1 lowers it, 0 leaves it alone; wordLines × outputs, the bias last.
  private(set) var requests: SignMatrix
  private let stream: RandomStream
  private var gradient: Matrix
  private let words: Storage<UInt32>

  /// Share below which a dot product per chosen weight is cheaper than the whole matrix product.
  private static let sparseShare = 0.1
  /// Word lines handled by one block of work.
  private static let blockRows = 64

  /// - Parameter stream: draws the choice; the step is its substream.
  init(wordLines: Int, outputs: Int, _ stream: RandomStream) {
    requests = SignMatrix(rows: wordLines, columns: outputs)
    self.stream = stream
    gradient = Matrix(rows: wordLines, columns: outputs)
    words = Storage(count: wordLines * Self.padded(outputs), repeating: 0)
  }

  /// Columns of a row of random words: a block of rows then holds whole groups of 256 words.
  private static func padded(_ columns: Int) -> Int { (columns + 3) / 4 * 4 }

  /// Fills ``requests`` for a batch: input is inputs × B, delta outputs × B.
  mutating func choose(input: Matrix, delta: Matrix, _ context: StepContext) {
    guard context.share < Self.sparseShare else {
      multiplyGradient(input, delta, context.workers)
      return chooseByGradient(context)
    }
    input.withReadOnlyView { input in
      delta.withReadOnlyView { delta in
        choose(context) { row in Slopes(row: row, source: .batch(input: input, delta: delta)) }
      }
    }
  }

  /// Σ over the batch of (input, 1) · deltaᵀ, wordLines × outputs.
  mutating func gradient(input: Matrix, delta: Matrix, _ context: StepContext) -> Matrix {
    multiplyGradient(input, delta, context.workers)
    return gradient
  }

  /// Fills ``requests`` from a batch-summed gradient, wordLines × outputs.
  mutating func choose(gradient: Matrix, _ context: StepContext) {
    self.gradient = gradient
    chooseByGradient(context)
  }

  private mutating func chooseByGradient(_ context: StepContext) {
    let gradient = gradient
    gradient.withReadOnlyView { gradient in
      choose(context) { row in Slopes(row: row, source: .gradient(gradient)) }
    }
  }

  private mutating func choose(
    _ context: StepContext, slopes: @Sendable (_ row: Int) -> Slopes
  ) {
    let limit = UInt64(min(1, max(0, context.share)) * 0x1p32)
    let (words, stream, step) = (words, stream, context.step)
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
            let isChosen = UInt64(words[row &* padded &+ column]) < limit
            requests[row &* columns &+ column] = isChosen ? slopes.request(column) : 0
          }
        }
      }
    }
  }

  /// gradient = Σ over the batch of (input, 1) · deltaᵀ.
  private mutating func multiplyGradient(_ input: Matrix, _ delta: Matrix, _ workers: Workers) {
    input.withReadOnlyView { input in
      delta.withReadOnlyView { delta in
        gradient.withView { gradient in
          MatrixProduct.multiply(
            input, transposed: false, delta, transposed: true,
            into: gradient.rows(0..<input.rows), workers: workers)
          let bias = gradient.row(input.rows)
          for unit in 0..<delta.rows {
            bias[unit] = BufferKernels.sum(UnsafeBufferPointer(delta.row(unit)))
          }
        }
      }
    }
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
    func request(_ column: Int) -> Int8 {
      let slope = slope(column)
      return slope > 0 ? -1 : slope < 0 ? 1 : 0
    }

    @inline(__always)
    private func slope(_ column: Int) -> Float {
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
