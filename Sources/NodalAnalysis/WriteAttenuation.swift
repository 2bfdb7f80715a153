import Devices
package import Failures

/// What reaches the devices of an array during a write, for every choice of the selected device.
///
/// Measured from the potential of the unselected lines, a V/2 write drives one word line at +V/2 and
/// one bit line at −V/2. Superposition gives the selected device half of what each of the two alone
/// would give it, so two profiles describe all rows × columns writes: along every word line, driven
/// alone, and along every bit line, driven alone. Half-selected devices see the profile itself.
///
/// A profile is found with all other lines of its kind at their potential exactly. Then the crossing
/// lines can be eliminated: seen from word line i, device (i, j) in series with bit line j is the
/// conductance G (1 − G (D_j⁻¹)ᵢᵢ), with D_j the tridiagonal equations of that bit line, and one
/// tridiagonal solve gives the profile. Every array costs O(rows · columns) operations. What is left
/// out, the rise of the neighbouring lines, is second order; tests and ``errors(against:voltage:every:)``
/// hold the result against exact solves.
///
/// A V/3 write is the same with two thirds of V on the two lines, on top of −V/3 across the whole
/// array, which one solve describes: shares are (2/3) · (word + bit) − u/3, with u the device
/// voltages of an array that is driven as a whole.
package struct WriteAttenuation: Equatable, Sendable {
  /// Number of word lines.
  package let rows: Int
  /// Number of bit lines.
  package let columns: Int
  /// Share of V that reaches each device when it is selected, row by row.
  package let selected: [Double]
  /// Share of the scheme's voltage (V/2 or V/3) that a device sees when only its word line is
  /// selected, when only its bit line is, and, of −V/3, when neither is (zero under V/2).
  package let sameWordLine: [Double]
  package let sameBitLine: [Double]
  package let unselected: [Double]
  /// What lines that are not selected are held at.
  package let scheme: BiasScheme

  /// Passes that let conductances follow the voltages that arrive.
  private static let nonlinearPasses = 3

  /// Profiles of an array at a write amplitude.
  ///
  /// Devices on a driven line enter with their chord conductance at the voltage they see, others
  /// with their slope at 0 V. A selected device sees both profiles; what it draws beyond their
  /// chords lowers its voltage through the resistance of its two nodes.
  ///
  /// - Parameters:
  ///   - scheme: ``BiasScheme/half`` or ``BiasScheme/third``; others are taken for the former.
  ///   - voltage: amplitude V of the write in volts.
  /// - Throws: ``Failure`` when the array driven as a whole cannot be solved; V/2 never throws.
  package init(
    _ array: WiredArray, scheme: BiasScheme = .half, voltage: Double
  ) throws(Failure) {
    self.scheme = scheme == .third ? .third : .half
    rows = array.rows
    columns = array.columns
    let devices = array.devices
    let word = LineEquations(array, word: true)
    let bit = LineEquations(array, word: false)
    let slopes = devices.slopesAtZero
    let acrossWords = word.inverseDiagonals(slopes)
    let acrossBits = bit.inverseDiagonals(slopes)
    let half = scheme == .third ? voltage / 3 : voltage / 2
    var alongWords = [Double](repeating: 1, count: devices.count)
    var alongBits = alongWords
    for _ in 0..<(devices.isLinear ? 1 : Self.nonlinearPasses) {
      var chords = devices.chords(at: alongWords.map { half * $0 })
      alongWords = word.profiles(chords, crossing: acrossBits)
      chords = devices.chords(at: alongBits.map { half * $0 })
      alongBits = bit.profiles(chords, crossing: acrossWords)
    }
    var linear = zip(alongWords, alongBits).map { 0.5 * ($0 + $1) }
    if scheme == .third {
      let whole = try Self.drivenAsWhole(array, voltage: half)
      linear = zip(linear, whole).map { 4.0 / 3 * $0 - $1 / 3 }
      sameWordLine = zip(alongWords, whole).map { 2 * $0 - $1 }
      sameBitLine = zip(alongBits, whole).map { 2 * $0 - $1 }
      unselected = whole
    } else {
      (sameWordLine, sameBitLine) = (alongWords, alongBits)
      unselected = [Double](repeating: 0, count: devices.count)
    }
    selected =
      devices.isLinear
      ? linear
      : Self.lowered(
        linear, devices: devices, voltage: voltage, nodes: zip(acrossWords, acrossBits).map(+))
  }

  /// Device voltages over the terminals' with all word lines at a potential and all bit lines at 0 V.
  private static func drivenAsWhole(
    _ array: WiredArray, voltage: Double
  ) throws(Failure) -> [Double] {
    let ends = LineEnds(rows: array.rows, columns: array.columns, word: voltage, bit: 0)
    let solution = try FastSolver(array, tolerance: 1e-4).solve([ends])
    return solution[0].nodes.deviceVoltages.map { $0 / voltage }
  }

  /// Selected voltages after the current that the chords at half voltage leave out.
  private static func lowered(
    _ ratios: [Double], devices: DeviceGrid, voltage: Double, nodes resistances: [Double]
  ) -> [Double] {
    let included = devices.chords(at: ratios.map { 0.5 * voltage * $0 })
    var result = ratios
    for _ in 0..<2 * nonlinearPasses {
      let chords = devices.chords(at: result.map { voltage * $0 })
      for index in result.indices {
        let extra = (chords[index] - included[index]) * resistances[index]
        // Half way between fixed-point steps, which alternate around the solution.
        result[index] = 0.5 * (result[index] + ratios[index] / (1 + max(0, extra)))
      }
    }
    return result
  }

  /// Errors of the selected devices' voltages against exact write solves, relative to V, for every
  /// `stride`-th device.
  package func errors(
    against array: WiredArray, voltage: Double, every stride: Int = 1
  ) throws(Failure) -> [Double] {
    var errors: [Double] = []
    for index in Swift.stride(from: 0, to: rows * columns, by: max(1, stride)) {
      let (row, column) = (index / columns, index % columns)
      let exact = try array.select(row: row, column: column, scheme: scheme, voltage: voltage)
      errors.append(abs(selected[index] - exact.selectedVoltage / voltage))
    }
    return errors
  }
}

