/// What the wires alone say about errors: constants of the bounds that fast solutions come with.
struct LineBounds {
  /// A lower bound of the eigenvalues of D⁻¹ (D − G A⁻¹ G), in [0, 1].
  ///
  /// For one line with wire Laplacian L and slopes G, the largest eigenvalue of (L + G)⁻¹ G is at
  /// most G_max / (λ + G_max), with λ the smallest eigenvalue of L. 1/λ is at most the largest row
  /// sum of L⁻¹, the largest voltage along the line under one ampere into every node. The product of
  /// the largest values over word lines and over bit lines bounds the coupling.
  let gap: Double
  /// Upper bound of cᵀ M⁻¹ c over the terminals, where c · x is a terminal's current and M the nodal
  /// matrix: an error of energy E changes no terminal current by more than √(E times this).
  ///
  /// For an end of conductance g the short-circuit admittance g − cᵀ M⁻¹ c of a passive network is
  /// positive, so the bound is g; the current also passes the neighbouring segment and device,
  /// which bounds it by (√g_segment + √G)², smaller for ends near ideal.
  let currentPerEnergy: Double

  init(_ array: WiredArray, slopes: [Double]) {
    let word = Self.largestCoupling(array, slopes: slopes, word: true)
    let bit = Self.largestCoupling(array, slopes: slopes, word: false)
    gap = max(0, 1 - word * bit)
    currentPerEnergy = Self.largestEndConductance(array, slopes: slopes)
  }

  private static func largestCoupling(
    _ array: WiredArray, slopes: [Double], word: Bool
  ) -> Double {
    let (rows, columns) = (array.rows, array.columns)
    let lines = word ? rows : columns
    var largest = [Double](repeating: 0, count: lines)
    for row in 0..<rows {
      for column in 0..<columns {
        let line = word ? row : column
        largest[line] = max(largest[line], slopes[row * columns + column])
      }
    }
    let ends = array.wires.ends
    let first = word ? ends.wordFirst : ends.bitFirst
    let last = word ? ends.wordLast : ends.bitLast
    let segment = word ? array.wires.wordSegment : array.wires.bitSegment
    var coupling = 0.0
    var previous: (first: Double, last: Double, drop: Double)?
    for line in 0..<lines {
      if previous?.first != first[line] || previous?.last != last[line] {
        let drop = largestDrop(
          nodes: word ? columns : rows, segment: segment, first: first[line], last: last[line])
        previous = (first[line], last[line], drop)
      }
      guard let drop = previous?.drop, largest[line] > 0 else { continue }
      coupling = max(coupling, drop == .infinity ? 1 : largest[line] / (1 / drop + largest[line]))
    }
    return coupling
  }

  /// Largest voltage along a line into every node of which one ampere flows.
  private static func largestDrop(
    nodes: Int, segment: Double, first: Double, last: Double
  ) -> Double {
    // Kirchhoff along the line: of n amperes, x leave through the first end.
    let n = Double(nodes)
    if first == .infinity && last == .infinity { return .infinity }
    // A cut line leaves every node to its own end, or to none.
    if segment == .infinity && nodes > 1 {
      return nodes == 2 ? max(first, last) : .infinity
    }
    let spread = segment * n * (n - 1) / 2
    guard first < .infinity else { return n * last + spread }
    guard last < .infinity else { return n * first + spread }
    let total = first + last + segment * (n - 1)
    let leaving = total > 0 ? (n * last + spread) / total : n / 2
    var (voltage, current, largest) = (leaving * first, leaving, leaving * first)
    for _ in 1..<max(1, nodes) {
      current -= 1
      voltage += current * segment
      largest = max(largest, voltage)
    }
    return largest
  }

  private static func largestEndConductance(_ array: WiredArray, slopes: [Double]) -> Double {
    var largest = 0.0
    for (end, resistances) in array.wires.ends.groups {
      let merged = array.isMerged(word: end.isWord)
      let segment = array.segmentConductance(word: end.isWord)
      for line in resistances.indices where resistances[line] < .infinity {
        let own = 1 / resistances[line]
        if own < segment {
          largest = max(largest, own)
          continue
        }
        let inner: Double
        if merged {
          inner = array.lineSlopes(slopes, line: line, word: end.isWord)
        } else {
          let device = slopes[array.node(at: end, line: line) % array.devices.count]
          let root = segment.squareRoot() + device.squareRoot()
          inner = root * root
        }
        largest = max(largest, min(own, inner))
      }
    }
    return largest
  }
}

extension WiredArray {
  /// Sum of the devices' slopes along a line.
  fileprivate func lineSlopes(_ slopes: [Double], line: Int, word: Bool) -> Double {
    word
      ? slopes[line * columns..<(line + 1) * columns].reduce(0, +)
      : stride(from: line, to: slopes.count, by: columns).reduce(0) { $0 + slopes[$1] }
  }
}
