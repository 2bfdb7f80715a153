import Evaluation
import Foundation
import Mathematics
import Testing
import _TestSupport

/// The metrics on real data: the anchors that make their values readable.
@Suite(.enabled(if: SharedData.mnist != nil, "needs MNIST in ../shared/data"), .serialized)
struct MNISTTests {
  @Test func classifierReadsMNIST() throws {
    let classifier = try MNIST.classifier.get()
    #expect(classifier.testAccuracy >= 0.975)
  }

  /// Bounds leave room around the values measured with other classifiers on the same data.
  @Test func anchorsSpanTheScale() throws {
    let evaluator = try MNIST.evaluator.get()
    let anchors = try evaluator.anchors(training: MNIST.training.get().pixels)
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

  /// An epoch's 2,000 images, against as many test images of both groups of writers.
  @Test func smallSamplesReadLikeLargeOnes() throws {
    let pixels = Array(try MNIST.training.get().pixels.prefix(2_000 * 784))
    let metrics = try MNIST.evaluator.get().metrics(of: pixels)
    #expect(metrics.coverage > 0.93 && metrics.precision > 0.9 && metrics.recall > 0.9)
    #expect(abs(metrics.density - 1) < 0.1)
    #expect(metrics.frechet < 4)
  }

  /// The reference images themselves: distance zero, and every ball holds its own centre.
  @Test func referenceAgainstItself() throws {
    let metrics = try MNIST.evaluator.get().metrics(of: MNIST.test.get().pixels)
    #expect(metrics.coverage == 1 && metrics.precision == 1 && metrics.recall == 1)
    #expect(metrics.frechet < 1e-6)
  }
}
