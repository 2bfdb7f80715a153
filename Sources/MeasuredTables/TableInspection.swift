package import Failures

/// What a set of files holds: the answer of `fit inspect`.
package struct TableInspection: Sendable {
  /// Range of one quantity.
  package struct Range: Sendable {
    package var quantity: MeasuredQuantity
    package var lowest: Double
    package var highest: Double
    package var isConstant: Bool { lowest == highest }
  }

  package var report: ReadReport
  package var ranges: [Range]
  /// Runs of voltage in one direction of one device, cycle and operation.
  package var sweeps: Int
  private let watch: InspectionWatch

  /// Reads all rows once.
  package init(_ reader: TableReader) throws(Failure) {
    var lowest = [Double](repeating: .infinity, count: MeasuredQuantity.count)
    var highest = [Double](repeating: -.infinity, count: MeasuredQuantity.count)
    var sweeps = SweepCounter()
    var watch = InspectionWatch()
    report = try reader.readRows { row in
      for place in 0..<MeasuredQuantity.count {
        let value = row.values[place]
        if value < lowest[place] { lowest[place] = value }
        if value > highest[place] { highest[place] = value }
      }
      sweeps.take(row)
      watch.take(row)
    }
    self.watch = watch
    self.sweeps = sweeps.count
    let quantities = report.quantities
    ranges = MeasuredQuantity.allCases.filter { !$0.isLabel && quantities.contains($0) }.map {
      Range(quantity: $0, lowest: lowest[$0.index], highest: highest[$0.index])
    }
  }

  private var hasAddresses: Bool {
    report.quantities.isSuperset(of: [.row, .column])
  }

  /// What a user should look at before fitting.
  package var suspicions: [String] {
    var lines = report.troubleLines
    for range in ranges where range.isConstant && report.rows > 1 {
      lines.append("\(range.quantity.rawValue) is \(range.lowest) in every row")
    }
    lines += watch.suspicions(operations: report.operations.names)
    if report.devices.names.count < 2, !hasAddresses {
      lines.append("one device only: a spread between devices cannot be found")
    }
    if report.rows < 20 { lines.append("\(report.rows) rows are few") }
    return lines
  }
}

/// Counts runs of voltages in one direction; a pulse, which has a width, is no sweep.
private struct SweepCounter {
  private(set) var count = 0
  private var keys: [Double] = []
  private var last = Double.nan
  private var direction = 0.0

  mutating func take(_ row: MeasuredRow) {
    let voltage = row[.voltage]
    guard !voltage.isNaN, row[.width].isNaN else { return }
    let found = [row[.device], row[.cycle], row[.operation], row[.conductance], row[.temperature]]
      .map { $0.isNaN ? 0 : $0 }
    let step = voltage - last
    if found != keys {
      direction = 0
    } else if step != 0, direction == 0 || step * direction < 0 {
      direction = step
      count += 1
    }
    keys = found
    last = voltage
  }
}
