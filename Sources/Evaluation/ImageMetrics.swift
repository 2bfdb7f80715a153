/// How a set of generated images compares with real ones.
public struct ImageMetrics: Equatable, Sendable {
  /// Images judged.
  public var count: Int
  /// Fréchet distance on the classifier's 64 features; 0 is best.
  public var frechet: Double
  /// Classifier score, 1 to 10.
  public var score: Double
  /// Share of fakes that look real.
  public var precision: Double
  /// Share of real images that the fakes' neighbourhoods hold.
  public var recall: Double
  /// Fakes per real neighbourhood, about one for a perfect generator.
  public var density: Double
  /// Share of real neighbourhoods that hold a fake; at best about 0.969.
  public var coverage: Double
  /// Images per class, ten counts.
  public var histogram: [Int]
  /// Classes that hold at least one percent of the images.
  public var classesOverOnePercent: Int
  /// KL divergence of the histogram from the real classes' shares, among the real classes; nil when
  /// no image falls in one of them.
  public var kl: Double?
}

/// What the metrics say of two extremes on the same data: the scale to read them by.
public struct MetricAnchors: Equatable, Sendable {
  /// Real images of the training split against the test split: the best to hope for.
  public var real: ImageMetrics
  /// One real image repeated: complete collapse.
  public var repeated: ImageMetrics
}
