import Foundation

/// A pulse model whose coefficients are constant within bins of conductance.
package protocol BinnedPulseModel: PulseModel {
  /// Borders of the bins in siemens, ascending, one more than there are bins.
  var binEdges: [Double] { get }

  /// Response of the devices in one bin, counted from the lowest.
  func response(to pulse: Pulse, bin: Int) -> PulseResponse
}

extension BinnedPulseModel {
  /// Number of bins, one less than their borders.
  package var binCount: Int { binEdges.count - 1 }

  /// The bin of a state: lower borders belong to a bin, states outside to the nearest one.
  package func bin(of conductance: Double) -> Int {
    let above = binEdges.dropFirst().dropLast().firstIndex { conductance < $0 }
    return (above ?? binEdges.count - 1) - 1
  }

  /// Geometric centres of the bins in siemens.
  package var binCentres: [Double] {
    zip(binEdges, binEdges.dropFirst()).map { ($0 * $1).squareRoot() }
  }
}

/// A binned response made continuous: between the geometric centres of two bins ln|ΔG| and r are
/// linear in ln G; below the lowest and above the highest centre they are constant.
///
/// Training walks over the borders of bins thousands of times, where a jump of the step would pin
/// or repel states; the measurement behind the bins has no such jumps. At the centres both
/// responses agree.
package struct LogInterpolatedResponse: PulseModel {
  /// The response that is interpolated.
  package let base: any BinnedPulseModel
  private let logCentres: [Double]

  /// Interpolates between the bins of a response.
  package init(_ base: any BinnedPulseModel) {
    self.base = base
    logCentres = base.binCentres.map { log($0) }
  }

  /// Response at a state in siemens; on a centre it is that of the bin.
  package func response(to pulse: Pulse, conductance: Double) -> PulseResponse {
    let position = log(conductance)
    guard let upper = logCentres.firstIndex(where: { position < $0 }) else {
      return base.response(to: pulse, bin: logCentres.count - 1)
    }
    guard upper > 0 else { return base.response(to: pulse, bin: 0) }
    let low = base.response(to: pulse, bin: upper - 1)
    let high = base.response(to: pulse, bin: upper)
    let fraction =
      (position - logCentres[upper - 1]) / (logCentres[upper] - logCentres[upper - 1])
    return PulseResponse(
      meanStep: Self.geometricMean(low.meanStep, high.meanStep, fraction),
      relativeSpread: low.relativeSpread + fraction * (high.relativeSpread - low.relativeSpread))
  }

  /// a^(1−f) · b^f for numbers of one sign; zero when one of them is.
  private static func geometricMean(_ a: Double, _ b: Double, _ fraction: Double) -> Double {
    a == 0 || b == 0 ? 0 : a * pow(b / a, fraction)
  }
}

extension DeviceModel {
  /// The same device with a binned pulse response made continuous; other responses stay as they are.
  package func interpolatingPulses() -> DeviceModel {
    guard let binned = pulseModel as? any BinnedPulseModel else { return self }
    var device = self
    device.pulseModel = LogInterpolatedResponse(binned)
    return device
  }
}
