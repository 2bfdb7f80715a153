/// Strokes laid into a frame as MNIST's are, and inked.
///
/// MNIST's normalisation (Y. LeCun, C. Cortes, C. Burges): the digit is scaled to fit a box of
/// 20 × 20 pixels with its aspect kept, and moved so that its centre of mass is the frame's centre.
struct InkFrame {
  private static let side = ImageSet.side
  private static let box: Float = 20

  /// A piece of a stroke with the pen's radius at its two ends, in pixels.
  private struct Piece {
    let start: SIMD2<Float>
    let along: SIMD2<Float>
    let startRadius: Float
    let endRadius: Float
  }

  private let pieces: [Piece]
  private let edge: Float

  /// - Parameter strokes: points in any unit, at least two per stroke.
  init(_ strokes: [[SIMD2<Float>]], writtenBy hand: Handwriting) {
    edge = hand.edge
    let (lowest, highest) = Self.bounds(of: strokes)
    let extent = max((highest - lowest).max(), .leastNormalMagnitude)
    let scale = (Self.box - 2 * hand.penRadius) / extent
    var pieces: [Piece] = []
    var mass: Float = 0
    var moment = SIMD2<Float>.zero
    for stroke in strokes {
      let steps = Float(stroke.count - 1)
      for index in 1..<stroke.count {
        let pressure = { (point: Int) in
          1 + hand.pressureTrend * (Float(point) / steps - 0.5)
        }
        let piece = Piece(
          start: scale * stroke[index - 1], along: scale * (stroke[index] - stroke[index - 1]),
          startRadius: hand.penRadius * pressure(index - 1),
          endRadius: hand.penRadius * pressure(index))
        let length = (piece.along * piece.along).sum().squareRoot()
        let ink = length * (piece.startRadius + piece.endRadius)
        mass += ink
        moment += ink * (piece.start + piece.along / 2)
        pieces.append(piece)
      }
    }
    let shift = SIMD2(repeating: Float(Self.side) / 2) - moment / max(mass, .leastNormalMagnitude)
    self.pieces = pieces.map {
      Piece(
        start: $0.start + shift, along: $0.along, startRadius: $0.startRadius,
        endRadius: $0.endRadius)
    }
  }

  private static func bounds(
    of strokes: [[SIMD2<Float>]]
  ) -> (lowest: SIMD2<Float>, highest: SIMD2<Float>) {
    var lowest = SIMD2<Float>(repeating: .infinity)
    var highest = SIMD2<Float>(repeating: -.infinity)
    for point in strokes.joined() {
      lowest.replace(with: point, where: point .< lowest)
      highest.replace(with: point, where: point .> highest)
    }
    return (lowest, highest)
  }

  /// Writes the frame's 28 × 28 bytes, row by row; 255 is full ink.
  ///
  /// A pixel's ink falls linearly over the edge's width with the distance of its centre from the
  /// nearest stroke, which is anti-aliasing by distance.
  func draw(into pixels: UnsafeMutablePointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.side * Self.side) { ink in
      ink.initialize(repeating: 0)
      for piece in pieces { add(piece, to: ink) }
      for pixel in 0..<ink.count { pixels[pixel] = UInt8(255 * ink[pixel] + 0.5) }
    }
  }

  private func add(_ piece: Piece, to ink: UnsafeMutableBufferPointer<Float>) {
    let reach = max(piece.startRadius, piece.endRadius) + edge / 2
    let end = piece.start + piece.along
    let squaredLength = max((piece.along * piece.along).sum(), .leastNormalMagnitude)
    let columns = Self.pixels(from: min(piece.start.x, end.x), to: max(piece.start.x, end.x), reach)
    for row in Self.pixels(from: min(piece.start.y, end.y), to: max(piece.start.y, end.y), reach) {
      for column in columns {
        let offset = SIMD2(Float(column) + 0.5, Float(row) + 0.5) - piece.start
        let t = min(max((offset * piece.along).sum() / squaredLength, 0), 1)
        let across = offset - t * piece.along
        let distance = (across * across).sum().squareRoot()
        let radius = piece.startRadius + t * (piece.endRadius - piece.startRadius)
        let value = min(max((radius - distance) / edge + 0.5, 0), 1)
        let pixel = row * Self.side + column
        ink[pixel] = max(ink[pixel], value)
      }
    }
  }

  /// The pixels of a row or column whose centres lie within `reach` of a span.
  private static func pixels(from low: Float, to high: Float, _ reach: Float) -> Range<Int> {
    let first = min(max(Int((low - reach - 0.5).rounded(.up)), 0), side)
    let last = min(max(Int((high + reach + 0.5).rounded(.down)), first), side)
    return first..<last
  }
}
