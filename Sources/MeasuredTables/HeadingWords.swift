import Foundation

/// The words that people and instruments use in headers, in lower case.
enum HeadingWords {
  /// Whole names without blanks, underscores and unit.
  static let names: [String: MeasuredQuantity] = {
    var names: [String: MeasuredQuantity] = [:]
    for quantity in MeasuredQuantity.allCases {
      names[quantity.rawValue.replacingOccurrences(of: "_", with: "")] = quantity
    }
    let synonyms: [MeasuredQuantity: String] = [
      .readVoltage: "vread readvoltage readv readbias readamplitude",
      .width: "pulsewidth tpulse tp pw pulseduration pulselength twidth widthpulse",
      .pulse: "pulsenumber pulseno pulseindex pulsecount pulses npulse npulses numberofpulses",
      .cycle:
        "cyclenumber cycleno cycleindex cyclecount cycles loopnumber runnumber iterationindex",
      .device: "deviceid devicename deviceno devicenumber dutid cellid sampleid deviceaddress",
      .row: "wordline wl rowindex rowaddress rownumber word",
      .column: "bitline bl columnindex col colindex columnaddress columnnumber bit",
      .compliance: "icc icomp icompliance currentcompliance compliancecurrent currentlimit ilimit",
      .operation: "optype op operationtype",
      .switched: "isswitched didswitch hasswitched",
      .setVoltage: "vset setvoltage setthreshold vthset vsetth",
      .resetVoltage: "vreset resetvoltage resetthreshold vthreset",
      .conductanceBefore: "gbefore gpre ginitial gstart conductancepre initialconductance",
      .conductanceAfter: "gafter gpost gfinal gend conductancepost finalconductance",
      .resistanceBefore: "rbefore rpre rinitial rstart resistancepre initialresistance",
      .resistanceAfter: "rafter rpost rfinal rend resistancepost finalresistance",
      .currentBefore: "ibefore ipre iinitial", .currentAfter: "iafter ipost ifinal",
      .temperature: "temp tempc temperature",
    ]
    for (quantity, words) in synonyms {
      for word in words.split(separator: " ") { names[String(word)] = quantity }
    }
    return names
  }()

  /// Words within a name that say the quantity.
  static let quantities: [String: MeasuredQuantity] = table([
    .voltage: "v u volt volts voltage vbias bias potential spannung amplitude",
    .current: "i current curr strom",
    .conductance: "g conductance cond leitwert",
    .resistance: "r res resistance widerstand",
    .time: "t time timestamp elapsed zeit",
    .temperature: "temperature temp",
    .width: "width duration",
    .compliance: "compliance",
    .level: "level",
    .switched: "switched",
    .pulse: "pulse",
    .cycle: "cycle cyc loop repetition rep run iteration sweep",
    .device: "device dev dut cell sample chip die address addr",
    .operation: "operation mode tag action kind type polarity",
    .row: "row", .column: "column",
  ])

  /// Words that name what a column belongs to, by the label they make.
  static let labels: [String: MeasuredQuantity] = table([
    .device: "device dev dut cell sample chip die ch channel d trace",
    .cycle: "cycle cyc loop repetition rep run iteration sweep c n no",
    .operation: "set reset form forming read hrs lrs on off pot dep ltp ltd up down",
  ])

  static let devices: Set<String> = ["device", "dev", "dut", "cell", "sample", "chip", "die"]

  /// Words that say nothing about which column it is.
  static let fillers: Set<String> = [
    "the", "of", "data", "value", "values", "reading", "readings", "dut", "mem", "memristor",
    "abs", "total", "number", "index", "count", "axis", "in", "log", "pulse", "relative",
  ]

  /// A value that an instrument applies, and one that it measures.
  static let forced: Set<String> = [
    "force", "forced", "source", "src", "applied", "app", "prog", "programmed", "nominal", "target",
    "sourcevalue", "sourcevalues", "level", "bias", "write",
  ]
  static let measured: Set<String> = [
    "meas", "measured", "measure", "sense", "sensed", "read", "m",
  ]

  /// Ends of a device or channels of an instrument, which belong to one measurement.
  static let terminals: Set<String> = [
    "drain", "gate", "source", "bulk", "substrate", "anode", "cathode", "top", "bottom", "te", "be",
    "a", "b", "d", "g", "s", "ds", "gs", "gd", "bs", "sub", "smu", "smua", "smub", "hi", "lo",
    "col",
    "emitter", "base", "collector", "src", "bl", "wl", "sl",
  ]

  /// One letter for a quantity with a word behind or before it in one piece: `Vforce`, `Id`, `AV`.
  static func split(_ word: String) -> [String]? {
    guard word.count > 1, let first = word.first, let last = word.last else { return nil }
    let (head, tail) = (String(word.dropFirst()), String(word.dropLast()))
    let isKnown = { (rest: String) in
      terminals.contains(rest) || forced.contains(rest) || measured.contains(rest)
        || labels[rest] == .operation || fillers.contains(rest)
    }
    if "vuirg".contains(first), isKnown(head) { return [String(first), head] }
    if "viu".contains(last), isKnown(tail) { return [tail, String(last)] }
    if word.hasSuffix("time"), isKnown(String(word.dropLast(4))) {
      return [String(word.dropLast(4)), "time"]
    }
    return nil
  }

  private static func table(_ words: [MeasuredQuantity: String]) -> [String: MeasuredQuantity] {
    var table: [String: MeasuredQuantity] = [:]
    for (quantity, list) in words {
      for word in list.split(separator: " ") { table[String(word)] = quantity }
    }
    return table
  }
}
