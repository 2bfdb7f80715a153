import DigitalNetworks
import Foundation
import Mathematics
import Testing

@Suite struct LossTests {
  @Test func softmaxCrossEntropyIsTheDefinition() {
    let logits = gaussianMatrix(rows: 10, columns: 6, seed: 1)
    let labels: [UInt8] = [0, 9, 3, 3, 7, 1]
    var delta = Matrix(rows: 10, columns: 6)
    let loss = SoftmaxCrossEntropy.loss(logits: logits, labels: labels, delta: &delta)
    var expectedLoss = 0.0
    for sample in 0..<6 {
      let powers = (0..<10).map { exp(Double(logits[$0, sample])) }
      let total = powers.reduce(0, +)
      expectedLoss -= log(powers[Int(labels[sample])] / total)
      for row in 0..<10 {
        let oneHot = row == Int(labels[sample]) ? 1.0 : 0
        #expect(abs(Double(delta[row, sample]) - (powers[row] / total - oneHot)) < 1e-6)
      }
    }
    #expect(abs(loss - expectedLoss) < 1e-5)
  }

  @Test func softmaxSurvivesLargeLogits() {
    var values = Matrix(rows: 2, columns: 1, elements: [1000, -1000])
    Softmax.apply(to: &values)
    #expect(values.elements == [1, 0])
    var delta = values
    let logits = Matrix(rows: 2, columns: 1, elements: [1000, -1000])
    let loss = SoftmaxCrossEntropy.loss(logits: logits, labels: [1], delta: &delta)
    #expect(loss.isFinite && loss > 80)
    #expect(delta.elements == [1, -1])
  }

  @Test(arguments: [Float(0), 1, 0.9]) func logisticLossIsTheDefinition(target: Float) {
    let logits = gaussianMatrix(rows: 1, columns: 50, seed: 2)
    var delta = Matrix(rows: 1, columns: 50, repeating: 7)
    let sums = LogisticLoss.loss(logits: logits, target: target, columns: 10..<50, delta: &delta)
    var loss = 0.0
    var probability = 0.0
    for sample in 10..<50 {
      let p = 1 / (1 + exp(-Double(logits[0, sample])))
      loss -= Double(target) * log(p) + (1 - Double(target)) * log(1 - p)
      probability += p
      #expect(abs(Double(delta[0, sample]) - (p - Double(target))) < 1e-6)
    }
    #expect(abs(sums.loss - loss) < 1e-9)
    #expect(abs(sums.probability - probability) < 1e-9)
    #expect(delta.elements.prefix(10).allSatisfy { $0 == 7 })
  }

  @Test func logisticLossIsFiniteFarOut() {
    let logits = Matrix(rows: 1, columns: 2, elements: [2000, -2000])
    var delta = Matrix(rows: 1, columns: 2)
    let sums = LogisticLoss.loss(logits: logits, target: 1, delta: &delta)
    #expect(sums.loss == 2000)
    #expect(delta.elements == [0, -1])
  }
}
