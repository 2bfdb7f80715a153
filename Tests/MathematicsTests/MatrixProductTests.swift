import Mathematics
import Testing

@Suite struct MatrixProductTests {
  private func matrix(_ rows: Int, _ columns: Int, _ name: String) -> Matrix {
    let stream = RandomStream(seed: 5, name: name)
    return Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { stream.gaussian(at: $0, substream: 0) })
  }

  private func transposed(_ a: Matrix) -> Matrix {
    var result = Matrix(rows: a.columns, columns: a.rows)
    for row in 0..<a.rows { for column in 0..<a.columns { result[column, row] = a[row, column] } }
    return result
  }

  /// The definition: a triple loop in double precision.
  private func product(_ a: Matrix, _ b: Matrix) -> [Double] {
    var result = [Double](repeating: 0, count: a.rows * b.columns)
    for row in 0..<a.rows {
      for inner in 0..<a.columns {
        for column in 0..<b.columns {
          result[row * b.columns + column] += Double(a[row, inner]) * Double(b[inner, column])
        }
      }
    }
    return result
  }

  private func worstError(_ found: [Float], _ expected: [Double]) -> Double {
    zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
  }

  /// The linker can also find these names in GSL's and the reference BLAS, which are far slower.
  @Test func openBLASAnswers() {
    #expect(MatrixProduct.library.hasPrefix("OpenBLAS"))
  }

  @Test(
    "Plain and transposed operands, on one worker and two", arguments: [false, true], [false, true])
  func tripleLoop(transposeA: Bool, transposeB: Bool) {
    for (m, k, n) in [(1, 1, 1), (3, 5, 2), (130, 40, 17), (300, 65, 1), (257, 3, 130)] {
      let (a, b) = (matrix(m, k, "a"), matrix(k, n, "b"))
      let (left, right) = (transposeA ? transposed(a) : a, transposeB ? transposed(b) : b)
      var one = Matrix(rows: m, columns: n, repeating: .nan)
      var two = one
      MatrixProduct.multiply(
        left, transposed: transposeA, right, transposed: transposeB, into: &one)
      MatrixProduct.multiply(
        left, transposed: transposeA, right, transposed: transposeB, into: &two,
        workers: Workers(count: 2))
      #expect(worstError(one.elements, product(a, b)) < 1e-6 * Double(k))
      #expect(one == two)
    }
  }

  @Test("scale · a · b + keep · result")
  func scaledAndKept() {
    let (a, b, start) = (matrix(140, 9, "a"), matrix(9, 6, "b"), matrix(140, 6, "start"))
    var result = start
    MatrixProduct.multiply(a, b, scale: -0.5, keeping: 2, into: &result)
    let expected = zip(product(a, b), start.elements).map { -0.5 * $0 + 2 * Double($1) }
    #expect(worstError(result.elements, expected) < 1e-5)
  }

  @Test("Views with a stride: blocks of larger buffers, and nothing around them is touched")
  func views() {
    let (rows, stride) = (150, 11)
    var (a, b) = (matrix(rows, stride, "a"), matrix(5, 20, "b"))
    var result = Matrix(rows: rows, columns: 20, repeating: 7)
    a.withView { a in
      b.withView { b in
        result.withView { result in
          MatrixProduct.multiply(
            MatrixView(base: a.base + 2, rows: rows, columns: 5, stride: stride),
            MatrixView(base: b.base + 1, rows: 5, columns: 8, stride: 20),
            into: MatrixView(base: result.base + 3, rows: rows, columns: 8, stride: 20),
            workers: Workers(count: 2))
        }
      }
    }
    var (partA, partB) = (Matrix(rows: rows, columns: 5), Matrix(rows: 5, columns: 8))
    for row in 0..<rows { for column in 0..<5 { partA[row, column] = a[row, column + 2] } }
    for row in 0..<5 { for column in 0..<8 { partB[row, column] = b[row, column + 1] } }
    let expected = product(partA, partB)
    for row in 0..<rows {
      for column in 0..<20 {
        let isInside = (3..<11).contains(column)
        let truth = isInside ? expected[row * 8 + column - 3] : 7
        #expect(abs(Double(result[row, column]) - truth) < 1e-5)
      }
    }
  }

  @Test("Rows of a view")
  func rowsOfAView() {
    var a = matrix(10, 4, "a")
    let expected = Array(a.elements[12..<20])
    let found = a.withView { view in
      let part = view.rows(3..<5)
      return (0..<part.rows).flatMap { Array(part.row($0)) }
    }
    #expect(found == expected)
  }

  @Test("Double precision adds to what is there", arguments: [false, true])
  func doublePrecision(transposesB: Bool) {
    let (m, n, k) = (5, 4, 7)
    let (a, b) = (matrix(m, k, "a"), matrix(k, n, "b"))
    var result = [Double](repeating: 3, count: m * n)
    MatrixProduct.multiplyAdd(
      a.elements.map(Double.init), (transposesB ? transposed(b) : b).elements.map(Double.init),
      transposed: transposesB, m: m, n: n, k: k, to: &result)
    let expected = product(a, b).map { $0 + 3 }
    #expect(zip(result, expected).allSatisfy { abs($0 - $1) < 1e-12 })
  }
}
