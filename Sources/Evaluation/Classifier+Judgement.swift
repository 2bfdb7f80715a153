import DigitalNetworks
package import Mathematics

extension Classifier {
  /// What the classifier makes of a set of images; one column per image.
  package struct Judgement: Equatable, Sendable {
    /// Activations of the 64 hidden units after the rectifier, 64 × count.
    package let features: Matrix
    /// Class probabilities, 10 × count.
    package let probabilities: Matrix

    /// Images judged.
    package var count: Int { features.columns }
  }

  /// Images judged by one call of the network.
  private static let blockSize = 256

  /// Features and class probabilities of images of 28 × 28 bytes, one after the other.
  package func judge(_ pixels: [UInt8], workers: Workers) -> Judgement {
    Self.judge(pixels, by: network, workers: workers)
  }

  static func judge(_ pixels: [UInt8], by network: DenseNetwork, workers: Workers) -> Judgement {
    precondition(pixels.count.isMultiple(of: pixelsPerImage), "whole images were expected")
    let count = pixels.count / pixelsPerImage
    var features = Matrix(rows: featureCount, columns: count)
    var probabilities = Matrix(rows: classCount, columns: count)
    guard count > 0 else { return Judgement(features: features, probabilities: probabilities) }
    features.withView { features in
      probabilities.withView { probabilities in
        workers.forEachBlock(of: count, size: blockSize) { images in
          var input = Matrix(rows: pixelsPerImage, columns: images.count)
          var pass = DenseNetwork.Pass(of: network, batch: images.count)
          gather(images, from: pixels, into: &input)
          network.forward(input, pass: &pass, workers: .one)
          var result = pass.result
          Softmax.apply(to: &result)
          pass.outputs[1].copy(into: features, column: images.lowerBound)
          result.copy(into: probabilities, column: images.lowerBound)
        }
      }
    }
    return Judgement(features: features, probabilities: probabilities)
  }
}

extension Matrix {
  /// Writes all columns into a wider view of as many rows, from `column` on.
  fileprivate func copy(into target: MatrixView, column: Int) {
    withReadOnlyView { source in
      for row in 0..<rows {
        for index in 0..<columns { target.row(row)[column + index] = source.row(row)[index] }
      }
    }
  }
}
