import Calibration
package import Images
package import Networks

/// Everything that decides the results of a run: what `--dry-run` prints and a manifest stores.
///
/// Two runs with equal configurations, equal data and calibration files give the same bits.
package struct RunConfiguration: Equatable, Sendable {
  /// What training computes.
  package var plan = TrainingPlan()
  /// What training learns from.
  package var data = DataPlan()
  /// Name of a calibration, or the path of its file.
  package var calibration = "nili2020"
  /// Whether the device may be operated outside the range it was measured in.
  package var extrapolates = false
  /// How many fakes the metrics are computed on.
  package var evaluation = EvaluationPlan()
  /// The calibration's sets of wires, for looking one up; not part of what is printed.
  var wireSets: [WireSet] = []

  /// The defaults; ``resolve(file:options:)`` puts the calibration's operating point in.
  package init() {}
}

/// Which images a run learns from.
package struct DataPlan: Equatable, Sendable {
  /// `synthetic`, or the absolute path of a folder with IDX files.
  package var source = ImageSource.synthetic
  /// Digits that are trained, and that the fakes are compared with.
  package var classes = ClassSelection.all
  /// Training images used, from the first on; zero is all.
  package var limit = 0

  /// All synthetic digits.
  package init() {}
}

/// How many generated images the metrics are computed on.
package struct EvaluationPlan: Equatable, Sendable {
  /// After every epoch but the last.
  package var epochFakes = 2000
  /// After the last epoch, and by `evaluate`.
  package var finalFakes = 10_000

  /// 2000 fakes after an epoch, 10 000 at the end.
  package init() {}
}
