/// How a set of generated images compares with real ones.
package struct ImageMetrics: Equatable, Sendable {
  /// Images judged.
  package var count: Int
  /// Fréchet distance on the classifier's 64 features; 0 is best.
  package var frechet: Double
  /// Classifier score, 1 to 10.
  package var score: Double
  /// Share of fakes that look real.
  package var precision: Double
  /// Share of real images that the fakes' neighbourhoods hold.
  package var recall: Double
  /// Fakes per real neighbourhood, about one for a perfect generator.
  package var density: Double
  /// Share of real neighbourhoods that hold a fake; at best about 0.969.
  package var coverage: Double
  /// Images per class, ten counts.
  package var histogram: [Int]
  /// Classes that hold at least one percent of the images.
  package var classesOverOnePercent: Int
  /// KL divergence of the histogram from the real classes' shares, among the real classes; nil when
  /// no image falls in one of them.
  package var kl: Double?
}

/// What the metrics say of two extremes on the same data: the scale to read them by.
package struct MetricAnchors: Equatable, Sendable {
  /// Real images of the training split against the test split: the best to hope for.
  package var real: ImageMetrics
  /// One real image repeated: complete collapse.
  package var repeated: ImageMetrics
}
