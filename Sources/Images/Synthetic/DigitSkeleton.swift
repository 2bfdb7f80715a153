/// One way of writing a digit: pen strokes through knots.
///
/// Coordinates run right and down over a unit box. Between two knots lies a cubic Hermite arc;
/// tangents are Catmull and Rom's, except at the ends of a stroke and at corners, where both
/// neighbouring arcs end straight (no second derivative).
struct DigitSkeleton: Sendable {
  /// A point that a stroke passes.
  struct Knot: Sendable {
    let position: SIMD2<Float>
    let isCorner: Bool

    static func at(_ x: Float, _ y: Float) -> Knot { Knot(position: [x, y], isCorner: false) }
    static func corner(_ x: Float, _ y: Float) -> Knot { Knot(position: [x, y], isCorner: true) }
  }

  /// Relative frequency among the ways of writing the same digit.
  let share: Float
  let strokes: [[Knot]]

  init(_ share: Float, _ strokes: [Knot]...) {
    self.share = share
    self.strokes = strokes
  }
}

extension DigitSkeleton {
  /// Straight pieces per arc: below a pixel each in a 20-pixel digit.
  static let piecesPerArc = 7

  /// The points of a stroke whose knots have moved to `positions`.
  static func flattened(_ knots: [Knot], at positions: [SIMD2<Float>]) -> [SIMD2<Float>] {
    guard let first = positions.first, let last = positions.last, positions.count > 1 else {
      return positions
    }
    var points = [first]
    for arc in 0..<positions.count - 1 {
      let (start, end) = (positions[arc], positions[arc + 1])
      let chord = end - start
      let startIsSmooth = arc > 0 && !knots[arc].isCorner
      let endIsSmooth = arc + 2 < positions.count && !knots[arc + 1].isCorner
      var leaving = startIsSmooth ? (end - positions[arc - 1]) / 2 : chord
      var arriving = endIsSmooth ? (positions[arc + 2] - start) / 2 : chord
      if !startIsSmooth { leaving = (3 * chord - arriving) / 2 }
      if !endIsSmooth { arriving = (3 * chord - leaving) / 2 }
      for piece in 1..<piecesPerArc {
        let t = Float(piece) / Float(piecesPerArc)
        let bend = t * (1 - t) * ((1 - t) * (leaving - chord) - t * (arriving - chord))
        points.append(start + t * chord + bend)
      }
      points.append(arc + 2 == positions.count ? last : end)
    }
    return points
  }
}
