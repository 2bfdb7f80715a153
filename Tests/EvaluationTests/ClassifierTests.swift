import Evaluation
import Failures
import Mathematics
import Testing

@Suite struct ClassifierTests {
  @Test func learnsAndGivesTheSameBitsOnTwoWorkers() throws {
    let (training, test) = (bars(1_000, seed: 1), bars(300, seed: 2))
    let one = try Classifier(training: training, test: test, workers: .one)
    let two = try Classifier(training: training, test: test, workers: Workers(count: 2))
    #expect(one.testAccuracy > 0.9)
    #expect(one == two)
    let other = try Classifier(training: training, test: test, seed: 2, workers: .one)
    #expect(one.network != other.network)
    let judgements = [Workers.one, Workers(count: 2)].map { one.judge(test.pixels, workers: $0) }
    #expect(judgements[0] == judgements[1])
  }

  /// Images in blocks and one at a time differ by rounding only.
  @Test func judgesEveryImageByItself() throws {
    let data = bars(300, seed: 3)
    let classifier = try Classifier(training: data, test: data, workers: .one)
    let all = classifier.judge(data.pixels, workers: .one)
    #expect(all.count == 300)
    for image in [0, 255, 256, 299] {
      let one = classifier.judge(
        Array(data.pixels[image * 784..<(image + 1) * 784]), workers: .one)
      for row in 0..<64 {
        #expect(abs(all.features[row, image] - one.features[row, 0]) < 1e-4)
        #expect(all.features[row, image] >= 0)
      }
      let probabilities = (0..<10).map { all.probabilities[$0, image] }
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
      #expect(abs(probabilities[3] - one.probabilities[3, 0]) < 1e-4)
    }
    #expect(classifier.judge([], workers: .one).count == 0)
  }

  @Test func refusesUnusableData() {
    let good = bars(20, seed: 4)
    var wrongLabel = good
    wrongLabel.labels[7] = 10
    var tooShort = good
    tooShort.pixels.removeLast()
    for bad in [wrongLabel, tooShort, LabelledPixels(pixels: [], labels: [])] {
      for (training, test) in [(bad, good), (good, bad)] {
        let failure = #expect(throws: Failure.self) {
          try Classifier(training: training, test: test, workers: .one)
        }
        #expect(failure?.kind == .badData)
      }
    }
  }
}
