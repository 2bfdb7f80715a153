import Failures

/// Strokes laid into a frame as MNIST's are, and inked.
///
/// MNIST's normalisation (Y. LeCun, C. Cortes, C. Burges): the digit is scaled to fit a box of
/// 20 × 20 pixels with its aspect kept, and moved so that its centre of mass is the frame's centre.
struct InkFrame {
  private static let side = ImageSet.side
  private static let box: Float = 20
  private static let centre = SIMD2<Float>(repeating: Float(side) / 2)

  /// A piece of a stroke with the pen's radius at its two ends, in pixels.
  private struct Piece {
    let start: SIMD2<Float>
    let along: SIMD2<Float>
    let startRadius: Float
    let endRadius: Float
  }

  /// The pieces with the middle of their bounds at the frame's centre.
  private let pieces: [Piece]
  private let edge: Float

  /// - Parameter strokes: points in any unit, at least two per stroke.
  init(_ strokes: [[SIMD2<Float>]], writtenBy hand: Handwriting) {
    edge = hand.edge
    let (lowest, highest) = Self.bounds(of: strokes)
    let extent = max((highest - lowest).max(), .leastNormalMagnitude)
    let scale = (Self.box - 2 * hand.penRadius) / extent
    let middle = (lowest + highest) / 2
    pieces = strokes.flatMap { stroke in
      Self.pieces(of: stroke.map { Self.centre + scale * ($0 - middle) }, writtenBy: hand)
    }
  }

  /// The pieces of a stroke through points in pixels.
  private static func pieces(
    of points: [SIMD2<Float>], writtenBy hand: Handwriting
  ) -> [Piece] {
    let steps = Float(points.count - 1)
    let radii: [Float] = points.indices.map { point in
      let change = hand.pressureTrend * (Float(point) / steps - 0.5)
      return hand.penRadius * (1 + change)
    }
    return (1..<points.count).map { index in
      Piece(
        start: points[index - 1], along: points[index] - points[index - 1],
        startRadius: radii[index - 1], endRadius: radii[index])
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
  /// The digit is inked twice: where strokes cross or touch, only ink tells the centre of mass.
  func draw(into pixels: UnsafeMutablePointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.side * Self.side) { ink in
      drawInk(into: ink, shiftedBy: .zero)
      drawInk(into: ink, shiftedBy: Self.centre - Self.centreOfMass(of: ink))
      for pixel in 0..<ink.count { pixels[pixel] = UInt8(255 * ink[pixel] + 0.5) }
    }
  }

  private static func centreOfMass(of ink: UnsafeMutableBufferPointer<Float>) -> SIMD2<Float> {
    var mass = Float.leastNormalMagnitude
    var moment = SIMD2<Float>.zero
    for row in 0..<side {
      for column in 0..<side {
        let value = ink[row * side + column]
        mass += value
        moment += value * SIMD2(Float(column) + 0.5, Float(row) + 0.5)
      }
    }
    return moment / mass
  }

  private func drawInk(
    into ink: UnsafeMutableBufferPointer<Float>, shiftedBy shift: SIMD2<Float>
  ) {
    ink.initialize(repeating: 0)
    for piece in pieces { add(piece, from: piece.start + shift, to: ink) }
  }

  /// Inks a piece that begins at `start`.
  ///
  /// A pixel's ink falls linearly over the edge's width with the distance of its centre from the
  /// nearest stroke, which is anti-aliasing by distance.
  private func add(
    _ piece: Piece, from start: SIMD2<Float>, to ink: UnsafeMutableBufferPointer<Float>
  ) {
    let reach = max(piece.startRadius, piece.endRadius) + edge / 2
    let end = start + piece.along
    let squaredLength = max((piece.along * piece.along).sum(), .leastNormalMagnitude)
    let columns = Self.pixels(from: min(start.x, end.x), to: max(start.x, end.x), reach)
    for row in Self.pixels(from: min(start.y, end.y), to: max(start.y, end.y), reach) {
      for column in columns {
        let offset = SIMD2(Float(column) + 0.5, Float(row) + 0.5) - start
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
    let first = Int(clamping: low - reach - 0.5, rule: .up, to: 0...side)
    let last = Int(clamping: high + reach + 0.5, rule: .down, to: first...side)
    return first..<last
  }
}
