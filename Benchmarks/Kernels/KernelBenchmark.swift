import Calibration
import Crossbars
import Devices
import Failures
import Foundation
import Mathematics

/// Times the kernels of a training step beside plain matrix products of the same sizes.
///
/// Every round runs every entry once, so that a machine that slows down slows all of them; medians
/// over the rounds are printed, and their ratio to the plain product.
@main
struct KernelBenchmark {
  static func main() {
    do {
      let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200
      let nili = try Calibration.load("nili2020").device(interpolated: true)
      let ideal = try Calibration.load("ideal").device(interpolated: true)
      print(MatrixProduct.library)
      for shape in [LayerShape(785, 128, 128), LayerShape(129, 784, 64)] {
        LayerBenchmark(shape, nili: nili, ideal: ideal).run(rounds: rounds)
      }
      FillBenchmark(count: 784 * 128).run(rounds: rounds)
    } catch {
      FileHandle.standardError.write(Data("kernels: \(error)\n".utf8))
      exit(error.kind.rawValue)
    }
  }
}

/// Sizes of a layer's array and of its batch.
struct LayerShape {
  let wordLines: Int
  let outputs: Int
  let batch: Int

  init(_ wordLines: Int, _ outputs: Int, _ batch: Int) {
    (self.wordLines, self.outputs, self.batch) = (wordLines, outputs, batch)
  }
}
