import CGSL
package import Failures
import Foundation

/// The one-sided power of a whole series, without averages: the finest resolution in frequency.
///
/// Under a sine window, which confines what leaks from a steep background to f⁻⁴ and spreads a
/// sine over three elements; without its mean, and padded with zeros to a power of two.
package struct Periodogram: Sendable {
  /// S at k · `resolution`, k = 0 …, in square units per Hz.
  ///
  /// Noise makes every element exponentially distributed around its density.
  package let density: [Double]
  /// Distance of the frequencies, Hz.
  package let resolution: Double
  /// Elements to the reciprocal of the series' duration, 1 to 2: what padding adds to the resolution
  /// but not to the information.
  package let padding: Double

  /// - Parameter interval: seconds between samples.
  /// - Throws: ``Failure`` of kind `badData` for fewer than 16 samples.
  package init(of series: [Double], interval: Double) throws(Failure) {
    guard series.count >= 16 else {
      throw Failure(.badData, at: "periodogram", "\(series.count) samples are fewer than 16")
    }
    _ = GSL.errorHandlerIsOff
    var length = 16
    while length < series.count { length *= 2 }
    let count = Double(series.count)
    let mean = series.reduce(0, +) / count
    var values = [Double](repeating: 0, count: length)
    for (t, value) in series.enumerated() {
      values[t] = (value - mean) * sin(Double.pi * (Double(t) + 0.5) / count)
    }
    let status = values.withUnsafeMutableBufferPointer {
      gsl_fft_real_radix2_transform($0.baseAddress, 1, length)
    }
    try GSL.check(status, "Fourier transform")
    // The squares of the window add up to half the number of samples.
    let scale = 4 * interval / count
    density = (0..<length / 2).map { k in
      scale * (k == 0 ? values[0] * values[0] : Self.square(values[k], values[length - k]))
    }
    resolution = 1 / (interval * Double(length))
    padding = Double(length) / count
  }

  private static func square(_ real: Double, _ imaginary: Double) -> Double {
    real * real + imaginary * imaginary
  }
}
