import Files
import Foundation
import Reports
import Runs

/// The page of a report: HTML with nothing to load from elsewhere.
struct ReportPage {
  let report: StudyReport
  /// Sample sheets by condition number.
  let sheets: [Int: String]
  let images: [StudyPlots.Image]
  let plotNotice: String?

  /// Quantities on the page, where the study has them; the CSV files have all.
  private static let shownQuality = [
    "published_accuracy", "frechet", "score", "precision", "recall", "coverage",
    "classes_over_1pct", "kl",
  ]
  private static let shownComparisons = ["published_accuracy", "frechet", "recall", "coverage"]

  private var table: ConditionTable { report.table }

  var html: String {
    let name = HTML.escaped(report.grid.name)
    let body = """
      <h1>\(name)</h1>
      <p>\(HTML.escaped(report.grid.summary))</p>
      \(state)
      <h2>Quality</h2>
      \(qualityTable)
      <h2>Energy</h2>
      \(energyTable)
      <h2>Quality against energy</h2>
      \(front)
      \(plots)
      <h2>Differences</h2>
      \(comparisons)
      <h2>Samples</h2>
      <div class="sheets">\(samples)</div>
      <h2>Where the numbers come from</h2>
      \(origin)
      """
    return HTML.page(title: report.grid.name, body: body)
  }
}

// MARK: - Sections

extension ReportPage {
  private var state: String {
    let finished = report.records.filter { $0.status == .finished }
    let failed = report.records.filter { $0.status == .failed }
    var lines = ["<p>\(finished.count) of \(report.records.count) runs are finished."]
    if finished.count < report.records.count { lines.append("The report is of a part.") }
    let diverged = finished.filter { $0.divergedEpoch != nil }.count
    if diverged > 0 { lines.append("\(diverged) diverged; their values count where finite.") }
    lines.append("</p>")
    if !failed.isEmpty {
      lines.append("<p>Failed:</p><ul>")
      for record in failed {
        let text = "\(record.point.id) (\(record.point.title)): \(record.message ?? "unknown")"
        lines.append("<li>\(HTML.escaped(text))</li>")
      }
      lines.append("</ul>")
    }
    return lines.joined(separator: "\n")
  }

  private var qualityTable: String {
    let shown = Self.shownQuality.filter(table.quantities.contains)
    return conditionsTable(shown, titles: shown)
      + "<p class=\"dim\">Mean ± half the 95 % interval of the mean over the finished runs"
      + " (Student's t); runs finished of planned. Other quantities: conditions.csv.</p>"
  }

  private var energyTable: String {
    let energies = table.quantities.filter { $0.hasPrefix("energy_") }
    let phases = energies.filter { $0 != "energy_total_J" }
    let counts = ["pulses", "writes", "noise_bits", "noise_cycles", "hardware_s"]
      .filter(table.quantities.contains)
    let shown = energies.filter { $0 == "energy_total_J" } + phases + counts
    let titles = shown.map {
      $0.hasPrefix("energy_")
        ? $0.dropFirst("energy_".count).replacingOccurrences(of: "_J", with: ", J") : $0
    }
    return conditionsTable(shown, titles: titles)
      + "<p class=\"dim\">Of a whole run, initial weights included. A periphery of zero means that"
      + " neither calibration nor configuration says what it costs.</p>"
  }

  private func conditionsTable(_ quantities: [String], titles: [String]) -> String {
    let rows = table.conditions.map { condition in
      [HTML.cell(String(condition.number), isNumber: true)]
        + condition.labels.map { HTML.cell($0.value) }
        + [HTML.cell("\(condition.runs.count)/\(condition.planned)", isNumber: true)]
        + quantities.map {
          HTML.cell(condition.summary($0).map(HTML.interval) ?? "", isNumber: true)
        }
    }
    let axes = table.conditions.first?.labels.map(\.axis) ?? []
    return HTML.table(header: ["#"] + axes + ["runs"] + titles, rows: rows)
  }

  private var front: String {
    let front = table.paretoFront
    guard !front.isEmpty else { return "<p>No condition has both.</p>" }
    let names = front.map { HTML.escaped("\($0.number) (\($0.title))") }
    return "<p>By rising energy, the conditions that no other beats in both means:"
      + " \(names.joined(separator: "; ")).</p>"
  }

