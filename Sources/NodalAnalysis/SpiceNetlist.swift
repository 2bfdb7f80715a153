import Devices
import Foundation

/// A wired array as a netlist that ngspice runs as it is, for a comparison with a simulator that
/// shares no code with this package.
package enum SpiceNetlist {
  /// The netlist of an operating point, printing the current into every connected bit-line end.
  ///
  /// Word-line nodes are called `w<row>_<column>`, bit-line nodes `b<row>_<column>`, nodes of ideal
  /// lines `w<row>` and `b<column>`. Sources are `vwf`, `vwl`, `vbf` and `vbl` with the line's
  /// number, for the first and last ends of word and bit lines; i(vbl3) is the current into the
  /// terminal at the last end of bit line 3. Run it with `ngspice -b`, which ends with 0 when the
  /// operating point was found and with another code when it was not.
  package static func text(_ array: WiredArray, potentials: LineEnds, title: String) -> String {
    var lines = ["* \(title)"]
    for end in LineEnd.allCases {
      for (line, resistance) in array.wires.ends[end].enumerated() where resistance < .infinity {
        lines += terminal(array, end, line, resistance, potentials[end][line])
      }
    }
    for row in 0..<array.rows {
      for column in 0..<array.columns {
        lines += crosspoint(array, row, column)
      }
    }
    lines.append(
      ".options reltol=1e-10 vntol=1e-14 abstol=1e-18 gmin=1e-18 numdgt=16 noinit itl1=500")
    lines += [".control", "set numdgt=16", "op"]
    for end in [LineEnd.bitFirst, .bitLast] {
      for (line, resistance) in array.wires.ends[end].enumerated()
      where resistance < .infinity && !isShadowed(array, end, line) {
        lines.append("print i(\(source(end, line)))")
      }
    }
    // A bare quit is 0 whatever became of the operating point.
    lines += ["quit $sim_status", ".endc", ".end"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether both ends of an ideal line are ideal: they are one node and get one source.
  private static func isShadowed(_ array: WiredArray, _ end: LineEnd, _ line: Int) -> Bool {
    (end == .wordLast || end == .bitLast) && array.isMerged(word: end.isWord)
      && array.wires.ends[end][line] == 0 && array.wires.ends[end.opposite][line] == 0
  }

  private static func terminal(
    _ array: WiredArray, _ end: LineEnd, _ line: Int, _ resistance: Double, _ potential: Double
  ) -> [String] {
    guard !isShadowed(array, end, line) else { return [] }
    let cell = array.node(at: end, line: line) % array.devices.count
    let inner = node(array, cell / array.columns, cell % array.columns, word: end.isWord)
    let name = source(end, line)
    if resistance == 0 { return ["\(name) \(inner) 0 \(potential)"] }
    return ["\(name) t\(name) 0 \(potential)", "r\(name) t\(name) \(inner) \(resistance)"]
  }

  private static func crosspoint(_ array: WiredArray, _ row: Int, _ column: Int) -> [String] {
    let word = node(array, row, column, word: true)
    let bit = node(array, row, column, word: false)
    let suffix = "\(row)_\(column)"
    var lines: [String] = []
    lines += current(array.devices, row * array.columns + column, word, bit).map {
      $0.replacing("#", with: suffix)
    }
    let (wordSegment, bitSegment) = (array.wires.wordSegment, array.wires.bitSegment)
    if column > 0, !array.isMerged(word: true), wordSegment < .infinity {
      lines.append("rw\(suffix) \(node(array, row, column - 1, word: true)) \(word) \(wordSegment)")
    }
    if row > 0, !array.isMerged(word: false), bitSegment < .infinity {
      lines.append("rb\(suffix) \(node(array, row - 1, column, word: false)) \(bit) \(bitSegment)")
    }
    return lines
  }

  /// A resistor for a linear device, a controlled source for another, with nodes of its own where its law
  /// has no closed form, nothing for an open one; `#` stands for its place.
  private static func current(
    _ devices: DeviceGrid, _ index: Int, _ word: String, _ bit: String
  ) -> [String] {
    let terms = zip(devices.basis, devices.coefficients).filter { $0.1[index] != 0 }
    if terms.isEmpty { return [] }
    if terms.allSatisfy({ $0.0 == .linear }) {
      let conductance = terms.reduce(0) { $0 + $1.1[index] }
      return ["rd# \(word) \(bit) \(1 / conductance)"]
    }
    let voltage = "v(\(word),\(bit))"
    var inner: [String] = []
    let sum = terms.enumerated().map { place, term -> String in
      guard case .seriesSinh(let slope, let ratio) = term.0 else {
        return expression(term.0, times: term.1[index], voltage)
      }
      let left = "x#_\(place)"
      inner += divider(place, slope: slope, ratio: ratio, word, bit)
      return "\(term.1[index] / slope)*sinh(\(slope)*v(\(left)))"
    }
    return inner + ["bd# \(word) \(bit) i=" + sum.joined(separator: "+")]
  }

  /// A copy of the device's voltage across 1 Ω and a sinh of `ratio` siemens: the node between them is
  /// at the voltage that is left behind the resistance, U + r·sinh(s·U)/s = V.
  private static func divider(
    _ place: Int, slope: Double, ratio: Double, _ word: String, _ bit: String
  ) -> [String] {
    [
      "ex#_\(place) y#_\(place) 0 \(word) \(bit) 1", "rx#_\(place) y#_\(place) x#_\(place) 1",
      "bx#_\(place) x#_\(place) 0 i=\(ratio / slope)*sinh(\(slope)*v(x#_\(place)))",
    ]
  }

  /// φ of a voltage's name, times a number.
  private static func expression(
    _ basis: BasisFunction, times factor: Double, _ voltage: String
  ) -> String {
    switch basis {
    case .linear: "\(factor)*\(voltage)"
    case .cubic: "\(factor)*\(voltage)*\(voltage)*\(voltage)"
    case .hyperbolicSine(let slope): "\(factor / slope)*sinh(\(slope)*\(voltage))"
    // pwr(x, n) is odd, and its derivative finite at 0 V, which that of x·|x|^(n−1) is not.
    case .power(let n): "\(factor)*pwr(\(voltage),\(n))"
    case .pooleFrenkel(let beta):
      "\(factor)*\(voltage)*exp(\(beta)*sqrt(abs(\(voltage))))"
    case .schottky(let beta, let s):
      "\(factor * s)*sgn(\(voltage))*(1-exp(-abs(\(voltage))/\(s)))"
        + "*exp(\(beta)*sqrt(abs(\(voltage))))"
    case .diode(let slope): "\(factor / slope)*(exp(\(slope)*\(voltage))-1)"
    case .fowlerNordheim(let field, let reference):
      // The denominator keeps clear of 0 V, where the exponential is nothing.
      "\(factor / reference)*\(voltage)*abs(\(voltage))"
        + "*exp(\(-field)/(abs(\(voltage))+1e-6)+\(field / reference))"
    case .seriesSinh(let slope, let ratio):
      // Inside a branch, which no model has: the chord through the sinh and the resistance in series.
      "\(factor)/(\(slope)*\(voltage)/(sinh(\(slope)*\(voltage))+1e-30)+\(ratio))*\(voltage)"
    case .branch(let function, let isPositive):
      "(\(voltage)\(isPositive ? ">" : "<=")0?\(expression(function, times: factor, voltage)):0)"
    }
  }

  private static func node(_ array: WiredArray, _ row: Int, _ column: Int, word: Bool) -> String {
    if array.isMerged(word: word) { return word ? "w\(row)" : "b\(column)" }
    return (word ? "w" : "b") + "\(row)_\(column)"
  }

  private static func source(_ end: LineEnd, _ line: Int) -> String {
    switch end {
    case .wordFirst: "vwf\(line)"
    case .wordLast: "vwl\(line)"
    case .bitFirst: "vbf\(line)"
    case .bitLast: "vbl\(line)"
    }
  }
}
