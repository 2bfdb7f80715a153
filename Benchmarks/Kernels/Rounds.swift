/// Entries timed in turn, round by round.
struct Rounds {
  struct Entry {
    var name: String
    /// Floating-point operations of the matrix products in it, zero if there are none.
    var operations: Double
    var body: () -> Void
  }

  var entries: [Entry] = []

  mutating func add(_ name: String, operations: Double = 0, _ body: @escaping () -> Void) {
    entries.append(Entry(name: name, operations: operations, body: body))
  }

  /// Median microseconds per entry.
  func medians(rounds: Int) -> [Double] {
    var times = [[Double]](repeating: [], count: entries.count)
    let clock = ContinuousClock()
    for round in 0..<rounds + 1 {
      for (index, entry) in entries.enumerated() {
        let time = clock.measure { entry.body() } / .microseconds(1)
        // The first round warms up.
        if round > 0 { times[index].append(time) }
      }
    }
    return times.map { $0.sorted()[$0.count / 2] }
  }
}

/// Pads a text on the right, or a number on the left.
func column(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

func column(_ value: Double, _ width: Int) -> String {
  let text = value >= 100 ? "\(Int(value.rounded()))" : "\((value * 100).rounded() / 100)"
  return String(repeating: " ", count: max(0, width - text.count)) + text
}
