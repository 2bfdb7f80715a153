import Failures
import Foundation
import Mathematics
import Statistics

/// White noise, 1/f noise and a band in the spectrum of a trace.
///
/// S(f) = W + A f^−γ by Whittle's likelihood: an averaged periodogram is gamma-distributed around S.
struct NoiseSpectrumFit {
  /// A band that stands out of its surroundings.
  struct Band {
    /// Hz.
    var frequency: Double
    /// Share of the trace's variance.
    var share: Double
  }

  let spectrum: PowerSpectrum
  let band: Band?
  var white: FittedParameter
  /// Density of 1/f noise at 1 Hz; nil without 1/f noise.
  var flicker: FittedParameter?
  var exponent: FittedParameter?
  /// Hz at which both are equal.
  var corner: FittedParameter?
  /// Of white, flicker, exponent and corner; empty without 1/f noise.
  var correlations: [ParameterCorrelation] = []

  /// Neighbouring Hann bins correlate by (2/3)² and (1/6)² in power: each carries so much less.
  private static let binShare = 1 / (1 + 2 * (4.0 / 9 + 1.0 / 36))

  init(_ trace: [Double], interval: Double, at place: String) throws(Failure) {
    var segment = 64
    // Sixteen segments or so: resolution for the corner, averages for the likelihood.
    while segment * 16 <= trace.count, segment < 16_384 { segment *= 2 }
    let spectrum = try PowerSpectrum(of: trace, interval: interval, segment: segment)
    self.spectrum = spectrum
    let (band, excluded) = Self.band(in: spectrum)
    self.band = band
    // The window leaks the mean into the first two bins.
    let used = spectrum.density.indices.filter { $0 >= 2 && !excluded.contains($0) }
    let weight = spectrum.independentSegments * Self.binShare
    let floor = max(used.map { spectrum.density[$0] }.max() ?? 0, 1e-300) * 1e-12
    let values = used.map { (f: spectrum.frequency($0), s: max(spectrum.density[$0], floor)) }
    func cost(_ point: [Double]) -> Double {
      values.reduce(0) { sum, bin in
        var model = exp(point[0])
        if point.count > 1 { model += exp(point[1] - point[2] * log(bin.f)) }
        return sum + weight * (log(model) + bin.s / model)
      }
    }
    let top = values.suffix(max(8, values.count / 4))
    let level = log(top.map(\.s).median ?? 0)
    let flat = try LikelihoodMaximum(
      from: [log(values.map(\.s).median ?? 0)], steps: [0.1], at: place, cost)
    let low = values.prefix(max(3, values.count / 200))
    let lowest = low.reduce(0) { $0 + $1.s } / Double(low.count)
    let start = log(max(lowest - exp(level), exp(level) * 0.1)) + log(low[low.startIndex].f)
    let sloped = try? LikelihoodMaximum(
      from: [level, start, 1], steps: [0.2, 0.3, 0.2], at: place, cost)
    white = FittedParameter("white_density", of: flat, 0, unit: "S²/Hz", isLogarithm: true)
    // Two more parameters must be worth their price; a slope of another sign is no 1/f noise.
    guard let sloped, flat.cost - sloped.cost > 6, sloped.point[2] > 0.3, sloped.point[2] < 3
    else { return }
    white = FittedParameter("white_density", of: sloped, 0, unit: "S²/Hz", isLogarithm: true)
    flicker = FittedParameter(
      "flicker_density_at_1_Hz", of: sloped, 1, unit: "S²/Hz", isLogarithm: true)
    exponent = FittedParameter("flicker_exponent", of: sloped, 2, unit: "1")
    corner = try Self.corner(sloped, cost, at: place)
    correlations = Self.correlations(sloped)
  }

  /// The corner as a coordinate of its own: ln A = ln W + γ ln f_c.
  private static func corner(
    _ found: LikelihoodMaximum, _ cost: @escaping ([Double]) -> Double, at place: String
  ) throws(Failure) -> FittedParameter {
    let start = (found.point[1] - found.point[0]) / found.point[2]
    let maximum = try LikelihoodMaximum(
      from: [found.point[0], start, found.point[2]], steps: [0.1, 0.2, 0.1], at: place
    ) { cost([$0[0], $0[0] + $0[2] * $0[1], $0[2]]) }
    return FittedParameter("corner_frequency", of: maximum, 1, unit: "Hz", isLogarithm: true)
  }

  /// The strongest band above its surroundings, and the bins of all such bands.
  private static func band(in spectrum: PowerSpectrum) -> (Band?, Set<Int>) {
    let density = spectrum.density
    let total = density.reduce(0, +)
    let reach = max(12, density.count / 16)
    // A gamma variate with so many averages exceeds this by chance less than once in 10^6 bins.
    let averages = spectrum.independentSegments
    let limit = max(3, 1 + 6 / averages.squareRoot() + 14 / averages)
    var excluded: Set<Int> = []
    for k in density.indices where k >= reach / 4 {
      // As many below as above, or the slope of a trap's Lorentzian looks like a band; at the upper end
      // spectra are flat.
      let near = min(k, reach)
      let around = density[(k - near)...min(density.count - 1, k + near)].median ?? 0
      if density[k] > limit * around { excluded.insert(k) }
    }
    // A band's shoulders belong to it.
    let wide = Set(excluded.flatMap { [$0 - 2, $0 - 1, $0, $0 + 1, $0 + 2] })
      .filter { density.indices.contains($0) }
    guard let peak = excluded.max(by: { density[$0] < density[$1] }) else { return (nil, []) }
    var (first, last) = (peak, peak)
    while wide.contains(first - 1) { first -= 1 }
    while wide.contains(last + 1) { last += 1 }
    let power = density[first...last].reduce(0, +)
    let centre =
      (first...last).reduce(0) { $0 + density[$1] * spectrum.frequency($1) } / power
    return (Band(frequency: centre, share: power / total), wide)
  }
}
