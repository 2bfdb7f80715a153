import Mathematics

/// What non-idealities make of the devices of one polarity.
struct DeviceNonIdealities: Sendable {
  /// Factor on a device's current: 1 + σz of variability, 0 on a broken line.
  let gain: Storage<Float>
  /// Whether pulses leave the device as it is.
  let isFixed: Storage<UInt8>
  /// State of a stuck device in siemens, NaN of any other.
  private let stuckState: Storage<Float>

  /// Non-idealities drawn from the device seed; nil when there are none.
  init?(
    _ nonIdealities: NonIdealities, _ layout: TileLayout, window: ClosedRange<Double>,
    deviceSeed: UInt64, name: String
  ) {
    guard nonIdealities.changesDevices else { return nil }
    let (rows, columns) = (layout.wordLines, layout.outputs)
    func stream(_ quantity: String) -> RandomStream {
      RandomStream(seed: deviceSeed, name: "\(name)/\(quantity)")
    }
    // Word lines are shared by both polarities: one stream for the array.
    let array = name.split(separator: "/").dropLast().joined(separator: "/")
    let rowStream = RandomStream(seed: deviceSeed, name: "\(array)/dead-rows")
    let (columnStream, stuckStream) = (stream("dead-columns"), stream("stuck"))
    let deadRows = (0..<rows).map {
      Double(rowStream.uniform(at: $0, substream: 0)) < nonIdealities.deadRows
    }
    let deadColumns = (0..<columns).map {
      Double(columnStream.uniform(at: $0, substream: 0)) < nonIdealities.deadColumns
    }
    let deviations =
      nonIdealities.deviceVariability > 0
      ? Normal.draws(rows * columns, from: stream("variability")) : []
    gain = Storage(count: rows * columns, repeating: 1)
    isFixed = Storage(count: rows * columns, repeating: 0)
    stuckState = Storage(count: rows * columns, repeating: .nan)
    for device in 0..<rows * columns {
      if !deviations.isEmpty {
        gain[device] = Float(max(0, 1 + nonIdealities.deviceVariability * deviations[device]))
      }
      if deadRows[device / columns] || deadColumns[device % columns] {
        gain[device] = 0
        isFixed[device] = 1
      }
      let draw = Double(stuckStream.uniform(at: device, substream: 0))
      guard draw < nonIdealities.stuckOn + nonIdealities.stuckOff else { continue }
      isFixed[device] = 1
      stuckState[device] = Float(
        draw < nonIdealities.stuckOn ? window.upperBound : window.lowerBound)
    }
  }

  /// Puts stuck devices back where they stick.
  func hold(_ bank: DeviceBank) {
    for device in 0..<stuckState.count where !stuckState[device].isNaN {
      bank.conductance[device] = stuckState[device]
    }
  }
}
