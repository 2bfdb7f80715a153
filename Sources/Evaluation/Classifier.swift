package import DigitalNetworks
package import Failures
package import Mathematics

/// The judge of generated images: a dense 784-256-64-10 classifier with rectifiers.
///
/// Its 64 hidden features are the space of the Fréchet distance and of the neighbour metrics, its
/// ten probabilities give the score and the class counts. Values are comparable only between
/// images judged by the same classifier. Pixels enter as byte / 255.
package struct Classifier: Equatable, Sendable {
  /// Counts changes to architecture or training that change its weights; part of the cache's key.
  static let version: UInt32 = 1
  /// Units per layer.
  static let sizes = [784, 256, 64, 10]
  static let activations: [Activation] = [.rectifier, .rectifier, .identity]

  /// Bytes of an image: 28 × 28.
  package static let pixelsPerImage = sizes[0]
  /// Units of the last hidden layer.
  package static let featureCount = sizes[2]
  /// Digits told apart.
  package static let classCount = sizes[3]

  /// The layers with their weights; the output is ten logits.
  package let network: DenseNetwork
  /// Share of the test images it names correctly.
  package let testAccuracy: Double

  package init(network: DenseNetwork, testAccuracy: Double) {
    self.network = network
    self.testAccuracy = testAccuracy
  }

  /// Trains on one set and measures the accuracy on another; see ``ClassifierCache`` for reuse.
  ///
  /// - Parameter seed: decides initial weights and the order of images; equal seeds and data give
  ///   equal bits on any number of workers.
  /// - Throws: ``Failure`` of kind `badData` when a set is empty, a label is above 9, or the numbers
  ///   of labels and images differ.
  package init(
    training: LabelledPixels, test: LabelledPixels, seed: UInt64 = 1, workers: Workers
  ) throws(Failure) {
    try training.check("training images")
    try test.check("test images")
    network = Self.trainedNetwork(on: training, seed: seed, workers: workers)
    let probabilities = Self.judge(test.pixels, by: network, workers: workers).probabilities
    let correct = zip(ClassStatistics.classes(of: probabilities), test.labels)
      .count { $0 == Int($1) }
    testAccuracy = Double(correct) / Double(test.labels.count)
  }
}

/// Images of 28 × 28 bytes, one after the other, and the class of each.
package struct LabelledPixels: Sendable {
  /// Grey levels, 784 per image, row by row.
  package var pixels: [UInt8]
  /// Digit of every image, 0 to 9.
  package var labels: [UInt8]

  /// Images with their labels; counts and labels are checked where they are used.
  package init(pixels: [UInt8], labels: [UInt8]) {
    self.pixels = pixels
    self.labels = labels
  }

  /// Number of images.
  package var count: Int { labels.count }

  func check(_ place: String) throws(Failure) {
    guard !labels.isEmpty else { throw Failure(.badData, at: place, "there are none") }
    guard pixels.count == labels.count * Classifier.pixelsPerImage else {
      throw Failure(
        .badData, at: place,
        "\(labels.count) labels and \(pixels.count) pixels do not fit images of 28 × 28")
    }
    if let label = labels.first(where: { $0 >= Classifier.classCount }) {
      throw Failure(.badData, at: place, "label \(label) is above 9")
    }
  }
}
