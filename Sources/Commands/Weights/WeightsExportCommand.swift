import ArgumentParser
import Failures
import Files
import Foundation
import Mathematics
import Reports
import Runs

/// `weights export`: weights of a run in a file that PyTorch, NumPy or a spreadsheet reads.
struct WeightsExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write weights, conductances and references of a run, layer by layer.",
    discussion: """
      Weights are named and laid out as in PyTorch's state_dict of the same layers:
      generator.0.weight, generator.0.bias. They are what single reads without noise find.
      Conductances in siemens are generator.0.plus and .minus, those of references
      .reference-plus and .reference-minus, a row per word line, the bias line last.

      Example:
        crossbar-gan weights export --run runs/first --out W.safetensors
      """)

  enum Format: String, CaseIterable {
    case safetensors
    case npz
    case csv
  }

  @Option(name: .customLong("run"), help: ArgumentHelp("Folder of the run.", valueName: "DIR"))
  var folder: String

  @Option(help: ArgumentHelp("File to write.", valueName: "FILE.safetensors|.npz|.csv"))
  var out: String

  private var format: Format? { Format(rawValue: (out as NSString).pathExtension) }

  func validate() throws {
    guard format != nil else {
      throw ValidationError("--out \(out) ends in none of .safetensors, .npz and .csv.")
    }
  }

  func run() throws {
    let workers = Workers(count: ProcessInfo.processInfo.activeProcessorCount)
    let saved = try SavedRun(RunDirectory(folder), workers: workers)
    let tensors = try saved.tensors
    switch format {
    case .npz: try NumpyArchive.write(tensors, to: out)
    case .csv: try AtomicFile.write(Self.text(of: tensors), to: out)
    default:
      try SafetensorsFile.write(
        tensors,
        metadata: [
          ("program", "crossbar-gan \(Versions.program)"),
          ("epochs", String(saved.completedEpochs)),
          ("configuration", saved.configuration.toml),
        ], to: out)
    }
  }

  /// A line per element: array, indices from 0, number.
  private static func text(of tensors: [Tensor]) -> String {
    var lines = ["array,index,value"]
    for tensor in tensors {
      var index = [Int](repeating: 0, count: tensor.shape.count)
      for value in tensor.values {
        lines.append(
          CSV.row([tensor.name, index.map(String.init).joined(separator: " "), "\(value)"]))
        var dimension = index.count - 1
        while dimension >= 0 {
          index[dimension] += 1
          if index[dimension] < tensor.shape[dimension] { break }
          index[dimension] = 0
          dimension -= 1
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
