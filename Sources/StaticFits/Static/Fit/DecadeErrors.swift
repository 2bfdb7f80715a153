import Devices
import Foundation

/// Relative errors of a model, apart for each decade of the current: a form is as good where devices are
/// read as at full scale, or it is not accepted.
struct DecadeErrors: Sendable {
  /// Errors by decade of the current in amperes, in bins of a tenth of a decade from 10⁻⁹ on.
  private var bins: [Int: [Int]] = [:]
  /// Σ of squared errors, each at most 1.
  private var squares: [Int: Double] = [:]

  private static let binCount = 140
  private static let lowest = -9.0
  /// Currents below so many times the instrument's floor say nothing of a relative error.
  static let visible = 5.0
  /// Median error of a decade up to which a form is accepted.
  static let limit = 0.2
  /// Points of a decade that counts, and their share of all.
  private static let leastPoints = 5
  private static let leastShare = 0.01

  /// One point's residual and current, A.
  mutating func add(residual: Double, current: Double, noise: InstrumentNoise) {
    let magnitude = abs(current)
    guard magnitude > Self.visible * noise.floor, magnitude > 0 else { return }
    let decade = Int((log10(magnitude) + 1e-9).rounded(.down))
    let error = residual.isFinite ? abs(residual) / magnitude : 1e9
    let place = (10 * (log10(max(error, 1e-12)) - Self.lowest)).rounded(.down)
    let bin = Int(min(max(place, 0), Double(Self.binCount - 1)))
    bins[decade, default: Array(repeating: 0, count: Self.binCount)][bin] += 1
    squares[decade, default: 0] += min(error, 1) * min(error, 1)
  }

  mutating func add(_ other: Self) {
    for (decade, counts) in other.bins {
      var own = bins[decade] ?? Array(repeating: 0, count: Self.binCount)
      for bin in own.indices { own[bin] += counts[bin] }
      bins[decade] = own
    }
    for (decade, sum) in other.squares { squares[decade, default: 0] += sum }
  }

  private func count(_ decade: Int) -> Int { bins[decade]?.reduce(0, +) ?? 0 }

  /// Decades that hold enough points, rising.
  private var counted: [Int] {
    let all = bins.keys.reduce(0) { $0 + count($1) }
    let least = max(Self.leastPoints, Int(Self.leastShare * Double(all)))
    return bins.keys.filter { count($0) >= least }.sorted()
  }

  /// Median relative error of every decade with enough points: 10^decade A and the error.
  var medians: [(decade: Int, error: Double)] {
    counted.map { decade in
      let counts = bins[decade] ?? []
      let half = count(decade) / 2
      var (sum, bin) = (0, 0)
      while bin < counts.count - 1, sum + counts[bin] <= half {
        sum += counts[bin]
        bin += 1
      }
      return (decade, pow(10, Self.lowest + (Double(bin) + 0.5) / 10))
    }
  }

  /// The worst decade; nil where no current is visible.
  var worst: (decade: Int, error: Double)? { medians.max { $0.error < $1.error } }

  /// Whether every decade is described.
  var isAccepted: Bool { worst.map { $0.error <= Self.limit } ?? false }

  /// Root of the mean over decades of their mean squared errors, each error at most 1.
  var score: Double {
    let decades = counted
    guard !decades.isEmpty else { return 1 }
    let sum = decades.reduce(0) { $0 + (squares[$1] ?? 0) / Double(max(1, count($1))) }
    return (sum / Double(decades.count)).squareRoot()
  }

  /// `1 µA 2.1 %, 10 µA 0.8 %`.
  var text: String {
    medians.map {
      "\(Quantity(pow(10, Double($0.decade)), "A")) \(String(format: "%.2g %%", 100 * $0.error))"
    }.joined(separator: ", ")
  }
}
