package import Failures
package import Mathematics

/// Where a data set comes from: the value of `--data`.
package enum ImageSource {
  /// The name of the built-in data set; a folder of that name is `./synthetic`.
  package static let synthetic = "synthetic"

  /// What is recognised of a data set by its files' names, for print; nil for the built-in one.
  ///
  /// - Throws: as ``load(_:split:classes:seed:workers:)``.
  package static func layout(of source: String) throws(Failure) -> String? {
    source == synthetic ? nil : try IdxFolder(source).layout.title
  }

  /// Loads the images of a split whose classes are selected.
  ///
  /// - Parameters:
  ///   - source: `synthetic`, or a folder in MNIST's layout,
  ///     `{train,t10k}-{images-idx3,labels-idx1}-ubyte[.gz]`.
  ///   - seed: the seed of the synthetic digits, unused otherwise.
  /// - Throws: ``Failure``: `noInput` for a missing folder or file; `badData` for a file that is
  ///   cut, of another shape or does not fit its partner, and when no image is left.
  package static func load(
    _ source: String, split: DataSplit, classes: ClassSelection = .all,
    seed: UInt64 = SyntheticDigits.defaultSeed, workers: Workers
  ) throws(Failure) -> ImageSet {
    if source == synthetic {
      return SyntheticDigits(seed: seed).images(
        split: split, count: SyntheticDigits.defaultCount(split), classes: classes,
        workers: workers)
    }
    return try IdxFolder(source).images(split, classes: classes)
  }
}
