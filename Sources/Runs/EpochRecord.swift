import ArrayOperations
import Crossbars
package import Evaluation
import Mathematics
package import Networks
package import Reports

/// What is known of an epoch: a row of `metrics.csv`.
package struct EpochRecord: Equatable, Sendable {
  /// From 1.
  package var epoch: Int
  /// Losses, ledger and wires of the training.
  package var summary: EpochSummary
  /// Fakes drawn after the epoch against the test images.
  package var metrics: ImageMetrics
  /// See ``PublishedAccuracy``; nil unless one class is trained.
  package var publishedAccuracy: Double?
  /// Training images per second of wall clock, evaluation and files included.
  package var imagesPerSecond: Double
}

extension EpochRecord {
  /// A column of `metrics.csv` and the key of the same name in JSON.
  struct Column: Sendable {
    let name: String
    let value: @Sendable (EpochRecord) -> JSON

    init(_ name: String, _ value: @escaping @Sendable (EpochRecord) -> JSON) {
      self.name = name
      self.value = value
    }
  }

  static let columns: [Column] =
    [
      Column("epoch") { .integer($0.epoch) },
      Column("generator_loss") { .number($0.summary.generatorLoss) },
      Column("discriminator_loss") { .number($0.summary.discriminatorLoss) },
      Column("d_real") { .number($0.summary.realProbability) },
      Column("d_fake") { .number($0.summary.fakeProbability) },
    ] + ImageMetrics.columns.map { column in Column(column.name) { column.value($0.metrics) } }
    + [Column("published_accuracy") { $0.publishedAccuracy.map(JSON.number) ?? .null }]
    + LedgerTable.energies.map { energy in
      Column(energy.name) { .number($0.summary.ledger[keyPath: energy.path]) }
    } + [
      Column("pulses") { .integer($0.summary.ledger.pulses) },
      Column("hardware_s") { .number($0.summary.ledger.seconds) },
      Column("images_per_s") { .number($0.imagesPerSecond) },
    ] + wireColumns + [publishedColumn]

  /// Null but for runs of the published procedure.
  private static let publishedColumn = Column(LedgerTable.published.name) {
    let energy = $0.summary.ledger.programPublished
    return energy > 0 ? .number(energy) : .null
  }

  /// What wires and half-selection did; null without wires.
  private static let wireColumns: [Column] = [
    Column("half_selections") { .integer($0.summary.ledger.halfSelections) },
    Column("disturb_S") { .number($0.summary.ledger.disturb) },
    Column("weak_pulses") { .integer($0.summary.ledger.weakPulses) },
    Column("tiles_solved") { .integer($0.summary.solvedTiles) },
    quantile("ir_drop_read_median", 0.5, \.readLoss),
    quantile("ir_drop_read_largest", 1, \.readLoss),
    quantile("ir_drop_write_median", 0.5, \.writeLoss),
    quantile("ir_drop_write_largest", 1, \.writeLoss),
    quantile("wire_read_error_largest", 1, \.read),
    quantile("wire_write_error_median", 0.5, \.write),
    quantile("wire_write_error_p99", 0.99, \.write),
  ]

  private static func quantile(
    _ name: String, _ share: Double, _ path: any KeyPath<WireErrors, [Double]> & Sendable
  ) -> Column {
    Column(name) { record in
      SortedSample(record.summary.wires[keyPath: path]).quantile(share).map { .number($0) } ?? .null
    }
  }

  /// The row's cells, in the order of ``columns``.
  var cells: [String] { MetricsFile.cells(Self.columns.map { $0.value(self) }) }

  /// The cells without the clock time, which alone differs between equal runs.
  var timelessCells: [String] {
    var timeless = self
    timeless.imagesPerSecond = .nan
    return timeless.cells
  }

  /// The row with its column names as keys.
  package var json: JSON { .object(Self.columns.map { JSON.Member($0.name, $0.value(self)) }) }
}

extension ImageMetrics {
  struct Column: Sendable {
    let name: String
    let value: @Sendable (ImageMetrics) -> JSON
  }

  static let columns = [
    Column(name: "frechet") { .number($0.frechet) },
    Column(name: "score") { .number($0.score) },
    Column(name: "precision") { .number($0.precision) },
    Column(name: "recall") { .number($0.recall) },
    Column(name: "density") { .number($0.density) },
    Column(name: "coverage") { .number($0.coverage) },
    Column(name: "classes_over_1pct") { .integer($0.classesOverOnePercent) },
    Column(name: "kl") { $0.kl.map(JSON.number) ?? .null },
  ]

  /// The metrics under the names that `metrics.csv` has for them, and the histogram.
  package var json: JSON {
    .object(
      [JSON.Member("images", .integer(count))]
        + Self.columns.map { JSON.Member($0.name, $0.value(self)) }
        + [JSON.Member("histogram", .list(histogram.map(JSON.integer)))])
  }
}
