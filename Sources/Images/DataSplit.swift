/// The two parts of a data set.
package enum DataSplit: String, Sendable, CaseIterable {
  /// What networks and classifiers are trained on.
  case train
  /// What is held back for measurement.
  case test

  /// The beginning of the part's file names in MNIST's layout.
  var filePrefix: String {
    switch self {
    case .train: "train"
    case .test: "t10k"
    }
  }
}
