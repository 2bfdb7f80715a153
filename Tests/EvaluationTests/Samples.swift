import Evaluation
import Files
import Foundation
import Mathematics
import _TestSupport

/// A reproducible matrix of standard normal numbers.
func gaussianMatrix(rows: Int, columns: Int, seed: UInt64) -> Matrix {
  var matrix = Matrix(rows: rows, columns: columns)
  let stream = RandomStream(seed: seed, name: "test")
  matrix.elements.withUnsafeMutableBufferPointer { stream.fillGaussian($0, substream: 0) }
  return matrix
}

/// Ten classes of noisy bars: class c is bright in rows 2c + 4 and 2c + 5.
func bars(_ count: Int, seed: UInt64) -> LabelledPixels {
  var sequence = RandomSequence(RandomStream(seed: seed, name: "bars"))
  var data = LabelledPixels(pixels: [], labels: [])
  for index in 0..<count {
    let label = index % 10
    data.labels.append(UInt8(label))
    for row in 0..<28 {
      let base = (row - 4) / 2 == label && row >= 4 ? 160 : 0
      for _ in 0..<28 { data.pixels.append(UInt8(base + Int.random(in: 0..<90, using: &sequence))) }
    }
  }
  return data
}

/// MNIST and what is computed from it once for all tests; touched only when the data is there.
enum MNIST {
  static let training = read("train")
  static let test = read("t10k")
  static let classifier = Result {
    try Classifier(training: training.get(), test: test.get(), workers: Workers(count: 2))
  }
  static let evaluator = Result {
    try Evaluator(
      classifier: classifier.get(), reference: test.get(), expecting: [2_000, 10_000],
      workers: Workers(count: 2))
  }

  private static func read(_ split: String) -> Result<LabelledPixels, any Error> {
    Result {
      let prefix = "\(SharedData.mnist ?? "")/\(split)"
      let images = try InputFile.bytes(of: prefix + "-images-idx3-ubyte.gz")
      let labels = try InputFile.bytes(of: prefix + "-labels-idx1-ubyte.gz")
      return LabelledPixels(
        pixels: [UInt8](images.dropFirst(16)), labels: [UInt8](labels.dropFirst(8)))
    }
  }
}
