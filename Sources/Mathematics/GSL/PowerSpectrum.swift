import CGSL
package import Failures
import Foundation

/// The one-sided power spectral density of a series, by Welch's method.
///
/// Segments of a power of two, half overlapping, each without its mean and under a Hann window;
/// ∫S df is the variance (P. D. Welch, IEEE Trans. Audio Electroacoust. 15, 70 (1967)).
package struct PowerSpectrum: Sendable {
  /// Distance of the frequencies, Hz.
  package let resolution: Double
  /// S at k · `resolution`, k = 1 … segment/2 − 1, in square units per Hz.
  package let density: [Double]
  /// Number of segments that were averaged.
  package let segments: Int

  /// Frequency of an element of ``density``, Hz.
  package func frequency(_ index: Int) -> Double { Double(index + 1) * resolution }

  /// Averages of independent periodograms with the same variance: half overlapping Hann segments
  /// correlate by 1/36 (Welch 1967).
  package var independentSegments: Double {
    Double(segments) / (1 + (segments > 1 ? 2.0 / 36 : 0))
  }

  /// - Parameters:
  ///   - interval: seconds between samples.
  ///   - segment: length of a segment, a power of two of at least 16.
  /// - Throws: ``Failure`` of kind `badData` when the series is shorter than a segment.
  package init(of series: [Double], interval: Double, segment: Int) throws(Failure) {
    precondition(segment >= 16 && segment & (segment - 1) == 0, "a power of two was expected")
    guard series.count >= segment else {
      throw Failure(.badData, at: "spectrum", "\(series.count) samples are fewer than a segment")
    }
    _ = GSL.errorHandlerIsOff
    let window = (0..<segment).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(segment)) }
    let power = window.reduce(0) { $0 + $1 * $1 }
    let half = segment / 2
    var sums = [Double](repeating: 0, count: half - 1)
    var number = 0
    for first in stride(from: 0, through: series.count - segment, by: half) {
      let part = series[first..<first + segment]
      let mean = part.reduce(0, +) / Double(segment)
      var values = zip(part, window).map { ($0 - mean) * $1 }
      let status = values.withUnsafeMutableBufferPointer {
        gsl_fft_real_radix2_transform($0.baseAddress, 1, segment)
      }
      try GSL.check(status, "Fourier transform")
      for k in 1..<half {
        sums[k - 1] += values[k] * values[k] + values[segment - k] * values[segment - k]
      }
      number += 1
    }
    let scale = 2 * interval / (power * Double(number))
    density = sums.map { $0 * scale }
    resolution = 1 / (interval * Double(segment))
    segments = number
  }

  /// A Gaussian series with a given one-sided density, by an inverse transform; its mean is zero.
  ///
  /// - Parameters:
  ///   - count: a power of two.
  ///   - normals: at least `count` standard normal numbers.
  ///   - density: S at a frequency in Hz.
  package static func series(
    count: Int, interval: Double, normals: [Double], density: (Double) -> Double
  ) throws(Failure) -> [Double] {
    precondition(count >= 4 && count & (count - 1) == 0 && normals.count >= count)
    _ = GSL.errorHandlerIsOff
    var values = [Double](repeating: 0, count: count)
    for k in 1..<count / 2 {
      let amplitude =
        (density(Double(k) / (interval * Double(count))) * Double(count) / (4 * interval))
        .squareRoot()
      values[k] = amplitude * normals[k]
      values[count - k] = amplitude * normals[count - k]
    }
    let status = values.withUnsafeMutableBufferPointer {
      gsl_fft_halfcomplex_radix2_inverse($0.baseAddress, 1, count)
    }
    try GSL.check(status, "inverse Fourier transform")
    return values
  }
}