  private var plots: String {
    let figures = images.map { image in
      """
      <figure class="plot"><img src="plots/\(HTML.escaped(image.name)).svg" alt="\(HTML.escaped(image.caption))">
      <figcaption>\(HTML.escaped(image.caption))</figcaption></figure>
      """
    }
    let notice = plotNotice.map { "<p>\(HTML.escaped($0)).</p>" } ?? ""
    return figures.joined(separator: "\n") + notice
  }

  private var comparisons: String {
    let shown = Self.shownComparisons.filter { quantity in
      report.comparisons.contains { $0.quantity == quantity }
    }
    guard !shown.isEmpty else {
      return "<p>No two conditions that differ on one axis share two finished seeds.</p>"
    }
    let tables = shown.map { quantity in
      let rows = report.comparisons.filter { $0.quantity == quantity }.map { comparison in
        [
          HTML.cell("\(comparison.first.number) → \(comparison.second.number)"),
          HTML.cell(
            "\(comparison.axis): \(Self.value(comparison.first, comparison.axis))"
              + " → \(Self.value(comparison.second, comparison.axis))"),
          HTML.cell(String(comparison.test.difference.count), isNumber: true),
          HTML.cell(HTML.interval(comparison.test.difference), isNumber: true),
          HTML.cell(NumberText.short(comparison.test.p), isNumber: true),
          HTML.cell(NumberText.short(comparison.adjusted), isNumber: true),
          HTML.cell(comparison.isSignificant ? "differs" : "below seed noise"),
        ]
      }
      let header = ["conditions", "change", "pairs", "difference", "p", "p, Holm", "at 5 %"]
      return "<h3>\(HTML.escaped(quantity))</h3>" + HTML.table(header: header, rows: rows)
    }
    return
      "<p class=\"dim\">Student's paired test on shared seeds between conditions that differ on one"
      + " axis; Holm's adjustment over all rows of a table. Other quantities: comparisons.csv.</p>"
      + tables.joined(separator: "\n")
  }

  private static func value(_ condition: ConditionTable.Condition, _ axis: String) -> String {
    condition.labels.first { $0.axis == axis }?.value ?? ""
  }

  private var samples: String {
    table.conditions.compactMap { condition in
      sheets[condition.number].map { sheet in
        let title = HTML.escaped("\(condition.number): \(condition.title)")
        let run = condition.runs.first.map { StudyPoint.title($0.point.replicate) } ?? ""
        return """
          <figure><img src="\(HTML.escaped(sheet))" alt="\(title)">
          <figcaption>\(title) <span class="dim">\(HTML.escaped(run))</span></figcaption></figure>
          """
      }
    }.joined(separator: "\n")
  }
}

// MARK: - Origin

extension ReportPage {
  private var origin: String {
    let finished = report.records.filter { $0.status == .finished }
    var rows: [(String, String)] = [("study file, SHA-256", report.grid.sha256)]
    rows += Self.distinct("versions", finished.map(\.versions.line))
    for hash in ["calibration_sha256", "training_images_sha256", "test_images_sha256"] {
      rows += Self.distinct(hash, finished.compactMap { $0.hashes[hash]?.text })
    }
    let machine = (try? Data(contentsOf: URL(fileURLWithPath: report.folder.machine)))
      .flatMap { JSON(parsing: $0) }
    if let machine { rows.append(("machine of the last study run", machine.line)) }
    rows.append(("first start", finished.compactMap(\.start).min() ?? ""))
    rows.append(("last end", finished.compactMap(\.end).max() ?? ""))
    rows.append(("report by version", Versions.program))
    return HTML.table(
      header: ["what", "value"],
      rows: rows.map { [HTML.cell($0.0), "<td><code>\(HTML.escaped($0.1))</code></td>"] })
      + "<p class=\"dim\">Every run's directory has its own manifest; runs.csv has their names.</p>"
  }

  /// One row per value that occurs, with how often when there are several.
  private static func distinct(_ title: String, _ values: [String]) -> [(String, String)] {
    let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.sorted { $0.key < $1.key }.map { value, count in
      (counts.count > 1 ? "\(title) (\(count) runs)" : title, value)
    }
  }
}

extension HTML {
  /// `12.34 ± 0.56`.
  static func interval(_ summary: SampleSummary) -> String {
    guard let halfWidth = summary.halfWidth else { return NumberText.short(summary.mean) }
    return "\(NumberText.short(summary.mean)) ± \(NumberText.short(halfWidth, digits: 2))"
  }
}