/// The equations of single lines: segments and ends, with given conductances to 0 V at each node.
private struct LineEquations {
  let segment: Double
  let first: [Double]
  let last: [Double]
  let isMerged: Bool
  let isWord: Bool
  let columns: Int

  init(_ array: WiredArray, word: Bool) {
    isWord = word
    columns = array.columns
    segment = array.segmentConductance(word: word)
    first = (word ? array.wires.ends.wordFirst : array.wires.ends.bitFirst).map { 1 / $0 }
    last = (word ? array.wires.ends.wordLast : array.wires.ends.bitLast).map { 1 / $0 }
    isMerged = array.isMerged(word: word)
  }

  /// Where a line's nodes are in row-by-row order.
  private func nodes(_ line: Int, of count: Int) -> (first: Int, stride: Int, count: Int) {
    isWord ? (line &* columns, 1, columns) : (line, columns, count / columns)
  }

  /// Resistance from each node of every line to 0 V with the whole line connected.
  func inverseDiagonals(_ slopes: [Double]) -> [Double] {
    var result = slopes
    result.withUnsafeMutableBufferPointer { result in
      slopes.withUnsafeBufferPointer { slopes in
        withScratch(slopes.count) { scratch in
          for line in first.indices { inverseDiagonal(line, slopes, into: result, scratch) }
        }
      }
    }
    return result
  }

  /// Device voltages with each line's terminals at 1 V, every device in series with a resistance.
  func profiles(_ conductances: [Double], crossing: [Double]) -> [Double] {
    var result = conductances
    result.withUnsafeMutableBufferPointer { result in
      conductances.withUnsafeBufferPointer { conductances in
        crossing.withUnsafeBufferPointer { crossing in
          withScratch(conductances.count) { scratch in
            for line in first.indices {
              profile(line, conductances, crossing, into: result, scratch)
            }
          }
        }
      }
    }
    return result
  }

