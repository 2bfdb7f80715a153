/// Table II of the AM-DCGAN poster as printed, held against the formulas.
package enum PrintedTable {
  /// How a printed number relates to the computed one.
  package enum Verdict: String, Sendable {
    /// The computed number, rounded as printed.
    case reproduced
    /// The computed number with its last digits cut off.
    case truncated
    /// Off by less than 0.02 %, unexplained.
    case close
    /// Not what its own formula and neighbours give.
    case misprint
  }

  /// One cell.
  package struct Cell: Equatable, Sendable {
    /// Row of the table.
    package var scheme: UpdateScheme
    /// `power_on_W`, `power_off_W`, or `time_s` at a write duration.
    package var quantity: String
    /// As printed, in SI units.
    package var printed: Double
    /// Decimals after the leading digits that the print has, as a unit of the last place.
    package var lastPlace: Double
    /// By the formula.
    package var computed: Double

    /// How the two relate.
    package var verdict: Verdict {
      if abs(computed - printed) <= 0.5000001 * lastPlace { return .reproduced }
      if computed > printed, computed - printed < lastPlace { return .truncated }
      return abs(computed / printed - 1) < 2e-4 ? .close : .misprint
    }
  }

  private struct Row {
    var scheme: UpdateScheme
    var power: [(value: Double, place: Double)]
    var time: (value: Double, place: Double)
  }

  private static let rows: [Row] = [
    Row(scheme: .sequential, power: [(0.00150, 1e-5), (0.00024, 1e-5)], time: (19e5, 1e5)),
    Row(scheme: .columnParallel, power: [(0.48800, 1e-5), (0.07808, 1e-5)], time: (23.552, 1e-3)),
    Row(scheme: .fourCycles, power: [(17.2, 0.1), (2.8, 0.1)], time: (0.72, 0.01)),
    Row(scheme: .twoCycles, power: [(35.4, 0.1), (5.6, 0.1)], time: (0.36, 0.01)),
  ]

  /// All 20 cells: two powers and the times at 10, 100 and 1000 ns of four rows.
  package static var cells: [Cell] {
    rows.flatMap { row -> [Cell] in
      let cost = UpdateTask.poster.cost(row.scheme)
      let powers = zip(
        ["power_on_W", "power_off_W"], zip(row.power, [cost.power.on, cost.power.off])
      ).map { name, cell in
        Cell(
          scheme: row.scheme, quantity: name, printed: cell.0.value, lastPlace: cell.0.place,
          computed: cell.1)
      }
      let times = cost.times.enumerated().map { index, time in
        let scale = [1.0, 10, 100][index]
        return Cell(
          scheme: row.scheme, quantity: "time_\(Int(10 * scale))ns_s",
          printed: row.time.value * scale, lastPlace: row.time.place * scale, computed: time)
      }
      return powers + times
    }
  }

  /// Power and area printed for two filters of 3 × 3: watts and square metres.
  package static let smallNetwork = (power: 7.0, area: 0.188e-6)
}
