package import Evaluation
package import Failures
package import Images
package import Mathematics
package import Reports

/// The images of a run and what judges its fakes.
package struct RunData: Sendable {
  /// What the networks see: the chosen classes, cut to the limit.
  package let training: ImageSet
  /// Test images of the chosen classes.
  package let reference: ImageSet
  /// Identity of all training images, 64 hexadecimal digits, whatever classes and limit.
  package let trainingHash: String
  /// Identity of all test images, 64 hexadecimal digits.
  package let testHash: String
  private let plan: DataPlan
  private let allTraining: ImageSet
  private let allTest: ImageSet

  /// Loads both splits.
  ///
  /// - Throws: what ``ImageSource`` throws; `badData` when a chosen class has no image.
  package init(_ plan: DataPlan, workers: Workers) throws(Failure) {
    self.plan = plan
    allTraining = try ImageSource.load(plan.source, split: .train, workers: workers)
    allTest = try ImageSource.load(plan.source, split: .test, workers: workers)
    trainingHash = allTraining.identity
    testHash = allTest.identity
    training = allTraining.filtered(by: plan.classes).limited(to: plan.limit)
    reference = allTest.filtered(by: plan.classes)
    for (images, split) in [(training, "training"), (reference, "test")] where images.count == 0 {
      throw Failure(
        .badData, at: plan.source, "has no \(split) image of the classes \(plan.classes)")
    }
  }

  /// The classifier of this data set, from the cache or trained on all of it, and an evaluator
  /// against the chosen classes.
  package func evaluator(
    expecting counts: [Int], workers: Workers, notice: (String) -> Void
  ) throws(Failure) -> Evaluator {
    let classifier = try ClassifierCache().classifier(
      training: LabelledPixels(pixels: allTraining.pixels, labels: allTraining.labels),
      test: LabelledPixels(pixels: allTest.pixels, labels: allTest.labels),
      identity: "\(trainingHash) \(testHash)", workers: workers, notice: notice)
    return try Evaluator(
      classifier: classifier,
      reference: LabelledPixels(pixels: reference.pixels, labels: reference.labels),
      expecting: counts, workers: workers)
  }

  /// The ends of the metrics' scale on this data, computed once per data set and kept beside the
  /// classifier.
  package func anchors(of evaluator: Evaluator, count: Int) throws(Failure) -> JSON {
    let key = "\(trainingHash) \(testHash) \(plan.classes) \(plan.limit) \(count)"
    return try AnchorCache().anchors(key: key) { () throws(Failure) in
      let anchors = try evaluator.anchors(training: training.pixels, count: count)
      return ["real": anchors.real.json, "repeated": anchors.repeated.json]
    }
  }
}

extension ImageSet {
  /// The first `limit` images; all for zero.
  fileprivate func limited(to limit: Int) -> ImageSet {
    guard limit > 0, limit < count else { return self }
    return ImageSet(
      pixels: Array(pixels[..<(limit * height * width)]), labels: Array(labels[..<limit]))
  }
}
