import Mathematics

/// What the discriminator sees: images within ±1 and Gaussian noise on every pixel.
struct DiscriminatorInput {
  /// Pixels × samples.
  private(set) var matrix: Matrix
  private let noise: Float

  init(pixels: Int, samples: Int, noise: Double) {
    matrix = Matrix(rows: pixels, columns: samples)
    self.noise = Float(noise)
  }

  /// Numbers of noise drawn by one block of work, a multiple of 256.
  private static let block = 8192

  /// Starts a batch: every pixel gets its noise, or zero; images are added to it.
  mutating func drawNoise(_ stream: RandomStream, substream: UInt64, workers: Workers) {
    let noise = noise
    matrix.elements.withUnsafeMutableBufferPointer { elements in
      guard noise > 0 else { return elements.update(repeating: 0) }
      // Sound: every block of work writes its own range, and `forEachBlock` returns after the last of them.
      nonisolated(unsafe) let elements = elements
      workers.forEachBlock(of: elements.count, size: Self.block) { range in
        let part = UnsafeMutableBufferPointer(rebasing: elements[range])
        stream.fillGaussian(part, from: range.lowerBound, substream: substream)
        BufferKernels.scaleInPlace(part, by: noise)
      }
    }
  }

  /// Adds 8-bit images as columns from the first on: pixel p stands for p / 127.5 − 1.
  mutating func add(pixels: [UInt8], images: ArraySlice<Int>) {
    let (size, stride) = (matrix.rows, matrix.columns)
    matrix.elements.withUnsafeMutableBufferPointer { elements in
      pixels.withUnsafeBufferPointer { pixels in
        for (column, image) in images.enumerated() {
          for pixel in 0..<size {
            elements[pixel &* stride &+ column] +=
              Float(pixels[image &* size &+ pixel]) * (1 / 127.5) - 1
          }
        }
      }
    }
  }

  /// Adds a batch of images, pixels × B, as columns from `start` on.
  mutating func add(_ images: Matrix, startingAt start: Int) {
    images.withReadOnlyView { images in
      matrix.withView { matrix in
        for pixel in 0..<images.rows {
          BufferKernels.add(
            UnsafeBufferPointer(images.row(pixel)),
            to: UnsafeMutableBufferPointer(
              rebasing: matrix.row(pixel)[start..<start + images.columns]))
        }
      }
    }
  }
}
