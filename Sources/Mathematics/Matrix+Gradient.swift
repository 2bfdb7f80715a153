extension Matrix {
  /// self = kept · self + Σ (input, 1) · deltaᵀ over a batch; (inputs + 1) × outputs, the bias last.
  package mutating func accumulateGradient(
    _ input: Matrix, _ delta: Matrix, keeping kept: Float, workers: Workers
  ) {
    input.withReadOnlyView { input in
      delta.withReadOnlyView { delta in
        withView { gradient in
          MatrixProduct.multiply(
            input, transposed: false, delta, transposed: true, keeping: kept,
            into: gradient.rows(0..<input.rows), workers: workers)
          let bias = gradient.row(input.rows)
          for unit in 0..<delta.rows {
            let sum = BufferKernels.sum(UnsafeBufferPointer(delta.row(unit)))
            // What is not kept may be no number.
            bias[unit] = kept == 0 ? sum : kept * bias[unit] + sum
          }
        }
      }
    }
  }
}
