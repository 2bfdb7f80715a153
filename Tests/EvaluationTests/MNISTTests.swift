import Evaluation
import Foundation
import Mathematics
import Testing
import _TestSupport

/// The metrics on real data: the anchors that make their values readable.
@Suite(.enabled(if: SharedData.mnist != nil, "needs MNIST in ../shared/data"), .serialized)
struct MNISTTests {
  @Test func classifierReadsMNIST() throws {
    let start = Date()
    let classifier = try MNIST.classifier.get()
    print("classifier", classifier.testAccuracy, Date().timeIntervalSince(start), "s")
    #expect(classifier.testAccuracy >= 0.975)
  }

  /// Bounds leave room around the values measured with other classifiers on the same data.
  @Test func anchorsSpanTheScale() throws {
    let evaluator = try MNIST.evaluator.get()
    let start = Date()
    let anchors = try evaluator.anchors(training: MNIST.training.get().pixels)
    print("anchors", anchors, Date().timeIntervalSince(start), "s")
    #expect(anchors.real.frechet < 1)
    #expect(anchors.real.score > 9)
    #expect(anchors.real.precision > 0.9 && anchors.real.recall > 0.9)
    #expect(anchors.real.coverage > 0.9 && abs(anchors.real.density - 1) < 0.1)
    #expect(anchors.real.classesOverOnePercent == 10)
    #expect(try #require(anchors.real.kl) < 0.01)
    #expect(anchors.repeated.frechet > 50 * anchors.real.frechet)
    #expect(anchors.repeated.score < 1.001)
    #expect(anchors.repeated.precision == 1 && anchors.repeated.recall == 0)
    #expect(anchors.repeated.coverage < 0.005)
    #expect(anchors.repeated.classesOverOnePercent == 1)
    #expect(abs(try #require(anchors.repeated.kl) - log(10)) < 0.1)
  }

  /// The reference images themselves: distance zero, and every ball holds its own centre.
  @Test func referenceAgainstItself() throws {
    let start = Date()
    let pixels = Array(try MNIST.test.get().pixels.prefix(2_000 * 784))
    let evaluator = try MNIST.evaluator.get()
    let metrics = try evaluator.metrics(of: pixels)
    print("2000", Date().timeIntervalSince(start), "s")
    #expect(metrics.coverage == 1 && metrics.precision == 1 && metrics.recall == 1)
    let all = try evaluator.metrics(of: MNIST.test.get().pixels)
    #expect(all.frechet < 1e-6)
  }
}
