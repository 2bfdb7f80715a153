import Images
import Mathematics
import Testing
import _TestSupport

@Suite struct SyntheticDigitsTests {
  let digits = SyntheticDigits()

  private func draw(_ count: Int, _ split: DataSplit = .train) -> ImageSet {
    digits.images(split: split, count: count, workers: .one)
  }

  @Test func threadsDoNotMatter() {
    let two = digits.images(split: .train, count: 1003, workers: Workers(count: 2))
    #expect(two == draw(1003))
  }

  @Test func anImageDependsOnItsPlaceAlone() throws {
    let many = draw(600)
    let few = draw(37)
    #expect(few.pixels == Array(many.pixels.prefix(37 * 784)))
    #expect(few.labels == Array(many.labels.prefix(37)))
    let classes = try ClassSelection(parsing: "3,8")
    let selected = digits.images(split: .train, count: 600, classes: classes, workers: .one)
    #expect(selected == many.filtered(by: classes))
  }

  @Test func splitsAndSeedsDiffer() {
    let train = draw(50)
    #expect(draw(50, .test).pixels != train.pixels)
    let other = SyntheticDigits(seed: 1).images(split: .train, count: 50, workers: .one)
    #expect(other.pixels != train.pixels)
    #expect(other.labels != train.labels)
  }

  @Test func classesAreBalancedAndShuffled() {
    let labels = draw(1000).labels
    for start in stride(from: 0, to: 1000, by: 10) {
      #expect(Set(labels[start..<start + 10]) == Set(0...9))
    }
    // Ten places times ten digits over 100 groups: χ² with 81 degrees of freedom, 137.1 at 1e-4.
    var counts = [Double](repeating: 0, count: 100)
    for (index, label) in labels.enumerated() { counts[index % 10 * 10 + Int(label)] += 1 }
    #expect(counts.reduce(0) { $0 + ($1 - 10) * ($1 - 10) / 10 } < 137.1)
  }

  /// MNIST's frame: the digit fits 20 × 20 pixels and its centre of mass is the centre.
  @Test func imagesAreNormalised() {
    let images = draw(500)
    for image in 0..<images.count {
      let pixels = images.pixels[image * 784..<(image + 1) * 784]
      var (mass, momentX, momentY) = (0.0, 0.0, 0.0)
      var (columns, rows) = (Set<Int>(), Set<Int>())
      for (place, value) in pixels.enumerated() {
        mass += Double(value)
        momentX += Double(value) * (Double(place % 28) + 0.5)
        momentY += Double(value) * (Double(place / 28) + 0.5)
        if value > 127 {
          columns.insert(place % 28)
          rows.insert(place / 28)
        }
      }
      #expect(abs(momentX / mass - 14) < 0.2 && abs(momentY / mass - 14) < 0.2)
      #expect((19...21).contains(max(columns.count, rows.count)))
      #expect((pixels.max() ?? 0) > 230)
    }
  }

  @Test func noTwoImagesAreAlike() {
    let images = draw(500)
    let distinct = Set((0..<500).map { images.pixels[$0 * 784..<($0 + 1) * 784] })
    #expect(distinct.count == 500)
  }

  /// The nearest of 6000 MNIST images names the digit: a classifier trained on MNIST reads them.
  @Test(.enabled(if: SharedData.mnist != nil, "MNIST is not beside the repository"))
  func readAsDigitsByMNIST() throws {
    let path = try #require(SharedData.mnist)
    let known = try ImageSource.load(path, split: .test, workers: .one)
    let drawn = draw(300, .test)
    var right = 0
    for image in 0..<drawn.count {
      var nearest = (distance: Int32.max, label: UInt8(0))
      for other in 0..<6000 {
        let distance = Self.squaredDistance(drawn.pixels, image * 784, known.pixels, other * 784)
        if distance < nearest.distance { nearest = (distance, known.labels[other]) }
      }
      if nearest.label == drawn.labels[image] { right += 1 }
    }
    #expect(right > 255)  // 85 %
  }

  private static func squaredDistance(
    _ a: [UInt8], _ aStart: Int, _ b: [UInt8], _ bStart: Int
  ) -> Int32 {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var sum: Int32 = 0
        for pixel in 0..<784 {
          let difference = Int32(a[aStart &+ pixel]) &- Int32(b[bStart &+ pixel])
          sum &+= difference &* difference
        }
        return sum
      }
    }
  }
}
