import Failures
import MeasuredTables

/// Voltage and current of one device against time: what two channels of an oscilloscope show.
private struct OscilloscopeTrace {
  let times: [Double]
  let voltages: [Double]
  let currents: [Double]

  static func refusal(_ quantities: Set<MeasuredQuantity>) -> String? {
    quantities == [.device, .time, .conductance]
      ? nil : "shows voltage and current of one device against time, as measure noise gives them"
  }

  init(_ table: RecordedTable, _ format: TableFormat) throws(Failure) {
    guard Set(table[.device] ?? []).count < 2 else {
      throw format.failure("holds the trace of one device, and there are several (--devices 1)")
    }
    let table = table.asSourceMeter
    times = table[.time] ?? []
    voltages = table[.voltage] ?? []
    currents = table[.current] ?? []
  }
}

/// Tektronix oscilloscope: settings, then times and two channels.
struct TektronixLayout: TextLayout {
  func refusal(of quantities: Set<MeasuredQuantity>) -> String? {
    OscilloscopeTrace.refusal(quantities)
  }

  func text(of table: RecordedTable) throws(Failure) -> String {
    let trace = try OscilloscopeTrace(table, .tektronix)
    var text = """
      Model,MSO44
      Firmware Version,1.0

      Waveform Type,ANALOG,,
      Point Format,Y,,
      Horizontal Units,s,,
      Record Length,\(trace.times.count),,
      ,,
      Vertical Units,V,A
      Vertical Scale,1,1
      ,,
      Label,,
      TIME,CH1,CH2

      """
    for row in trace.times.indices {
      text += "\(trace.times[row]),\(trace.voltages[row]),\(trace.currents[row])\n"
    }
    return text
  }
}

/// Rigol oscilloscope: numbers of samples, their start and increment beside the names.
struct RigolLayout: TextLayout {
  func refusal(of quantities: Set<MeasuredQuantity>) -> String? {
    OscilloscopeTrace.refusal(quantities)
  }

  func text(of table: RecordedTable) throws(Failure) -> String {
    let trace = try OscilloscopeTrace(table, .rigol)
    let start = trace.times.first ?? 0
    let step = trace.times.count > 1 ? trace.times[1] - start : 1
    guard trace.times.indices.allSatisfy({ start + Double($0) * step == trace.times[$0] }) else {
      throw TableFormat.rigol.failure("holds samples at equal intervals, and these are not")
    }
    var text = "X,CH1,CH2,Start,Increment,\nSequence,Volt,A,\(start),\(step)\n"
    for row in trace.times.indices {
      text += "\(row),\(trace.voltages[row]),\(trace.currents[row]),\n"
    }
    return text
  }
}
