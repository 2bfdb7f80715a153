import DigitalNetworks
import Foundation
import Mathematics
import Testing

@Suite struct ActivationTests {
  static let all: [Activation] = [
    .identity, .rectifier, .leakyRectifier(slope: 0.2), .tanh, .logistic,
    .clippedRectifier(slope: 0.1, limit: 0.75),
  ]
  /// More than one block of work.
  let input = gaussianMatrix(rows: 60, columns: 701, seed: 1)

  static func value(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: x
    case .leakyRectifier(let slope): x > 0 ? x : Double(slope) * x
    case .clippedRectifier(let slope, let limit):
      x > 0 ? min(x, Double(limit)) : Double(slope) * x
    case .tanh: Foundation.tanh(x)
    case .logistic: 1 / (1 + exp(-x))
    }
  }

  static func derivative(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: 1
    case .leakyRectifier(let slope): x > 0 ? 1 : Double(slope)
    case .clippedRectifier(let slope, let limit):
      x > 0 ? (x < Double(limit) ? 1 : 0) : Double(slope)
    case .tanh: 1 / (cosh(x) * cosh(x))
    case .logistic: 1 / ((1 + exp(-x)) * (1 + exp(x)))
    }
  }

  @Test(arguments: all) func valuesAndDerivativesAreTheDefinition(activation: Activation) {
    var output = input
    activation.apply(to: &output, workers: .one)
    #expect(
      largestError(output.elements, input.elements.map { Self.value(activation, Double($0)) })
        < 1e-6)
    let incoming = gaussianMatrix(rows: 60, columns: 701, seed: 2)
    var delta = incoming
    activation.multiplyByDerivative(&delta, output: output, workers: .one)
    let expected = zip(incoming.elements, input.elements).map {
      Double($0) * Self.derivative(activation, Double($1))
    }
    #expect(largestError(delta.elements, expected) < 1e-6)
  }

  @Test(arguments: all) func twoWorkersGiveTheSameBits(activation: Activation) {
    var results: [[Matrix]] = []
    for workers in [Workers.one, Workers(count: 2)] {
      var output = input
      var delta = input
      activation.apply(to: &output, workers: workers)
      activation.multiplyByDerivative(&delta, output: output, workers: workers)
      results.append([output, delta])
    }
    #expect(results[0] == results[1])
  }
}
