package import Mathematics

/// Handwritten-like digits drawn by the program: the data set that needs no file and no network.
///
/// An image is a pen stroke through one of a few skeletons per digit, its knots shifted, the plane
/// bent, slanted and turned, written with a pen of random width and pressure and normalised as
/// MNIST is. Image `i` of a split is a pure function of (seed, split, i). Every ten images, from
/// the first, hold each digit once in a random order, so classes are balanced.
package struct SyntheticDigits: Sendable {
  /// The seed of the built-in data set.
  ///
  /// It is no run's seed: the data, and so every classifier trained on it, stay the same from run
  /// to run.
  package static let defaultSeed: UInt64 = 1998

  /// Images of a split unless told otherwise, as many as MNIST's.
  package static func defaultCount(_ split: DataSplit) -> Int {
    switch split {
    case .train: 60_000
    case .test: 10_000
    }
  }

  private let seed: UInt64

  /// The data set of a seed; the built-in one by default.
  package init(seed: UInt64 = defaultSeed) { self.seed = seed }

  /// The first `count` images of a split, less those of classes not selected.
  ///
  /// The result is the same as drawing all and filtering, on any number of workers.
  package func images(
    split: DataSplit, count: Int, classes: ClassSelection = .all, workers: Workers
  ) -> ImageSet {
    let order = RandomStream(seed: seed, name: "synthetic digits \(split), order")
    var chosen: [(index: Int, digit: UInt8)] = []
    for group in 0..<(count + 9) / 10 {
      var generator = RandomSequence(order, substream: UInt64(group))
      let digits = (0..<10 as Range<UInt8>).shuffled(using: &generator)
      for (place, digit) in digits.enumerated()
      where group * 10 + place < count && classes.contains(digit) {
        chosen.append((group * 10 + place, digit))
      }
    }
    let plan = chosen
    let artist = Artist(seed: seed, split: split)
    let pixels = [UInt8](unsafeUninitializedCapacity: plan.count * ImageSet.pixelsPerImage) {
      buffer, initialized in
      // Sound: every block of work writes its own range, and `forEachBlock` returns after the last of them.
      nonisolated(unsafe) let target = buffer
      workers.forEachBlock(of: plan.count, size: 256) { range in
        guard let start = target.baseAddress else { return }
        for at in range {
          artist.draw(
            plan[at].digit, index: plan[at].index, into: start + at * ImageSet.pixelsPerImage)
        }
      }
      initialized = buffer.count
    }
    return ImageSet(pixels: pixels, labels: plan.map(\.digit))
  }
}

/// Draws single images of a split.
private struct Artist: Sendable {
  private let skeletons: RandomStream
  private let shapes: RandomStream

  init(seed: UInt64, split: DataSplit) {
    skeletons = RandomStream(seed: seed, name: "synthetic digits \(split), skeleton")
    shapes = RandomStream(seed: seed, name: "synthetic digits \(split), shape")
  }

  func draw(_ digit: UInt8, index: Int, into pixels: UnsafeMutablePointer<UInt8>) {
    let normal = [Float](unsafeUninitializedCapacity: 256) { buffer, initialized in
      shapes.fillGaussian(
        UnsafeMutableBufferPointer(rebasing: buffer[..<256]), substream: UInt64(index))
      initialized = 256
    }
    let skeleton = skeleton(
      of: digit, at: skeletons.uniform(at: 0, substream: UInt64(index)))
    let hand = Handwriting(normal[..<Handwriting.drawCount])
    let strokes = hand.strokes(of: skeleton, jitter: normal[Handwriting.drawCount...])
    InkFrame(strokes, writtenBy: hand).draw(into: pixels)
  }

  /// The skeleton at a quantile of the digit's distribution.
  private func skeleton(of digit: UInt8, at quantile: Float) -> DigitSkeleton {
    let ways = DigitSkeleton.table[Int(digit)]
    var rest = quantile * ways.reduce(0) { $0 + $1.share }
    for way in ways.dropLast() {
      rest -= way.share
      if rest < 0 { return way }
    }
    return ways[ways.count - 1]
  }
}
