import Foundation

/// One act of writing: how a skeleton is bent, slanted and scaled, and what pen writes it.
///
/// Every number is a function of the standard normal numbers it is made from. Spreads were set by
/// eye on sheets beside MNIST and by the score of a classifier trained on MNIST.
struct Handwriting {
  /// Shear of the upright towards the right at the top.
  private let slant: Float
  /// Turn, radians.
  private let rotation: Float
  /// Width over height against the skeleton's.
  private let aspect: Float
  /// Quadratic bend of the plane about the middle of the box; see ``placed(_:)``.
  private let bend: (Float, Float, Float, Float, Float)
  /// Half the line's width in pixels.
  let penRadius: Float
  /// Relative change of the pen's radius from a stroke's start to its end.
  let pressureTrend: Float
  /// Width of the line's edge, in pixels, over which ink fades out.
  let edge: Float

  /// Standard deviation of a knot's shift, in box heights; an end of a stroke moves more.
  private static let knotJitter: Float = 0.036
  private static let endJitter: Float = 0.055

  /// Number of draws ``init(_:)`` takes.
  static let drawCount = 11

  /// - Parameter normal: ``drawCount`` standard normal numbers.
  init(_ normal: ArraySlice<Float>) {
    let z = Array(normal)
    slant = 0.15 + 0.22 * z[0]
    rotation = 0.1 * z[1]
    aspect = exp(0.22 * z[2])
    bend = (0.19 * z[3], 0.26 * z[4], 0.24 * z[5], 0.24 * z[6], 0.2 * z[7])
    penRadius = min(max(1.2 * exp(0.27 * z[8]), 0.7), 2.3)
    pressureTrend = min(max(0.14 * z[9], -0.4), 0.4)
    edge = min(max(1.2 + 0.15 * z[10], 0.8), 1.6)
  }

  /// A skeleton's strokes as this hand writes them, as points, still in box units.
  func strokes(of skeleton: DigitSkeleton, jitter normal: ArraySlice<Float>) -> [[SIMD2<Float>]] {
    var next = normal.startIndex
    return skeleton.strokes.map { knots in
      let positions = knots.indices.map { index in
        let isEnd = index == 0 || index == knots.count - 1
        let shift = SIMD2(normal[next], normal[next + 1])
        next += 2
        return knots[index].position + (isEnd ? Self.endJitter : Self.knotJitter) * shift
      }
      return DigitSkeleton.flattened(knots, at: positions).map(placed)
    }
  }

  /// A point of the plane after bend, aspect, slant and rotation.
  private func placed(_ point: SIMD2<Float>) -> SIMD2<Float> {
    let u = point.x - 0.5
    let v = point.y - 0.5
    let x = aspect * (u + bend.0 * v * v + bend.1 * u * v)
    let y = v + bend.2 * u * u + bend.3 * u * v + bend.4 * v * v
    let sheared = x - slant * y
    return [
      cos(rotation) * sheared - sin(rotation) * y, sin(rotation) * sheared + cos(rotation) * y,
    ]
  }
}
