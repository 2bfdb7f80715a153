import Failures
import Files
import Fitting
import Foundation
import Statistics
import Studies

/// A report that opens offline: one HTML page, and its figures as SVG where gnuplot is installed.
struct ReportFolder {
  private let report: FitReport

  init(_ report: FitReport) { self.report = report }

  /// Writes the page, and per figure its data, its gnuplot script and its picture.
  ///
  /// - Throws: ``Failure`` of kind `cannotCreate` or `inputOutput`.
  func write(to folder: String) throws(Failure) {
    try Self.create(folder)
    var pictures: [Picture] = []
    for (index, figure) in report.figures.enumerated() {
      pictures.append(try draw(figure, name: "figure-\(index + 1)", in: folder))
    }
    try AtomicFile.write(page(pictures), to: folder + "/index.html", links: .replaced)
  }

  /// Makes the folder, before anything else is written that a failure here would leave behind.
  static func create(_ folder: String) throws(Failure) {
    try OutputFolder.create(folder)
  }

  private enum Picture {
    case svg(String)
    case failure(String)
  }

  /// SVG text, or why there is none.
  private func draw(
    _ figure: FitFigure, name: String, in folder: String
  ) throws(Failure) -> Picture {
    func lines(_ points: [(x: Double, y: Double)]) -> String {
      points.map { "\($0.x) \($0.y)" }.joined(separator: "\n")
    }
    try AtomicFile.write(
      lines(figure.points) + "\n", to: "\(folder)/\(name)-data.txt", links: .replaced)
    try AtomicFile.write(
      lines(figure.curve) + "\n", to: "\(folder)/\(name)-fit.txt", links: .replaced)
    let script = """
      set terminal svg size 640,420 font "sans,12"
      set output "\(name).svg"
      set xlabel \(Gnuplot.quoted(figure.xLabel)) noenhanced
      set ylabel \(Gnuplot.quoted(figure.yLabel)) noenhanced
      set format y "%.2g"
      \(figure.isLogarithmicX ? "set logscale x" : "")
      \(figure.isLogarithmicY ? "set logscale y" : "")
      plot "\(name)-data.txt" with points pt 7 ps 0.4 title "data", \
      "\(name)-fit.txt" with lines lw 2 title "fit"
      """
    try AtomicFile.write(script + "\n", to: "\(folder)/\(name).gp", links: .replaced)
    guard !figure.points.isEmpty, !figure.curve.isEmpty else {
      return .failure("there is nothing to draw")
    }
    // The plotting program would write through a link.
    unlink("\(folder)/\(name).svg")
    switch Gnuplot.draw(script: "\(name).gp", in: folder) {
    case .missing: return .failure("gnuplot is not installed")
    case .failed(let cause): return .failure("gnuplot failed: \(cause)")
    case .done: break
    }
    guard let text = try? String(contentsOfFile: "\(folder)/\(name).svg", encoding: .utf8) else {
      return .failure("gnuplot has drawn nothing")
    }
    return .svg(text)
  }

  private func page(_ pictures: [Picture]) -> String {
    var body = "<h1>fit \(Self.escaped(report.kind)): \(Self.escaped(report.model))</h1>\n"
    body += table(
      ["parameter", "value", "95 % interval", "unit", "determined"],
      report.parameters.map {
        [
          $0.name, NumberText.short($0.value, digits: 6),
          "\(NumberText.short($0.interval.lowerBound)) … "
            + NumberText.short($0.interval.upperBound), $0.unit, $0.isDetermined ? "yes" : "no",
        ]
      })
    body += table(
      ["correlation of", "and", "value"],
      report.correlations.sorted { abs($0.value) > abs($1.value) }.map {
        [$0.first, $0.second, String(format: "%+.3f", $0.value)]
      })
    body += table(
      ["left out", "count", "of", "share"],
      report.leftOut.filter { $0.count > 0 }.map {
        [
          "\($0.unit): \($0.rule)", "\($0.count)", "\($0.of)",
          String(format: "%.2g %%", 100 * $0.share),
        ]
      })
    for entry in report.distributions {
      body += table(
        [entry.name, "parameters", "AIC", "KS", "AD"],
        entry.fits.map { fit in
          [
            fit.family.rawValue,
            zip(fit.family.parameterNames, fit.parameters).map {
              "\($0) \(NumberText.short($1))"
            }.joined(separator: ", "), NumberText.short(fit.aic, digits: 6),
            NumberText.short(fit.kolmogorovSmirnov), NumberText.short(fit.andersonDarling),
          ]
        })
    }
    body += table(
      ["figure of merit", "value"],
      report.statistics.map { [$0.name, NumberText.short($0.value, digits: 6)] })
    body += "<ul>" + report.notes.map { "<li>\(Self.escaped($0))</li>" }.joined() + "</ul>\n"
    for (figure, picture) in zip(report.figures, pictures) {
      body += "<h2>\(Self.escaped(figure.title))</h2>\n"
      switch picture {
      case .svg(let text):
        body += text[(text.range(of: "<svg")?.lowerBound ?? text.startIndex)...] + "\n"
      case .failure(let cause):
        body +=
          "<p>No picture: \(Self.escaped(cause)). The data and a script lie beside this page.</p>\n"
      }
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>fit \(Self.escaped(report.kind))</title>
      <style>body { font-family: sans-serif; max-width: 60em; margin: 2em auto }
      table { border-collapse: collapse; margin: 1em 0 }
      td, th { border: 1px solid #999; padding: 0.2em 0.6em; text-align: left }</style></head>
      <body>
      \(body)</body></html>

      """
  }

  private func table(_ header: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "" }
    func line(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(Self.escaped($0))</\(tag)>" }.joined() + "</tr>\n"
    }
    return "<table>\n" + line(header, "th") + rows.map { line($0, "td") }.joined() + "</table>\n"
  }

  private static func escaped(_ text: String) -> String {
    HTML.escaped(text)
  }
}
