import Foundation

/// Where pulses lead whose step is linear between evenly spaced nodes of 0 … 1.
///
///     du/dn = s_k + (s_{k+1} − s_k)·(u·(K − 1) − k)    between nodes k and k + 1
///
/// Beyond the outer nodes the step is that of the nearest. Solved segment by segment, in each of
/// which u is an exponential of n.
package enum PiecewiseWalk {
  /// K.
  package static let nodeCount = 6

  /// u after n pulses.
  ///
  /// - Parameter step: the step at a node, > 0.
  package static func value(
    from start: Double, pulses: Double, step: (Int) -> Double
  ) -> Double {
    let segments = nodeCount - 1
    var (u, left) = (start, pulses)
    // A search may try anything.
    guard u.isFinite else { return .nan }
    if u < 0 {
      let time = -u / step(0)
      if time >= left { return u + step(0) * left }
      (u, left) = (0, left - time)
    }
    var segment = Int(min(u, 1) * Double(segments))
    while segment < segments {
      let end = Double(segment + 1) / Double(segments)
      let (near, far) = (step(segment), step(segment + 1))
      let slope = (far - near) * Double(segments)
      let here = near + slope * (u - Double(segment) / Double(segments))
      let isFlat = abs(slope) * (end - u) < 1e-9 * here
      let time = isFlat ? (end - u) / here : log(far / here) / slope
      if time >= left { return isFlat ? u + here * left : u + here / slope * expm1(slope * left) }
      (u, left, segment) = (end, left - time, segment + 1)
    }
    return u + step(segments) * left
  }
}