  /// Room for three numbers per node of a line.
  private func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Void) {
    withUnsafeTemporaryAllocation(
      of: Double.self, capacity: 3 * nodes(0, of: count).count
    ) { scratch in
      if let base = scratch.baseAddress { body(base) }
    }
  }

  /// What hangs on the far side of a segment acts through it in series.
  @inline(__always)
  private func behind(_ load: Double) -> Double {
    load == .infinity ? segment : segment * load / (segment + load)
  }

  private func inverseDiagonal(
    _ line: Int, _ slopes: UnsafeBufferPointer<Double>,
    into result: UnsafeMutableBufferPointer<Double>, _ down: UnsafeMutablePointer<Double>
  ) {
    let (start, stride, count) = nodes(line, of: slopes.count)
    if isMerged {
      var total = first[line] + last[line]
      var loads = 0.0
      for node in 0..<count { loads += slopes[start &+ node &* stride] }
      total += loads
      for node in 0..<count { result[start &+ node &* stride] = 1 / total }
      return
    }
    let (atFirst, atLast) = (first[line], last[line])
    @inline(__always)
    func own(_ node: Int) -> Double {
      slopes[start &+ node &* stride] + (node == 0 ? atFirst : 0)
        + (node == count &- 1 ? atLast : 0)
    }
    // Conductances to 0 V seen at each node from the elimination from the first end, then from the last.
    for node in 0..<count {
      down[node] = own(node) + (node > 0 && segment > 0 ? behind(down[node &- 1]) : 0)
    }
    var up = 0.0
    for node in (0..<count).reversed() {
      let load = own(node)
      up = load + (node < count &- 1 && segment > 0 ? behind(up) : 0)
      result[start &+ node &* stride] = load == .infinity ? 0 : 1 / (down[node] + up - load)
    }
  }

  private func profile(
    _ line: Int, _ conductances: UnsafeBufferPointer<Double>,
    _ crossing: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>,
    _ scratch: UnsafeMutablePointer<Double>
  ) {
    let (start, stride, count) = nodes(line, of: conductances.count)
    let (ratios, conductance, current) = (scratch, scratch + count, scratch + 2 &* count)
    for node in 0..<count {
      let at = start &+ node &* stride
      ratios[node] = 1 - min(conductances[at] * crossing[at], 0.5)
      conductance[node] = conductances[at] * ratios[node]
    }
    if isMerged {
      let ends = first[line] + last[line]
      var loads = 0.0
      for node in 0..<count { loads += conductance[node] }
      let potential = ends == .infinity ? 1 : ends / (ends + loads)
      for node in 0..<count { result[start &+ node &* stride] = potential * ratios[node] }
      return
    }
    // From the last node to the first: conductance to 0 V and current towards it that the 1 V at
    // the ends drives, then back along the line.
    for node in (0..<count).reversed() {
      var (total, source) = (conductance[node], 0.0)
      if node == count &- 1 {
        total += last[line]
        source += last[line]
      } else if segment > 0 {
        let next = conductance[node &+ 1]
        let ratio = next == .infinity ? 1 : segment / (segment + next)
        total += behind(next)
        source += next == .infinity ? segment : ratio * current[node &+ 1]
      }
      (conductance[node], current[node]) = (total, source)
    }
    var (total, source) = (conductance[0] + first[line], current[0] + first[line])
    var potential = total == .infinity ? 1 : (total > 0 ? source / total : 0)
    result[start] = potential * ratios[0]
    for node in 1..<max(1, count) {
      total = conductance[node] + segment
      source = current[node] + segment * potential
      potential = total == .infinity ? 1 : source / total
      result[start &+ node &* stride] = potential * ratios[node]
    }
  }
}
