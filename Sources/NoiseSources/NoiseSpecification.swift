/// A noise source as users name it: `switching:xor4`, `biased:p=0.6,lag=0.1`, `file:bits.bin`.
///
/// One grammar for the command line and the run configuration: a name, and behind a colon options
/// separated by commas, words or `key=value`. Everything behind `file:` is the path.
///
/// | name | options | what it is |
/// |---|---|---|
/// | `gaussian`, `uniform` | | GSL's distributions, as bits GSL's Mersenne Twister |
/// | `lfsr16`, `lfsr32` | | maximal-length shift registers |
/// | `switching` | `raw`, `von-neumann` (default), `xor2` to `xor32`; `c2c=V`, `drift=V`, `control=device` or `column` or `none` | stochastic switching; spread and drift per cycle replace the calibration's |
/// | `thermal` | `bits=1`…`16` (default 8) | two reads of one cell, their difference amplified and converted |
/// | `telegraph` | as the first of `switching` (default `raw`) | random telegraph noise |
/// | `biased` | `p=`, `lag=` | switching with a bias and a lag-1 correlation |
/// | `frozen` | | a table of 64 vectors |
/// | `file` | the path | recorded bits |
package struct NoiseSpecification: Equatable, Sendable {
  /// Which source, with its options.
  package enum Kind: Equatable, Sendable {
    case gaussian
    case uniform
    case shiftRegister(ShiftRegister.Width)
    case switching(SwitchingOptions)
    case thermal(bits: Int)
    case telegraph(BitCorrection)
    case biased(probability: Double, correlation: Double)
    case frozen
    case file(String)
  }

  package var kind: Kind

  package init(_ kind: Kind) { self.kind = kind }

  package static let gaussian = NoiseSpecification(.gaussian)

  /// The names, in the order of documentation.
  package static let names = [
    "gaussian", "uniform", "lfsr16", "lfsr32", "switching", "thermal", "telegraph", "biased",
    "frozen", "file",
  ]
}

/// Options of `switching`; nil leaves a number to the calibration.
package struct SwitchingOptions: Equatable, Sendable {
  package var correction = BitCorrection.vonNeumann
  /// Cycle-to-cycle standard deviation in volts.
  package var cycleSpread: Double?
  /// Drift of the thresholds in volts per cycle.
  package var drift: Double?
  package var control = AmplitudeControl.Scope.device

  package init() {}
}

extension NoiseSpecification: CustomStringConvertible {
  /// The text that parses to this source, with the options that differ from their defaults.
  package var description: String {
    switch kind {
    case .gaussian: "gaussian"
    case .uniform: "uniform"
    case .shiftRegister(let width): "lfsr\(width.rawValue)"
    case .switching(let options): Self.text("switching", options.words)
    case .thermal(let bits): Self.text("thermal", bits == 8 ? [] : ["bits=\(bits)"])
    case .telegraph(let correction):
      Self.text("telegraph", correction == .none ? [] : [correction.word])
    case .biased(let probability, let correlation):
      Self.text(
        "biased", ["p=\(probability)"] + (correlation == 0 ? [] : ["lag=\(correlation)"]))
    case .frozen: "frozen"
    case .file(let path): "file:\(path)"
    }
  }

  private static func text(_ name: String, _ options: [String]) -> String {
    options.isEmpty ? name : name + ":" + options.joined(separator: ",")
  }
}

extension SwitchingOptions {
  fileprivate var words: [String] {
    var words = correction == .vonNeumann ? [] : [correction.word]
    if let cycleSpread { words.append("c2c=\(cycleSpread)") }
    if let drift { words.append("drift=\(drift)") }
    if control != .device { words.append("control=\(control.rawValue)") }
    return words
  }
}
