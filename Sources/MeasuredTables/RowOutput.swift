import Failures

/// Rows on their way to a fit: what can be derived is filled in, and the series of a wide table stay
/// together.
struct RowOutput {
  var report: ReadReport
  /// The row that is being read, by ``MeasuredQuantity/index``.
  var values = [Double](repeating: .nan, count: MeasuredQuantity.count)
  /// Conductances to be made of resistances, or of currents and voltages, where they are not given.
  private let derived: [MeasuredQuantity]
  /// Rows of the second and later series of a wide table, which follow the first one's.
  private var held: [[Double]] = []

  init(report: ReadReport, deriving derived: Set<MeasuredQuantity>) {
    self.report = report
    self.derived = MeasuredQuantity.allCases.filter { derived.contains($0) }
  }

  /// Quantities that are given once what is asked for has been derived.
  mutating func noteDerived() {
    let given = report.quantities
    for quantity in derived where !given.contains(quantity) {
      guard let substitutes = quantity.substitutes else { continue }
      if given.contains(substitutes.resistance)
        || given.contains(substitutes.current)
          && (given.contains(.readVoltage) || quantity == .conductance && given.contains(.voltage))
      {
        report.quantities.insert(quantity)
      }
    }
  }

  /// Hands the row on, or keeps it when it belongs to a later series.
  mutating func emit(
    series: Int, isHeld: Bool, at place: () -> String,
    _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    for quantity in derived where values[quantity.index].isNaN {
      guard let value = derivedValue(quantity) else { continue }
      guard value.isFinite else {
        report.note("\(quantity.rawValue) cannot be had: no voltage or no resistance", at: place())
        values[quantity.index] = .nan
        return
      }
      values[quantity.index] = value
    }
    report.rows += 1
    if isHeld, series > 0 {
      while held.count < series { held.append([]) }
      held[series - 1] += values
    } else {
      try hand(values, 0, body)
    }
    for quantity in derived { values[quantity.index] = .nan }
  }

  /// 1/R or I/V; nil where the row has neither.
  private func derivedValue(_ quantity: MeasuredQuantity) -> Double? {
    guard let substitutes = quantity.substitutes else { return nil }
    let resistance = values[substitutes.resistance.index]
    if !resistance.isNaN { return 1 / resistance }
    let current = values[substitutes.current.index]
    guard !current.isNaN else { return nil }
    let read = values[MeasuredQuantity.readVoltage.index]
    let voltage =
      read.isNaN && quantity == .conductance ? values[MeasuredQuantity.voltage.index] : read
    return voltage.isNaN ? nil : current / voltage
  }

  /// Hands on what was kept, series by series.
  mutating func flush(_ body: (MeasuredRow) throws(Failure) -> Void) throws(Failure) {
    for rows in held {
      for first in stride(from: 0, to: rows.count, by: MeasuredQuantity.count) {
        try hand(rows, first, body)
      }
    }
    held.removeAll()
  }

  private func hand(
    _ rows: [Double], _ first: Int, _ body: (MeasuredRow) throws(Failure) -> Void
  ) throws(Failure) {
    var trouble: Failure?
    rows.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(Failure) { try body(MeasuredRow(values: base + first)) } catch { trouble = error }
    }
    if let trouble { throw trouble }
  }

  mutating func note(_ trouble: String, at place: String) { report.note(trouble, at: place) }
}
