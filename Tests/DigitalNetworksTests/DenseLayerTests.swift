import DigitalNetworks
import Mathematics
import Testing

@Suite struct DenseLayerTests {
  static let shapes = [(1, 1, 1), (5, 3, 7), (300, 140, 33)]
  /// Rounding of sums of 300 products of order one.
  static let tolerance = 3e-5

  struct Case {
    let layer: DenseLayer
    let input: Matrix
    let delta: Matrix

    init(_ shape: (inputs: Int, outputs: Int, batch: Int)) {
      layer = DenseLayer(
        weights: gaussianMatrix(rows: shape.inputs + 1, columns: shape.outputs, seed: 1))
      input = gaussianMatrix(rows: shape.inputs, columns: shape.batch, seed: 2)
      delta = gaussianMatrix(rows: shape.outputs, columns: shape.batch, seed: 3)
    }

    /// x with the bias's input of one appended.
    func extendedInput(_ row: Int, _ sample: Int) -> Double {
      row < layer.inputs ? Double(input[row, sample]) : 1
    }
  }

  @Test(arguments: shapes) func forwardIsTheDefinition(inputs: Int, outputs: Int, batch: Int) {
    let test = Case((inputs, outputs, batch))
    var output = Matrix(rows: outputs, columns: batch, repeating: .nan)
    test.layer.forward(input: test.input, into: &output, workers: .one)
    var expected: [Double] = []
    for unit in 0..<outputs {
      for sample in 0..<batch {
        expected.append(
          (0...inputs).reduce(0.0) {
            $0 + Double(test.layer.weights[$1, unit]) * test.extendedInput($1, sample)
          })
      }
    }
    #expect(largestError(output.elements, expected) < Self.tolerance)
  }

  @Test(arguments: shapes) func backwardIsTheDefinition(inputs: Int, outputs: Int, batch: Int) {
    let test = Case((inputs, outputs, batch))
    var result = Matrix(rows: inputs, columns: batch, repeating: .nan)
    test.layer.backward(delta: test.delta, into: &result, workers: .one)
    var expected: [Double] = []
    for row in 0..<inputs {
      for sample in 0..<batch {
        expected.append(
          (0..<outputs).reduce(0.0) {
            $0 + Double(test.layer.weights[row, $1]) * Double(test.delta[$1, sample])
          })
      }
    }
    #expect(largestError(result.elements, expected) < Self.tolerance)
  }

  @Test(arguments: shapes) func gradientIsTheDefinition(inputs: Int, outputs: Int, batch: Int) {
    let test = Case((inputs, outputs, batch))
    var gradient = Matrix(rows: inputs + 1, columns: outputs, repeating: .nan)
    test.layer.gradient(input: test.input, delta: test.delta, into: &gradient, workers: .one)
    var expected: [Double] = []
    for row in 0...inputs {
      for unit in 0..<outputs {
        expected.append(
          (0..<batch).reduce(0.0) {
            $0 + test.extendedInput(row, $1) * Double(test.delta[unit, $1])
          })
      }
    }
    #expect(largestError(gradient.elements, expected) < Self.tolerance)
  }

  @Test func twoWorkersGiveTheSameBits() {
    let test = Case((300, 140, 33))
    var results: [[Matrix]] = []
    for workers in [Workers.one, Workers(count: 2)] {
      var output = Matrix(rows: 140, columns: 33)
      var input = Matrix(rows: 300, columns: 33)
      var gradient = Matrix(rows: 301, columns: 140)
      test.layer.forward(input: test.input, into: &output, workers: workers)
      test.layer.backward(delta: test.delta, into: &input, workers: workers)
      test.layer.gradient(
        input: test.input, delta: test.delta, into: &gradient, workers: workers)
      results.append([output, input, gradient])
    }
    #expect(results[0] == results[1])
  }

  @Test func initialWeightsHaveTheStatedVarianceAndNoBias() {
    let stream = RandomStream(seed: 4, name: "weights")
    for (initial, variance) in [
      (DenseLayer.InitialWeights.normalized, 1 / 400.0), (.rectifier, 2 / 400.0),
      (.deviation(0.3), 0.09),
    ] {
      let layer = DenseLayer(inputs: 400, outputs: 250, initial: initial, stream: stream)
      let drawn = layer.weights.elements.prefix(100_000).map(Double.init)
      let square = drawn.reduce(0) { $0 + $1 * $1 } / 100_000
      // The mean square of n normal numbers spreads by √(2/n) = 0.45 %.
      #expect(abs(square / variance - 1) < 4 * 0.0045)
      #expect(layer.weights.elements.suffix(250).allSatisfy { $0 == 0 })
    }
  }
}
