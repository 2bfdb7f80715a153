import Files
import Foundation
import Mathematics

/// What rows give away while they stream by: clipped and negative readings, an offset at 0 V, runs
/// of pulses that go the wrong way.
struct InspectionWatch {
  /// The end of a range and how many rows stand exactly there.
  private struct Extreme {
    var value: Double
    var count = 0

    mutating func take(_ candidate: Double, isBeyond: Bool) {
      if isBeyond {
        (value, count) = (candidate, 1)
      } else if candidate == value {
        count += 1
      }
    }
  }

  /// Sums for a slope of conductance over pulse number.
  private struct Trend {
    var n = 0.0
    var x = 0.0
    var y = 0.0
    var xx = 0.0
    var xy = 0.0

    mutating func take(_ a: Double, _ b: Double) {
      n += 1
      x += a
      y += b
      xx += a * a
      xy += a * b
    }

    var slope: Double {
      let spread = xx - x * x / n
      return spread > 0 ? (xy - x * y / n) / spread : 0
    }
  }

  private static let clipped: [MeasuredQuantity] = [.current, .conductance, .resistance]
  private var lowest = clipped.map { _ in Extreme(value: .infinity) }
  private var highest = clipped.map { _ in Extreme(value: -.infinity) }
  private var negative = 0
  private var atZero: [Double] = []
  private var largestCurrent = 0.0
  private var trends: [Int: Trend] = [:]
  private var rows = 0

  /// Readings at 0 V that are kept: the median of so many is known well enough.
  private static let zeroLimit = 100_000

  mutating func take(_ row: MeasuredRow) {
    rows += 1
    for (k, quantity) in Self.clipped.enumerated() {
      let value = row[quantity]
      guard !value.isNaN else { continue }
      lowest[k].take(value, isBeyond: value < lowest[k].value)
      highest[k].take(value, isBeyond: value > highest[k].value)
    }
    let conductance = row[.conductance]
    if conductance < 0 { negative += 1 }
    let current = row[.current]
    if !current.isNaN {
      largestCurrent = max(largestCurrent, abs(current))
      if row[.voltage] == 0, atZero.count < Self.zeroLimit { atZero.append(current) }
    }
    if !row[.operation].isNaN, !row[.pulse].isNaN, !conductance.isNaN {
      trends[row.label(.operation), default: Trend()].take(row[.pulse], conductance)
    }
  }

  /// What a user should know, one line each.
  func suspicions(operations: [String]) -> [String] {
    var lines: [String] = []
    for (k, quantity) in Self.clipped.enumerated() {
      for (name, end) in [("lowest", lowest[k]), ("highest", highest[k])]
      where end.count >= 10 && 100 * end.count >= rows && lowest[k].value < highest[k].value {
        let share = NumberText.short(100 * Double(end.count) / Double(rows))
        lines.append(
          "\(share) % of the rows have exactly the \(name) \(quantity.rawValue),"
            + " \(NumberText.short(end.value)): clipped by the instrument?")
      }
    }
    if negative > 0 {
      lines.append(
        "conductance is negative in \(negative) rows: a unit of the authors' own? give"
          + " --conductance-range")
    }
    if atZero.count >= 3, let offset = atZero.median,
      let deviation = atZero.medianDeviation(from: offset)
    {
      let spread = deviation / Double(atZero.count).squareRoot()
      if abs(offset) > 5 * spread, abs(offset) > 1e-4 * largestCurrent {
        lines.append(
          "at 0 V the current is \(NumberText.short(offset)) A (median of \(atZero.count) readings):"
            + " an offset of the instrument, which fit iv takes off")
      }
    }
    for (name, expected) in [("set", 1.0), ("reset", -1)] {
      guard let place = operations.firstIndex(where: { $0.lowercased() == name }),
        let trend = trends[place], trend.slope * expected < 0
      else { continue }
      lines.append(
        "in \(name) runs conductance \(expected > 0 ? "falls" : "rises") with the pulse number:"
          + " stored backwards? order = \"reversed\" turns cycles")
    }
    return lines
  }
}
