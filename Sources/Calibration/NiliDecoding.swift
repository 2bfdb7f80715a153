import Devices
import Failures
import Files

extension NiliStatic {
  init(reader: ParameterReader, limits: DeviceLimits) throws(Failure) {
    self.init(
      a: [
        try reader.number("a0", unit: "S"),
        try reader.number("a1", unit: "1"),
        try reader.number("a2", unit: "S/°C"),
      ],
      b: [
        try reader.number("b0", unit: "V^-2"),
        try reader.number("b1", unit: "S^-1 V^-2"),
        try reader.number("b2", unit: "°C^1.33 S V^-2"),
      ],
      temperatureExponent: try reader.number("temperature_exponent", unit: "1"),
      p: [
        try reader.number("p0", unit: "S"),
        try reader.number("p1", unit: "1"),
        try reader.number("p2", unit: "S/°C"),
        try reader.number("p3", unit: "S^-1"),
      ],
      q: [
        try reader.number("q0", unit: "S V^-2"),
        try reader.number("q1", unit: "V^-2"),
        try reader.number("q2", unit: "S V^-2/°C"),
        try reader.number("q3", unit: "S^-1 V^-2"),
        try reader.number("q4", unit: "V^-2/°C"),
      ],
      monotoneVoltage: limits.readVoltage)
  }
}

extension NiliPulseResponse {
  init(reader: ParameterReader) throws(Failure) {
    let form = try reader.choice("form", of: Form.self)
    let edges = try reader.numbers("bin_edges", unit: "S")
    let ascends = zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
    guard edges.count >= 2, edges[0] > 0, ascends else {
      throw reader.section.failure(
        "bin_edges.value", "expected at least two positive numbers that ascend")
    }
    let bins = edges.count - 1
    self.init(
      form: form, binEdges: edges,
      set: try Branch(reader: reader.nested("set"), bins: bins, sign: 1),
      reset: try Branch(reader: reader.nested("reset"), bins: bins, sign: -1))
  }
}

extension NiliPulseResponse.Branch {
  private static let stepUnits = ["S", "1", "1", "V^-1", "1"]
  private static let spreadUnits = ["1", "1", "V^-1", "V^-2", "V^-3"]

  /// Decodes `c0` … `c4` and, unless the file has none of them, `d0` … `d4` and `spread_bounds`.
  init(reader: ParameterReader, bins: Int, sign: Double) throws(Failure) {
    let c = try Self.coefficients("c", Self.stepUnits, reader, bins)
    // The sign of c₀ is the sign of every step.
    guard c[0].allSatisfy({ $0 * sign > 0 }) else {
      throw reader.section.failure("c0.value", "must be \(sign > 0 ? "positive" : "negative")")
    }
    guard reader.section.keys.contains(where: { $0.hasPrefix("d") || $0 == "spread_bounds" }) else {
      self.init(bins: Self.bins(c, nil), spreadBounds: nil)
      return
    }
    let d = try Self.coefficients("d", Self.spreadUnits, reader, bins)
    self.init(
      bins: Self.bins(c, d), spreadBounds: try reader.interval("spread_bounds", unit: "1"))
  }

  /// Five rows, one per coefficient, of one number per bin.
  private static func coefficients(
    _ letter: String, _ units: [String], _ reader: ParameterReader, _ bins: Int
  ) throws(Failure) -> [[Double]] {
    var rows: [[Double]] = []
    for (index, unit) in units.enumerated() {
      rows.append(try reader.numbersPerBin("\(letter)\(index)", unit: unit, bins: bins))
    }
    return rows
  }

  private static func bins(
    _ c: [[Double]], _ d: [[Double]]?
  ) -> [NiliPulseResponse.Coefficients] {
    c[0].indices.map { bin in
      NiliPulseResponse.Coefficients(c: c.map { $0[bin] }, d: d?.map { $0[bin] })
    }
  }
}
