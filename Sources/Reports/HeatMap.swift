package import Failures
import Files
import Foundation

/// A rectangle of numbers as coloured squares, from dark blue (lowest) over green to yellow.
package struct HeatMap {
  let rows: Int
  let columns: Int
  let values: [Double]
  /// Numbers at the two ends of the colour scale.
  package let range: ClosedRange<Double>

  package init(rows: Int, columns: Int, values: [Double]) {
    self.rows = rows
    self.columns = columns
    self.values = values
    let lowest = values.min() ?? 0
    range = lowest...max(values.max() ?? 0, lowest)
  }

  /// Colours at equal steps of the scale (matplotlib's viridis at every eighth).
  private static let colours: [(Double, Double, Double)] = [
    (68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142), (33, 144, 141),
    (39, 173, 129), (92, 200, 99), (170, 220, 50), (253, 231, 37),
  ]

  private func colour(_ value: Double) -> [UInt8] {
    // Halves: the span of numbers near the largest is infinite.
    let span = range.upperBound / 2 - range.lowerBound / 2
    let share = span > 0 ? (value / 2 - range.lowerBound / 2) / span : 0
    let place = min(max(share, 0), 1) * Double(Self.colours.count - 1)
    let index = Int(clamping: place, rule: .down, to: 0...Self.colours.count - 2)
    let (a, b) = (Self.colours[index], Self.colours[index + 1])
    let t = place - Double(index)
    return [(a.0, b.0), (a.1, b.1), (a.2, b.2)].map {
      UInt8(Int(clamping: $0 + t * ($1 - $0), to: 0...255))
    }
  }

  /// RGB pixels, each number a square of `scale` pixels.
  private func pixels(scale: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(3 * rows * columns * scale * scale)
    for row in 0..<rows {
      let line = (0..<columns).flatMap { column in
        let colour = colour(values[row * columns + column])
        return (0..<scale).flatMap { _ in colour }
      }
      for _ in 0..<scale { result += line }
    }
    return result
  }

  /// Writes a PNG of about 512 pixels along the longer side.
  package func write(to path: String) throws(Failure) {
    let scale = max(1, 512 / max(rows, columns))
    let data = try PNGImage.encoded(
      pixels(scale: scale), width: columns * scale, height: rows * scale, channels: 3, at: path)
    try AtomicFile.write(data, to: path)
  }
}
