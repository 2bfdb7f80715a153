import Failures
import Files

/// How ln G of one programmed state varies over an array, from `[map]`: for the virtual laboratory
/// and for readers; training takes its variation from `[variation]` and the static model.
package struct SpatialVariation: Equatable, Sendable {
  /// Geometric mean, in siemens.
  package var meanConductance: Double
  /// Change of ln G per row and per column.
  package var rowGradient: Double
  package var columnGradient: Double
  /// Standard deviations of ln G between rows, between columns, and of the rest.
  package var rowSpread: Double
  package var columnSpread: Double
  package var residualSpread: Double
  /// Share of the residual variance that is correlated as exp(−d/length), 0 for none.
  package var correlatedShare: Double
  /// In cells.
  package var correlationLength: Double
  package var deadShare: Double
  package var stuckShare: Double

  package init(
    meanConductance: Double, rowGradient: Double = 0, columnGradient: Double = 0,
    rowSpread: Double = 0, columnSpread: Double = 0, residualSpread: Double = 0,
    correlatedShare: Double = 0, correlationLength: Double = 1, deadShare: Double = 0,
    stuckShare: Double = 0
  ) {
    self.meanConductance = meanConductance
    self.rowGradient = rowGradient
    self.columnGradient = columnGradient
    self.rowSpread = rowSpread
    self.columnSpread = columnSpread
    self.residualSpread = residualSpread
    self.correlatedShare = correlatedShare
    self.correlationLength = correlationLength
    self.deadShare = deadShare
    self.stuckShare = stuckShare
  }
}

extension SpatialVariation {
  /// Decodes `[map]`.
  init(reader: ParameterReader) throws(Failure) {
    self.init(
      meanConductance: try reader.number("mean_conductance", unit: "S"),
      rowGradient: try reader.number("row_gradient", unit: "1"),
      columnGradient: try reader.number("column_gradient", unit: "1"),
      rowSpread: try reader.number("row_spread", unit: "1"),
      columnSpread: try reader.number("column_spread", unit: "1"),
      residualSpread: try reader.number("residual_spread", unit: "1"),
      deadShare: try reader.number("dead_share", unit: "1"),
      stuckShare: try reader.number("stuck_share", unit: "1"))
    // The size of the measured array is for readers.
    _ = try reader.number("rows", unit: "1")
    _ = try reader.number("columns", unit: "1")
    if reader.section.contains("correlation_length") {
      correlatedShare = try reader.number("correlated_share", unit: "1")
      correlationLength = try reader.number("correlation_length", unit: "1")
      try reader.requirePositive("correlation_length", correlationLength)
    }
    try reader.requirePositive("mean_conductance", meanConductance)
    try reader.requirePositive("residual_spread", residualSpread)
  }
}
