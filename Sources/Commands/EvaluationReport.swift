import Evaluation
import Failures
import Files
import Images
import Mathematics
import Reports
import Runs

/// Metrics of a set of images beside the anchors of the data set.
struct EvaluationReport {
  private let source: String
  private let plan: DataPlan
  private let metrics: ImageMetrics
  private let publishedAccuracy: Double?
  private let classifierAccuracy: Double
  private let anchors: JSON

  init(
    _ pixels: [UInt8], source: String, plan: DataPlan, workers: Workers
  ) throws(Failure) {
    self.source = source
    self.plan = plan
    let data = try RunData(plan, workers: workers)
    let evaluator = try data.evaluator(
      expecting: [pixels.count / Classifier.pixelsPerImage], workers: workers
    ) { Console.error("crossbar-gan: \($0)") }
    let judgement = evaluator.classifier.judge(pixels, workers: workers)
    metrics = try evaluator.metrics(of: judgement)
    var published = PublishedAccuracy(classes: plan.classes.classes.map(Int.init))
    published.record(judgement.probabilities)
    publishedAccuracy = published.value
    classifierAccuracy = evaluator.classifier.testAccuracy
    anchors = try data.anchors(of: evaluator, count: EvaluationPlan().finalFakes)
  }

  /// The metrics under the keys of `metrics.csv`, then what they are to be read by.
  var json: JSON {
    guard case .object(let members) = metrics.json else { return .null }
    return .object(
      [.init("source", .text(source)), .init("data", .text(plan.source))]
        + [.init("classes", .text(plan.classes.description))] + members
        + [
          .init("published_accuracy", publishedAccuracy.map(JSON.number) ?? .null),
          .init("classifier_accuracy", .number(classifierAccuracy)), .init("anchors", anchors),
        ])
  }

  /// A table for people.
  var lines: [String] {
    let percent = NumberText.fixed(100 * classifierAccuracy, decimals: 2)
    var lines = [
      "\(source): \(metrics.count) images against \(plan.source), classes \(plan.classes)",
      "classifier: \(percent) % of the test images",
      "",
    ]
    lines +=
      MetricsText.table(
        [("images", metrics.json)] + MetricsText.anchorRows(anchors)
      ).lines
    lines += ["", "images per class: \(metrics.histogram.map(String.init).joined(separator: " "))"]
    if let publishedAccuracy {
      lines.append("published accuracy: \(NumberText.short(publishedAccuracy))")
    }
    return lines
  }
}

/// Metrics as rows of a table.
enum MetricsText {
  private static let columns = [
    ("Fréchet", "frechet"), ("score", "score"), ("precision", "precision"), ("recall", "recall"),
    ("density", "density"), ("coverage", "coverage"), ("classes", "classes_over_1pct"),
    ("KL", "kl"),
  ]

  /// A table of named sets of metrics, each under the keys of `metrics.csv`.
  static func table(_ rows: [(name: String, metrics: JSON)]) -> AlignedTable {
    var table = AlignedTable(header: [""] + columns.map(\.0))
    for row in rows {
      table.append(
        [row.name]
          + columns.map { row.metrics[$0.1]?.number.map { NumberText.short($0) } ?? "" })
    }
    return table
  }

  /// The two ends of the scale.
  static func anchorRows(_ anchors: JSON) -> [(name: String, metrics: JSON)] {
    [
      ("real against real", anchors["real"] ?? .null),
      ("one repeated image", anchors["repeated"] ?? .null),
    ]
  }
}
