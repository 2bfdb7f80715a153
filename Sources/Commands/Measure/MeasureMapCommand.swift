import ArgumentParser
import Calibration
import Failures
import Foundation
import VirtualLaboratory

/// `measure map`: every cell of an array once.
struct MeasureMapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Read every cell of an array that varies by row, column and place.",
    discussion: """
      Spreads are standard deviations of ln G, gradients its change per cell. What is not given
      comes from the calibration's [map], as fit map writes it, else is zero; the mean is the centre
      of the static range.

      Example:
        crossbar-gan measure map --rows 64 --columns 64 --residual-spread 0.1 --row-spread 0.05 \
      --correlated-share 0.5 --correlation-length 4 --out map.csv
      """)

  @Option(help: ArgumentHelp("Name of a calibration, or its file.", valueName: "NAME|FILE"))
  var calibration = "nili2020"

  @Option(help: ArgumentHelp("Rows of the array.", valueName: "N"))
  var rows = 64

  @Option(help: ArgumentHelp("Columns of the array.", valueName: "N"))
  var columns = 64

  @Option(help: ArgumentHelp("Geometric mean of the conductance, S.", valueName: "S"))
  var conductance: FiniteNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Change of ln G per row.", valueName: "X"))
  var rowGradient: FiniteNumber?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Change of ln G per column.", valueName: "X"))
  var columnGradient: FiniteNumber?

  @Option(help: ArgumentHelp("Spread of ln G between rows.", valueName: "X"))
  var rowSpread: FiniteNumber?

  @Option(help: ArgumentHelp("Spread of ln G between columns.", valueName: "X"))
  var columnSpread: FiniteNumber?

  @Option(help: ArgumentHelp("Spread of ln G of the rest; 0.1 unless known.", valueName: "X"))
  var residualSpread: FiniteNumber?

  @Option(
    help: ArgumentHelp("Share of the residual's variance that is correlated.", valueName: "X"))
  var correlatedShare: FiniteNumber?

  @Option(help: ArgumentHelp("Correlation length in cells.", valueName: "X"))
  var correlationLength: FiniteNumber?

  @Option(help: ArgumentHelp("Share of dead cells.", valueName: "X"))
  var dead: FiniteNumber?

  @Option(help: ArgumentHelp("Share of stuck cells.", valueName: "X"))
  var stuck: FiniteNumber?

  @Option(help: ArgumentHelp("Noise of a reading relative to it.", valueName: "X"))
  var noise = FiniteNumber(1e-3)

  @Option(help: ArgumentHelp("Table to write.", valueName: "FILE.csv"))
  var out: String

  @OptionGroup var layout: MeasureLayout

  @Option(help: ArgumentHelp("Seed of everything drawn.", valueName: "S"))
  var seed = 0

  func validate() throws {
    guard (1...2048).contains(rows), (1...2048).contains(columns), seed >= 0 else {
      throw ValidationError("--rows and --columns are 1 to 2048, --seed at least 0.")
    }
    let amounts = [rowSpread, columnSpread, residualSpread, noise]
    guard amounts.allSatisfy({ $0?.value ?? 0 >= 0 }), conductance?.value ?? 1 > 0,
      correlationLength?.value ?? 1 > 0
    else {
      throw ValidationError(
        "spreads and --noise are not negative, --conductance and --correlation-length positive.")
    }
    let shares = [correlatedShare, dead, stuck].map { $0?.value ?? 0 }
    guard shares.allSatisfy({ (0...1).contains($0) }), shares[1] + shares[2] <= 1 else {
      throw ValidationError("shares are between 0 and 1, and so is the sum of dead and stuck.")
    }
  }

  func run() throws {
    let calibration = try Calibration.loadWithNotices(self.calibration)
    let range = StaticMeasurement(device: calibration.device).range
    let middle = (range.lowerBound * range.upperBound).squareRoot()
    var variation =
      calibration.spatialVariation
      ?? SpatialVariation(meanConductance: middle, residualSpread: 0.1)
    func take(_ option: FiniteNumber?, _ field: WritableKeyPath<SpatialVariation, Double>) {
      if let option { variation[keyPath: field] = option.value }
    }
    take(conductance, \.meanConductance)
    take(rowGradient, \.rowGradient)
    take(columnGradient, \.columnGradient)
    take(rowSpread, \.rowSpread)
    take(columnSpread, \.columnSpread)
    take(residualSpread, \.residualSpread)
    take(correlatedShare, \.correlatedShare)
    take(correlationLength, \.correlationLength)
    take(dead, \.deadShare)
    take(stuck, \.stuckShare)
    var measurement = MapMeasurement(variation: variation)
    measurement.rows = rows
    measurement.columns = columns
    measurement.noise = noise.value
    measurement.seed = UInt64(seed)
    try measurement.write(to: out, as: layout.chosen)
  }
}
