import Evaluation
import Failures
import Mathematics
import Testing

@Suite struct EvaluatorTests {
  let training = bars(1_000, seed: 1)
  let reference = bars(400, seed: 2)
  let classifier: Classifier

  init() throws {
    classifier = try Classifier(training: training, test: reference, workers: .one)
  }

  func evaluator(expecting counts: [Int] = [200], workers: Workers = .one) throws -> Evaluator {
    try Evaluator(
      classifier: classifier, reference: reference, expecting: counts, workers: workers)
  }

  @Test func tellsRealFromCollapsed() throws {
    let evaluator = try evaluator()
    #expect(evaluator.prior == [Int](repeating: 40, count: 10))
    let anchors = try evaluator.anchors(training: training.pixels, count: 200)
    #expect(anchors.real.count == 200 && anchors.repeated.count == 200)
    #expect(anchors.repeated.frechet > 10 * anchors.real.frechet)
    #expect(anchors.repeated.coverage < 0.1 && anchors.real.coverage > 0.8)
    #expect(anchors.real.classesOverOnePercent == 10)
    #expect(anchors.repeated.histogram.max() == 200)
  }

  /// Neighbour metrics on sizes not prepared, and with more fakes than real images.
  @Test func anyNumberOfFakesWorks() throws {
    let fakes = bars(600, seed: 3).pixels
    for count in [6, 200, 600] {
      let pixels = Array(fakes.prefix(count * 784))
      let prepared = try evaluator(expecting: [6, 200, 600]).metrics(of: pixels)
      #expect(prepared.count == count)
      #expect(prepared.histogram.reduce(0, +) == count)
      #expect(try evaluator(expecting: []).metrics(of: pixels) == prepared)
    }
  }

  @Test func twoWorkersGiveTheSameBits() throws {
    let fakes = bars(300, seed: 4).pixels
    let results = try [Workers.one, Workers(count: 2)].map {
      try evaluator(workers: $0).metrics(of: fakes)
    }
    #expect(results[0] == results[1])
  }

  @Test func refusesTooFewOrBrokenImages() throws {
    let evaluator = try evaluator()
    let fakes = bars(10, seed: 5).pixels
    for bad in [[], Array(fakes.prefix(5 * 784)), Array(fakes.dropLast())] {
      let failure = #expect(throws: Failure.self) { try evaluator.metrics(of: bad) }
      #expect(failure?.kind == .badData)
    }
    #expect(throws: Failure.self) {
      try Evaluator(classifier: classifier, reference: bars(5, seed: 6), workers: .one)
    }
  }
}
