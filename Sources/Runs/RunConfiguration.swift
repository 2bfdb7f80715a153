import Calibration
import Crossbars
public import Images
public import Networks

/// Everything that decides the results of a run: what `--dry-run` prints and a manifest stores.
///
/// Two runs with equal configurations, equal data and calibration files give the same bits.
public struct RunConfiguration: Equatable, Sendable {
  /// What training computes.
  public var plan = TrainingPlan()
  /// What training learns from.
  public var data = DataPlan()
  /// Name of a calibration, or the path of its file.
  public var calibration = "nili2020"
  /// Whether the device may be operated outside the range it was measured in.
  public var extrapolates = false
  /// How many fakes the metrics are computed on.
  public var evaluation = EvaluationPlan()
  /// The calibration's sets of wires, for looking one up; not part of what is printed.
  var wireSets: [WireSet] = []
  /// The calibration's pairing, for presets of networks to follow; not part of what is printed.
  var calibratedPairing = Pairing.twoSided

  /// The defaults; ``resolve(file:options:)`` puts the calibration's operating point in.
  public init() {}
}

/// Which images a run learns from.
public struct DataPlan: Equatable, Sendable {
  /// `synthetic`, or the absolute path of a folder with IDX files.
  public var source = ImageSource.synthetic
  /// Digits that are trained, and that the fakes are compared with.
  public var classes = ClassSelection.all
  /// Training images used, from the first on; zero is all.
  public var limit = 0

  /// All synthetic digits.
  public init() {}
}

/// How many generated images the metrics are computed on.
public struct EvaluationPlan: Equatable, Sendable {
  /// After every epoch but the last.
  public var epochFakes = 2000
  /// After the last epoch, and by `evaluate`.
  public var finalFakes = 10_000

  /// 2000 fakes after an epoch, 10 000 at the end.
  public init() {}
}
