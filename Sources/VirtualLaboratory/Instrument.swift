import Foundation
import Mathematics

/// What a source-measure unit does to a current on its way into a file.
package struct Instrument: Sendable, Equatable {
  /// Added to every reading, A.
  package var offset: Double
  /// Standard deviation relative to the reading.
  package var relativeNoise: Double
  /// Standard deviation at zero, A.
  package var noiseFloor: Double
  /// Largest current, A; infinite for none.
  package var compliance: Double
  /// Step of the converter, A; 0 for none.
  package var resolution: Double

  package init(
    offset: Double = 0, relativeNoise: Double = 1e-3, noiseFloor: Double = 1e-10,
    compliance: Double = .infinity, resolution: Double = 0
  ) {
    self.offset = offset
    self.relativeNoise = relativeNoise
    self.noiseFloor = noiseFloor
    self.compliance = compliance
    self.resolution = resolution
  }

  /// The reading of a current.
  ///
  /// - Parameter normal: a standard normal number.
  package func reading(of current: Double, normal: Double) -> Double {
    let held = min(max(current, -compliance), compliance)
    let deviation =
      (noiseFloor * noiseFloor + relativeNoise * relativeNoise * held * held).squareRoot()
    let seen = held + offset + deviation * normal
    return resolution > 0 ? (seen / resolution).rounded() * resolution : seen
  }
}
