package import Failures
package import Mathematics

/// Judges generated images against the real test images of the chosen classes.
///
/// What depends on the real images alone is computed once. The Fréchet distance, score and class
/// counts use all images given. The neighbour metrics compare equally many of both, since their
/// values depend on the sizes: with n fakes, min(n, real) of each side, evenly spread over the set.
/// (Not the first ones: MNIST's test images come from two groups of writers, one after the other.)
package struct Evaluator: Sendable {
  /// The judge of real and generated images.
  package let classifier: Classifier
  /// Real images per class.
  package let prior: [Int]
  private let judgement: Classifier.Judgement
  private let frechet: FrechetDistance
  /// Balls around n of the real images, for the sizes expected.
  private let balls: [Int: NeighbourBalls]
  private let workers: Workers

  /// Fewest images that a ball to the k-th neighbour can be drawn in.
  package static let leastCount = NeighbourMetrics.neighbours + 1

  /// Prepares comparisons with real images.
  ///
  /// - Parameters:
  ///   - reference: test images of the chosen classes.
  ///   - counts: numbers of fakes whose real side is worth preparing; others work, slower.
  /// - Throws: ``Failure`` of kind `badData` when the reference is malformed or has fewer than six
  ///   images.
  package init(
    classifier: Classifier, reference: LabelledPixels, expecting counts: [Int] = [2_000],
    workers: Workers
  ) throws(Failure) {
    try reference.check("reference images")
    guard reference.count >= Self.leastCount else {
      throw Failure(
        .badData, at: "reference images",
        "\(reference.count) are too few for the metrics, which need \(Self.leastCount)")
    }
    self.classifier = classifier
    self.workers = workers
    judgement = classifier.judge(reference.pixels, workers: workers)
    prior = reference.labels.reduce(into: [Int](repeating: 0, count: Classifier.classCount)) {
      $0[Int($1)] += 1
    }
    let statistics = FeatureStatistics(of: judgement.features)
    frechet = try FrechetDistance(reference: statistics)
    var balls: [Int: NeighbourBalls] = [:]
    for count in Set(counts.map { min($0, reference.count) }) where count >= Self.leastCount {
      let points = PointSet(judgement.features, count: count, centre: statistics.mean)
      balls[count] = NeighbourBalls(points, workers: workers)
    }
    self.balls = balls
  }

  /// All metrics of some images.
  ///
  /// - Parameter fakes: 28 × 28 bytes each, one image after the other.
  /// - Throws: ``Failure`` of kind `badData` when there are fewer than six or a part of an image.
  package func metrics(of fakes: [UInt8]) throws(Failure) -> ImageMetrics {
    guard fakes.count.isMultiple(of: Classifier.pixelsPerImage) else {
      throw Failure(.badData, at: "images", "\(fakes.count) bytes are not whole images of 28 × 28")
    }
    return try metrics(of: classifier.judge(fakes, workers: workers))
  }

  /// All metrics of images that the classifier has judged already.
  package func metrics(of fakes: Classifier.Judgement) throws(Failure) -> ImageMetrics {
    guard fakes.count >= Self.leastCount else {
      throw Failure(
        .badData, at: "images",
        "\(fakes.count) are too few for the metrics, which need \(Self.leastCount)")
    }
    let distance = try frechet.distance(to: FeatureStatistics(of: fakes.features))
    let neighbours = neighbourMetrics(of: fakes.features)
    let histogram = ClassStatistics.histogram(of: fakes.probabilities)
    return ImageMetrics(
      count: fakes.count, frechet: distance,
      score: ClassStatistics.score(of: fakes.probabilities), precision: neighbours.precision,
      recall: neighbours.recall, density: neighbours.density, coverage: neighbours.coverage,
      histogram: histogram, classesOverOnePercent: ClassStatistics.classesOverOnePercent(histogram),
      kl: ClassStatistics.divergence(of: histogram, from: prior))
  }

  private func neighbourMetrics(of features: Matrix) -> NeighbourMetrics {
    let count = min(features.columns, judgement.count)
    let centre = frechet.reference.mean
    let real =
      balls[count]
      ?? NeighbourBalls(
        PointSet(judgement.features, count: count, centre: centre), workers: workers)
    let fake = NeighbourBalls(
      PointSet(features, count: count, centre: centre), workers: workers)
    return NeighbourMetrics(real: real, fake: fake, workers: workers)
  }
}

extension Evaluator {
  /// The two ends of the scale on this data.
  ///
  /// - Parameters:
  ///   - training: images of the chosen classes from the training split; the first `count` stand
  ///     for a perfect generator. (Not every n-th: MNIST's writers alternate between two sources.)
  ///   - count: images in each set, limited by the training images there are.
  /// - Throws: ``Failure`` of kind `badData` when there are fewer than six.
  package func anchors(training: [UInt8], count: Int = 10_000) throws(Failure) -> MetricAnchors {
    let size = Classifier.pixelsPerImage
    let count = min(count, training.count / size)
    return MetricAnchors(
      real: try metrics(of: Array(training.prefix(count * size))),
      repeated: try metrics(of: judgement.repeatingFirst(count)))
  }
}

extension Classifier.Judgement {
  /// The judgement of `count` copies of the first image.
  fileprivate func repeatingFirst(_ count: Int) -> Self {
    func repeated(_ matrix: Matrix) -> Matrix {
      var result = Matrix(rows: matrix.rows, columns: count)
      for row in 0..<matrix.rows {
        for column in 0..<count { result[row, column] = matrix[row, 0] }
      }
      return result
    }
    return Self(features: repeated(features), probabilities: repeated(probabilities))
  }
}
