import Failures
import Files
import FitResults
import Foundation
import Reports
import Statistics

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
    let scales = [("x", figure.isLogarithmicX), ("y", figure.isLogarithmicY)]
    let commands = """
      set xlabel \(Gnuplot.quoted(figure.xLabel)) noenhanced
      set ylabel \(Gnuplot.quoted(figure.yLabel)) noenhanced
      set format y '%.2g'
      \(scales.filter(\.1).map { "set logscale \($0.0)\n" }.joined())\
      plot '\(name)-data.txt' with points pt 7 ps 0.4 title 'data', \\
        '\(name)-fit.txt' with lines lw 2 title 'fit'
      """
    let drawing = try Figure(
      name: name, commands: commands,
      data: [
        ("\(name)-data.txt", lines(figure.points) + "\n"),
        ("\(name)-fit.txt", lines(figure.curve) + "\n"),
      ]
    ).draw(in: folder)
    guard !figure.points.isEmpty, !figure.curve.isEmpty else {
      return .failure("there is nothing to draw")
    }
    switch drawing {
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
    var body = "<h1>fit \(HTML.escaped(report.kind)): \(HTML.escaped(report.model))</h1>\n"
    body += HTML.table(
      header: ["parameter", "value", "95 % interval", "unit", "determined"],
      texts: report.parameters.map {
        [
          $0.name, NumberText.short($0.value, digits: 6),
          "\(NumberText.short($0.interval.lowerBound)) … "
            + NumberText.short($0.interval.upperBound), $0.unit, $0.isDetermined ? "yes" : "no",
        ]
      })
    body += HTML.table(
      header: ["correlation of", "and", "value"],
      texts: report.correlations.sorted { abs($0.value) > abs($1.value) }.map {
        [$0.first, $0.second, String(format: "%+.3f", $0.value)]
      })
    body += HTML.table(
      header: ["left out", "count", "of", "share"],
      texts: report.leftOut.filter { $0.count > 0 }.map {
        [
          "\($0.unit): \($0.rule)", "\($0.count)", "\($0.of)",
          String(format: "%.2g %%", 100 * $0.share),
        ]
      })
    for entry in report.distributions {
      body += HTML.table(
        header: [entry.name, "parameters", "AIC", "KS", "AD"],
        texts: entry.fits.map { fit in
          [
            fit.family.rawValue,
            zip(fit.family.parameterNames, fit.parameters).map {
              "\($0) \(NumberText.short($1))"
            }.joined(separator: ", "), NumberText.short(fit.aic, digits: 6),
            NumberText.short(fit.kolmogorovSmirnov), NumberText.short(fit.andersonDarling),
          ]
        })
    }
    body += HTML.table(
      header: ["figure of merit", "value"],
      texts: report.statistics.map { [$0.name, NumberText.short($0.value, digits: 6)] })
    body += "<ul>" + report.notes.map { "<li>\(HTML.escaped($0))</li>" }.joined() + "</ul>\n"
    for (figure, picture) in zip(report.figures, pictures) {
      body += "<h2>\(HTML.escaped(figure.title))</h2>\n"
      switch picture {
      case .svg(let text):
        body += text[(text.range(of: "<svg")?.lowerBound ?? text.startIndex)...] + "\n"
      case .failure(let cause):
        body +=
          "<p>No picture: \(HTML.escaped(cause)). The data and a script lie beside this page.</p>\n"
      }
    }
    return HTML.page(title: "fit \(report.kind)", body: body)
  }
}
