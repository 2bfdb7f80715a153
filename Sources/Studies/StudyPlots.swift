import Failures
import Foundation
import Reports

/// The plots of a report, drawn by gnuplot; scripts and data stay beside the images.
struct StudyPlots {
  let table: ConditionTable

  /// An image of the report.
  struct Image: Equatable {
    let name: String
    let caption: String
  }

  /// Writes scripts and data and draws what gnuplot can.
  ///
  /// - Returns: the images that are there, and why others are not.
  func write(to path: String) throws(Failure) -> (images: [Image], notice: String?) {
    let plots = [pareto, energy, epochs].compactMap { $0 }
    var images: [Image] = []
    var notice: String?
    for plot in plots {
      let name = plot.image.name
      let figure = Figure(
        name: name, commands: plot.commands, data: [("\(name).dat", plot.data)])
      switch try figure.draw(in: path) {
      case .done: images.append(plot.image)
      case .missing: notice = "gnuplot is not installed: the report has scripts and data, no plots"
      case .failed(let message): notice = "gnuplot could not draw \(name): \(message)"
      }
    }
    return (images, notice)
  }

  private struct Plot {
    let image: Image
    let commands: String
    let data: String
  }
}

// MARK: - The plots

extension StudyPlots {
  /// Quality against energy with intervals; the front that no condition beats is a line.
  private var pareto: Plot? {
    var points = ""
    var energies: [Double] = []
    for condition in table.conditions {
      guard let energy = condition.summary("energy_total_J"),
        let frechet = condition.summary("frechet")
      else { continue }
      energies += [energy.mean - (energy.halfWidth ?? 0), energy.mean + (energy.halfWidth ?? 0)]
      points +=
        "\(energy.mean) \(frechet.mean) \(energy.halfWidth ?? 0) \(frechet.halfWidth ?? 0)"
        + " \(condition.number)\n"
    }
    guard !points.isEmpty else { return nil }
    let front = table.paretoFront.compactMap { condition -> String? in
      guard let energy = condition.summary("energy_total_J"),
        let frechet = condition.summary("frechet")
      else { return nil }
      return "\(energy.mean) \(frechet.mean)\n"
    }
    let (least, most) = (energies.min() ?? 0, energies.max() ?? 0)
    let spansDecade = least > 0 && most > 10 * least
    let commands = """
      \(spansDecade ? "set logscale x" : "")
      set autoscale xfix
      set yrange [0:*]
      set format x '%g'
      set xlabel 'energy of the run, J'
      set ylabel 'Fréchet distance'
      set key off
      set offsets graph 0.08, graph 0.08, graph 0.08, graph 0.08
      plot 'pareto.dat' index 1 using 1:2 with lines lc rgb '#999999', \\
        'pareto.dat' index 0 using 1:2:3:4 with xyerrorbars pt 7 ps 0.6 lc rgb '#1f5f9f', \\
        'pareto.dat' index 0 using 1:2:5 with labels offset 1,0.7 font ',11'

      """
    return Plot(
      image: Image(
        name: "pareto",
        caption: "Fréchet distance against energy: means with 95 % intervals, numbered as in the"
          + " table; the line joins conditions that no other beats in both."),
      commands: commands, data: points + "\n\n" + front.joined())
  }

  /// Energy split by phase, stacked.
  private var energy: Plot? {
    let phases = table.quantities.filter {
      $0.hasPrefix("energy_") && $0 != "energy_total_J"
    }
    let measured = table.conditions.filter { !$0.runs.isEmpty }
    let names = phases.filter { phase in measured.contains { ($0.summary(phase)?.mean ?? 0) > 0 } }
    guard !names.isEmpty else { return nil }
    let header = "condition " + names.map(Self.phaseTitle).joined(separator: " ")
    let rows = measured.map { condition in
      "\(condition.number) "
        + names.map { "\(condition.summary($0)?.mean ?? 0)" }.joined(separator: " ")
    }
    let commands = """
      set style data histograms
      set style histogram rowstacked
      set style fill solid 0.85 border -1
      set boxwidth 0.7
      set xlabel 'condition'
      set ylabel 'energy of the run, J'
      set yrange [0:*]
      plot for [column=2:\(names.count + 1)] 'energy.dat' using column:xtic(1) \\
        title columnheader(column)

      """
    return Plot(
      image: Image(name: "energy", caption: "Energy of a run by phase, mean over the seeds."),
      commands: commands, data: ([header] + rows).joined(separator: "\n") + "\n")
  }

  /// `energy_program_half_J` as a word without spaces.
  private static func phaseTitle(_ name: String) -> String {
    // The names come from the runs' files: nothing but letters, digits and hyphens is drawn.
    String(name.dropFirst("energy_".count)).replacingOccurrences(of: "_J", with: "")
      .replacingOccurrences(of: "_", with: "-")
      .filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
  }

  /// Fréchet distance by epoch, a line per condition.
  private var epochs: Plot? {
    var blocks: [String] = []
    var numbers: [Int] = []
    for condition in table.conditions where !condition.runs.isEmpty {
      let last = condition.runs.map(\.completedEpochs).max() ?? 0
      let lines = (0..<last).compactMap { epoch -> String? in
        let values = condition.runs.compactMap { run -> Double? in
          guard let column = run.columns.firstIndex(of: "frechet"), epoch < run.rows.count else {
            return nil
          }
          return run.rows[epoch][column].flatMap { $0.isFinite ? $0 : nil }
        }
        return SampleSummary(values).map { "\(epoch + 1) \($0.mean)" }
      }
      guard !lines.isEmpty else { continue }
      blocks.append(lines.joined(separator: "\n"))
      numbers.append(condition.number)
    }
    guard !blocks.isEmpty else { return nil }
    let series = numbers.enumerated().map { index, number in
      "'epochs.dat' index \(index) using 1:2 with linespoints pt 7 ps 0.3 title \(Gnuplot.quoted(String(number)))"
    }
    let commands = """
      set xlabel 'epoch'
      set xrange [1:*]
      set ylabel 'Fréchet distance'
      set logscale y
      plot \(series.joined(separator: ", \\\n  "))

      """
    return Plot(
      image: Image(name: "epochs", caption: "Fréchet distance by epoch, mean over the seeds."),
      commands: commands, data: blocks.joined(separator: "\n\n\n") + "\n")
  }
}
