package import Crossbars
package import Mathematics

/// Decides which weights of a layer are pulsed, and which way, from a batch.
///
/// Every weight is chosen at random and moves by one pulse against the sign of the slope
/// g = Σ (input, 1) · deltaᵀ. Its chance is the step's share, or share · s² up to one, where
/// s = √N · g / (‖x‖ · ‖δ‖) is the slope's significance: the cosine of input and error over the batch in
/// units of what independent noise would make of it. Weights without a clear slope rest, and lines
/// with strong signals have no advantage. N is the images of a step, real ones and fakes; in
/// convolutions, whose positions resemble each other, what makes ⟨s²⟩ one over the layer. A slope of
/// exactly zero gives no pulse. The sum may run over several batches, which hardware needs a counter
/// per weight for, and slopes whose |s| is at most a threshold may be left alone.
package struct UpdateSampler {
  /// +1 raises a weight, −1 lowers it, 0 leaves it alone; wordLines × outputs, the bias last.
  package private(set) var updateSigns: SignMatrix
  private let stream: RandomStream
  private var slopes: BatchSlopes
  private let words: Storage<UInt32>
  private let threshold: Float
  private let batches: Int
  private let selection: UpdateSampling
  /// Batches in the present sum.
  private var summed = 0
  /// 1/‖x‖ per line and 1/‖δ‖ per output; zero for silent ones.
  private var lineFactors: [Float]
  private var outputFactors: [Float]

  /// Share below which a dot product per chosen weight is cheaper than the whole matrix product.
  private static let sparseLimit = 0.1
  /// Word lines handled by one block of work.
  private static let blockRows = 64

  /// - Parameters:
  ///   - plan: says who is chosen, how many batches are summed and which slopes are too small.
  ///   - stream: draws the choice; the step is its substream.
  package init(wordLines: Int, outputs: Int, _ plan: ProgrammingPlan, _ stream: RandomStream) {
    threshold = Float(plan.gradientThreshold)
    batches = plan.accumulatedBatches
    selection = plan.sampling
    updateSigns = SignMatrix(rows: wordLines, columns: outputs)
    self.stream = stream
    slopes = BatchSlopes(lines: wordLines, outputs: outputs)
    words = Storage(count: wordLines * Self.padded(outputs), repeating: 0)
    lineFactors = [Float](repeating: 0, count: wordLines)
    outputFactors = [Float](repeating: 0, count: outputs)
  }

  /// Columns of a row of random words: a block of rows then holds whole groups of 256 words.
  private static func padded(_ columns: Int) -> Int { (columns + 3) / 4 * 4 }

  /// Whether cosines decide, and thus the strengths of signals.
  var needsSquares: Bool { selection == .significance || threshold > 0 }

  /// Takes a batch in and fills ``updateSigns`` when its sum is complete: input is inputs × B, delta
  /// outputs × B.
  ///
  /// - Returns: whether there are update signs to carry out.
  package mutating func sample(input: Matrix, delta: Matrix, _ context: StepContext) -> Bool {
    if context.updateProbability < Self.sparseLimit, batches == 1, !needsSquares {
      input.withReadOnlyView { input in
        delta.withReadOnlyView { delta in
          sample(context, .batch(input: input, delta: delta))
        }
      }
      return true
    }
    slopes.take(
      input, delta, continues: summed > 0, squares: needsSquares, workers: context.workers)
    return sampleIfComplete(context)
  }

  /// The same from slopes that are summed over the batch already.
  mutating func sample(_ batch: BatchSlopes, _ context: StepContext) -> Bool {
    if summed == 0 { slopes = batch } else { slopes += batch }
    return sampleIfComplete(context)
  }

  /// Forgets an incomplete sum: epochs begin with none.
  mutating func reset() { summed = 0 }

  private mutating func sampleIfComplete(_ context: StepContext) -> Bool {
    summed += 1
    guard summed >= batches else { return false }
    summed = 0
    if needsSquares { prepareSignificance(images: context.images * batches) }
    let gradient = slopes.gradient
    gradient.withReadOnlyView { gradient in
      sample(context, .gradient(gradient))
    }
    return true
  }

  /// Scales the factors so that their product with a slope is its significance.
  private mutating func prepareSignificance(images: Int) {
    func factor(_ square: Float) -> Float { square > 0 ? 1 / square.squareRoot() : 0 }
    for unit in outputFactors.indices { outputFactors[unit] = factor(slopes.outputSquares[unit]) }
    for line in lineFactors.indices { lineFactors[line] = factor(slopes.lineSquares[line]) }
    let mean = slopes.areCorrelated ? meanSquareCosine : 1 / Double(images)
    guard mean > 0 else { return }
    let root = Float((1 / mean).squareRoot())
    for line in lineFactors.indices { lineFactors[line] *= root }
  }

  /// ⟨c²⟩ over the layer, from factors that make cosines.
  private var meanSquareCosine: Double {
    let gradient = slopes.gradient
    var sum = 0.0
    gradient.withReadOnlyView { gradient in
      for line in lineFactors.indices {
        let row = gradient.row(line)
        for unit in outputFactors.indices {
          let cosine = Double(row[unit] * outputFactors[unit] * lineFactors[line])
          sum += cosine * cosine
        }
      }
    }
    return sum / Double(updateSigns.elements.count)
  }

  private mutating func sample(_ context: StepContext, _ source: SlopeSource) {
    let gate = Gate(selection, updateProbability: context.updateProbability, threshold: threshold)
    let (words, stream, step) = (words, stream, context.step)
    let lineFactors = lineFactors
    let (rows, columns) = (updateSigns.rows, updateSigns.columns)
    let padded = Self.padded(columns)
    let factors = outputFactors
    factors.withUnsafeBufferPointer { outputFactors in
      updateSigns.elements.withUnsafeMutableBufferPointer { updateSigns in
        // Sound: every block of work writes its own range, and `forEachBlock` returns after the last of them.
        nonisolated(unsafe) let (updateSigns, outputFactors) = (updateSigns, outputFactors)
        context.workers.forEachBlock(of: rows, size: Self.blockRows) { rows in
          let first = rows.lowerBound * padded
          stream.fillWords(
            words.part(first, rows.count * padded), from: first, substream: step)
          for row in rows {
            let line = Line(
              words: words.base + row &* padded, factor: lineFactors[row],
              outputFactors: outputFactors)
            let updateSigns = updateSigns.extracting(row &* columns..<(row &+ 1) &* columns)
            switch source {
            case .gradient(let gradient):
              gate.updateSign(line, gradient.row(row), into: updateSigns)
            case .batch(let input, let delta):
              for column in 0..<columns {
                updateSigns[column] = gate.updateSign(line, column) {
                  Self.slope(row, column, input: input, delta: delta)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The comparison of a random word with what a weight's chance is.
  private struct Gate: Sendable {
    /// A random choice's chance in units of 2⁻³²; all words pass when significance decides.
    private let limit: UInt64
    /// The chance at a significance of one in the same units; zero for a random choice.
    private let factor: Float
    private let threshold: Float

    init(_ selection: UpdateSampling, updateProbability: Double, threshold: Float) {
      let probability = min(1, max(0, updateProbability)) * 0x1p32
      limit = selection == .random ? UInt64(probability) : 1 << 32
      factor = selection == .random ? 0 : Float(probability)
      self.threshold = threshold
    }

    /// The update sign of one weight, with its slope where the random word lets it matter.
    @inline(__always)
    func updateSign(_ line: Line, _ column: Int, slope: () -> Float) -> Int8 {
      let word = line.words[column]
      // Only a random choice can do without the slope.
      guard UInt64(word) < limit else { return 0 }
      let slope = slope()
      let significance = slope * line.factor * line.outputFactors[column]
      if threshold > 0, abs(significance) <= threshold { return 0 }
      guard factor == 0 || Float(word) < factor * significance * significance else { return 0 }
      return slope > 0 ? -1 : slope < 0 ? 1 : 0
    }

    /// The update signs of a word line from its slopes, sixteen at a time where significance decides.
    func updateSign(
      _ line: Line, _ slopes: UnsafeMutableBufferPointer<Float>,
      into updateSigns: UnsafeMutableBufferPointer<Int8>
    ) {
      var column = 0
      if factor > 0 {
        while column &+ 16 <= updateSigns.count {
          updateSigns.store(sixteen(line, slopes, column), at: column)
          column &+= 16
        }
      }
      while column < updateSigns.count {
        updateSigns[column] = updateSign(line, column) { slopes[column] }
        column &+= 1
      }
    }

    /// ``updateSign(_:_:slope:)`` in lanes.
    @inline(__always)
    private func sixteen(
      _ line: Line, _ slopes: UnsafeMutableBufferPointer<Float>, _ column: Int
    ) -> SIMD16<Int8> {
      let slope = UnsafeBufferPointer(slopes).sixteen(at: column)
      let significance = slope * line.factor * line.outputFactors.sixteen(at: column)
      let words = UnsafeBufferPointer(start: line.words + column, count: 16)
      let number = SIMD16<Float>(words.sixteen(at: 0))
      let isClear = (significance .> threshold) .| (significance .< -threshold)
      let isOpen = isClear .& (number .< factor * significance * significance)
      var updateSign = SIMD16<Int32>.zero
      updateSign.replace(with: -1, where: isOpen .& (slope .> 0))
      updateSign.replace(with: 1, where: isOpen .& (slope .< 0))
      return SIMD16<Int8>(truncatingIfNeeded: updateSign)
    }
  }

  /// What the choice needs of a word line besides its slopes.
  private struct Line {
    let words: UnsafeMutablePointer<UInt32>
    let factor: Float
    let outputFactors: UnsafeBufferPointer<Float>
  }

  /// Where slopes come from: the whole gradient, or a dot product at a time.
  private enum SlopeSource: Sendable {
    case gradient(MatrixView)
    case batch(input: MatrixView, delta: MatrixView)
  }

  /// The slope of one weight from its batch.
  private static func slope(
    _ row: Int, _ column: Int, input: MatrixView, delta: MatrixView
  ) -> Float {
    let deltas = UnsafeBufferPointer(delta.row(column))
    guard row < input.rows else { return BufferKernels.sum(deltas) }
    return BufferKernels.dot(UnsafeBufferPointer(input.row(row)), deltas)
  }
}

extension UnsafeBufferPointer where Element: SIMDScalar & BitwiseCopyable {
  /// Sixteen neighbours from a place that has as many.
  @inline(__always)
  fileprivate func sixteen(at place: Int) -> SIMD16<Element> {
    UnsafeRawBufferPointer(self).loadUnaligned(
      fromByteOffset: place &* MemoryLayout<Element>.stride, as: SIMD16<Element>.self)
  }
}

extension UnsafeMutableBufferPointer<Int8> {
  @inline(__always)
  fileprivate func store(_ values: SIMD16<Int8>, at place: Int) {
    UnsafeMutableRawBufferPointer(self).storeBytes(
      of: values, toByteOffset: place, as: SIMD16<Int8>.self)
  }
}
