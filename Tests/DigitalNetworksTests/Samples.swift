import Mathematics

/// A reproducible matrix of standard normal numbers.
func gaussianMatrix(rows: Int, columns: Int, seed: UInt64) -> Matrix {
  var matrix = Matrix(rows: rows, columns: columns)
  let stream = RandomStream(seed: seed, name: "test")
  matrix.elements.withUnsafeMutableBufferPointer { stream.fillGaussian($0, substream: 0) }
  return matrix
}

/// Largest |a − b| relative to max(1, |b|).
func largestError(_ a: [Float], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { max($0, abs(Double($1.0) - $1.1) / max(1, abs($1.1))) }
}
