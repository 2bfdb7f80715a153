import FitResults
import Foundation
import Mathematics
import Statistics

extension NoiseSpectrumFit {
  /// Correlations of white noise, 1/f noise, its exponent and the corner.
  static func correlations(_ found: LikelihoodMaximum) -> [ParameterCorrelation] {
    // ln f_c = (ln A − ln W)/γ.
    let (slope, known) = (found.point[2], found.curvature)
    let corner = (found.point[1] - found.point[0]) / slope
    let rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1 / slope, 1 / slope, -corner / slope]]
    return ParameterCorrelation.all(
      ["white_density", "flicker_density_at_1_Hz", "flicker_exponent", "corner_frequency"],
      covariance: ParameterCorrelation.transformed(covariance: known.inverse, by: rows),
      without: known.undetermined)
  }

  /// Density over the fitted one by frequency, without the bins of the mean.
  var ratios: [(x: Double, y: Double)] {
    spectrum.density.indices.dropFirst(2).map { bin in
      let f = spectrum.frequency(bin)
      let model =
        white.value + (flicker?.value ?? 0) * pow(f, -(exponent?.value ?? 1))
      return (f, spectrum.density[bin] / model)
    }
  }
}

extension NoiseFit {
  /// Traces from which on the page holds spectra alone: more pictures would hide them.
  private static let manyTraces = 5

  /// Correlations, what the spectrum leaves, and how the readings spread about their mean.
  mutating func addResiduals(
    _ spectrum: NoiseSpectrumFit, _ trace: NoiseTrace, prefix: String, traces: Int
  ) {
    report.correlations += spectrum.correlations.map { $0.named { prefix + $0 } }
    guard traces < Self.manyTraces else { return }
    let ratios = spectrum.ratios
    let ends = [ratios.first?.x, ratios.last?.x].compactMap { $0 }
    report.figures.append(
      FitFigure(
        title: "\(prefix)spectrum over its fit", xLabel: "frequency (Hz)",
        yLabel: "density / fitted density", points: FitFigure.thinned(ratios),
        curve: ends.map { ($0, 1) }, isLogarithmicX: true, isLogarithmicY: true))
    report.addResidualDistribution(trace.values, label: "\(prefix)reading (S)")
  }
}
