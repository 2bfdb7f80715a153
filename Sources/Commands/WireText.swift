import ArrayOperations
import Crossbars
import Files
import Mathematics
import Networks
import Runs

/// What `train` says of wires and half-selected devices.
enum WireText {
  /// The largest losses and errors of all epochs; nothing without wires.
  static func lines(_ records: [EpochRecord], _ training: EnergyLedger) -> [String] {
    let wires = records.map(\.summary.wires)
    guard let last = wires.last, !last.writeLoss.isEmpty else { return [] }
    func percent(_ path: KeyPath<WireErrors, [Double]>, _ share: Double, of all: [WireErrors])
      -> String
    {
      let worst = all.reduce(0) { max($0, SortedSample($1[keyPath: path]).quantile(share) ?? 0) }
      return NumberText.short(100 * worst) + " %"
    }
    return [
      "wires take \(percent(\.readLoss, 0.5, of: [last])) of a read at the median device, at most"
        + " \(percent(\.readLoss, 1, of: [last])); of a pulse"
        + " \(percent(\.writeLoss, 0.5, of: [last])) and \(percent(\.writeLoss, 1, of: [last]))",
      "against exact solves: reads within \(percent(\.read, 1, of: wires)) of full scale, pulses"
        + " within \(percent(\.write, 0.5, of: wires)) (median) and"
        + " \(percent(\.write, 0.99, of: wires)) (99th percentile) of their amplitude",
      "\(training.halfSelections) half-selections moved conductances by"
        + " \(NumberText.short(training.disturb)) S in all;"
        + " \(training.weakPulses) pulses arrived below the calibrated amplitude",
    ]
  }
}
