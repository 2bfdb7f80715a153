package import Mathematics

/// What a batch says about a layer's weights: its gradient, and how strong the signals were.
package struct BatchSlopes {
  /// Σ (input, 1) · deltaᵀ, (inputs + 1) × outputs with the bias last.
  package var gradient: Matrix
  /// Whether samples are positions of images, which resemble each other.
  let areCorrelated: Bool
  /// Σ x² per line, the bias line's last, and Σ δ² per output; zero when they are not asked for.
  private(set) var lineSquares: [Float]
  private(set) var outputSquares: [Float]

  init(lines: Int, outputs: Int, areCorrelated: Bool = false) {
    self.areCorrelated = areCorrelated
    gradient = Matrix(rows: lines, columns: outputs)
    lineSquares = [Float](repeating: 0, count: lines)
    outputSquares = [Float](repeating: 0, count: outputs)
  }

  /// Takes samples in: input is inputs × B, delta outputs × B.
  ///
  /// - Parameters:
  ///   - continues: whether they add to what is there, or begin anew.
  ///   - squares: whether the signals' strengths are needed.
  mutating func take(
    _ input: Matrix, _ delta: Matrix, continues: Bool, squares: Bool, workers: Workers
  ) {
    gradient.accumulateGradient(input, delta, keeping: continues ? 1 : 0, workers: workers)
    guard squares else { return }
    func square(_ row: UnsafeMutableBufferPointer<Float>) -> Float {
      BufferKernels.dot(UnsafeBufferPointer(row), UnsafeBufferPointer(row))
    }
    input.withReadOnlyView { input in
      for line in lineSquares.indices {
        let found = line < input.rows ? square(input.row(line)) : Float(input.columns)
        lineSquares[line] = found + (continues ? lineSquares[line] : 0)
      }
    }
    delta.withReadOnlyView { delta in
      for unit in outputSquares.indices {
        outputSquares[unit] = square(delta.row(unit)) + (continues ? outputSquares[unit] : 0)
      }
    }
  }

  static func += (sum: inout BatchSlopes, other: BatchSlopes) {
    for index in other.gradient.elements.indices {
      sum.gradient.elements[index] += other.gradient.elements[index]
    }
    for line in sum.lineSquares.indices { sum.lineSquares[line] += other.lineSquares[line] }
    for unit in sum.outputSquares.indices { sum.outputSquares[unit] += other.outputSquares[unit] }
  }
}
