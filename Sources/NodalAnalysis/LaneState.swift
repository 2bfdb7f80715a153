/// Potentials of a lane group on their way to a solution, in double precision, and the currents
/// that Kirchhoff's law leaves over.
final class LaneState<Element: Lanes> {
  typealias Wide = Element.Wide
  let array: WiredArray
  let word: Buffer<Wide>
  let bit: Buffer<Wide>
  /// Potentials behind the line ends.
  private let ends: [LineEnd: Buffer<Wide>]
  /// Largest current of any terminal, by lane.
  private(set) var fullScale = Wide.zero
  private let wordRow: Buffer<Wide>
  private let bitRow: Buffer<Wide>
  private var gathered: Buffer<Wide>

  /// - Parameters:
  ///   - inputs: at most one set of potentials per lane; spare lanes are zero.
  ///   - guesses: potentials to start from, or none for zero.
  init(_ array: WiredArray, padded: Int, inputs: [LineEnds], guesses: [NodePotentials]) {
    self.array = array
    word = Buffer(count: padded, repeating: .zero)
    bit = Buffer(count: padded, repeating: .zero)
    wordRow = Buffer(count: array.columns, repeating: .zero)
    bitRow = Buffer(count: array.columns, repeating: .zero)
    gathered = Buffer(count: array.columns, repeating: .zero)
    var ends: [LineEnd: Buffer<Wide>] = [:]
    for end in LineEnd.allCases {
      let lines = end.isWord ? array.rows : array.columns
      let buffer = Buffer<Wide>(count: lines, repeating: .zero)
      for (lane, input) in inputs.enumerated() {
        for line in 0..<lines where array.wires.ends[end][line] < .infinity {
          buffer.pointer[line].setLane(lane, input[end][line])
        }
      }
      ends[end] = buffer
    }
    self.ends = ends
    for (lane, input) in inputs.enumerated() {
      let given = array.givenPotentials(input)
      let start = lane < guesses.count ? guesses[lane] : array.idealPotentials(input)
      let nodes = start.holding(given, of: array)
      for index in 0..<array.devices.count {
        word.pointer[index].setLane(lane, nodes.word[index])
        bit.pointer[index].setLane(lane, nodes.bit[index])
      }
    }
  }

  /// The potentials of one lane.
  func nodes(lane: Int) -> NodePotentials {
    let range = 0..<array.devices.count
    return NodePotentials(
      word: range.map { word.pointer[$0].lane(lane) }, bit: range.map { bit.pointer[$0].lane(lane) })
  }

  /// Largest current that any line would carry at the present potentials, from its devices alone.
  func largestLineCurrent(lane: Int) -> Double {
    let slopes = array.devices.slopesAtZero
    var words = [Double](repeating: 0, count: array.rows)
    var bits = [Double](repeating: 0, count: array.columns)
    for (index, slope) in slopes.enumerated() {
      let current = slope * (word[index] - bit[index]).lane(lane)
      words[index / array.columns] += current
      bits[index % array.columns] += current
    }
    return max(words.largestMagnitude, bits.largestMagnitude)
  }

  /// Left-over currents of every node times `scale`, and the full scale.
  ///
  /// - Parameter current: the devices' currents from the potentials, by place and voltage.
  func residual(
    scale: Double, wordResidual: UnsafeMutablePointer<Element>,
    bitResidual: UnsafeMutablePointer<Element>, current: (Int, Wide) -> Wide
  ) {
    let columns = array.columns
    let wordConductance = Wide(repeating: array.segmentConductance(word: true))
    let bitConductance = Wide(repeating: array.segmentConductance(word: false))
    let factor = Wide(repeating: scale)
    fullScale = .zero
    for column in 0..<columns { gathered[column] = .zero }
    let (x, y) = (wordRow.pointer, bitRow.pointer)
    for row in 0..<array.rows {
      let w = word.pointer + row * columns
      let b = bit.pointer + row * columns
      for column in 0..<columns {
        let device = current(row &* columns &+ column, w[column] - b[column])
        x[column] = .zero - device
        y[column] = device
      }
      for column in 0..<columns - 1 {
        let flow = (w[column] - w[column &+ 1]) * wordConductance
        x[column] -= flow
        x[column &+ 1] += flow
      }
      if row > 0 {
        for column in 0..<columns { y[column] += (b[column - columns] - b[column]) * bitConductance }
      }
      if row < array.rows - 1 {
        for column in 0..<columns { y[column] += (b[column + columns] - b[column]) * bitConductance }
      }
      applyWordEnds(row)
      applyBitEnds(row)
      for column in 0..<columns {
        wordResidual[row * columns + column] = Element(narrowing: x[column] * factor)
        bitResidual[row * columns + column] = Element(narrowing: y[column] * factor)
      }
    }
  }

  private func applyWordEnds(_ row: Int) {
    let last = array.columns - 1
    for (end, column) in [(LineEnd.wordFirst, 0), (.wordLast, last)] {
      let resistance = array.wires.ends[end][row]
      guard resistance < .infinity, let potential = ends[end]?[row] else { continue }
      let here = word[row * array.columns + column]
      if resistance > 0 {
        let flow = (potential - here) * Wide(repeating: 1 / resistance)
        wordRow.pointer[column] += flow
        note(flow)
      } else if array.isMerged(word: true) {
        var sum = Wide.zero
        for column in 0...last {
          sum += wordRow[column]
          wordRow[column] = .zero
        }
        note(sum)
      } else {
        note(wordRow[column])
        wordRow[column] = .zero
      }
    }
  }

  private func applyBitEnds(_ row: Int) {
    let last = array.rows - 1
    let merged = array.isMerged(word: false)
    for (end, place) in [(LineEnd.bitFirst, 0), (.bitLast, last)] {
      guard let potentials = ends[end] else { continue }
      for (column, resistance) in array.wires.ends[end].enumerated() where resistance < .infinity {
        if resistance > 0 {
          guard row == place else { continue }
          let here = bit[row * array.columns + column]
          let flow = (potentials[column] - here) * Wide(repeating: 1 / resistance)
          bitRow.pointer[column] += flow
          note(flow)
        } else if merged {
          gathered.pointer[column] += bitRow[column]
          bitRow[column] = .zero
          if row == last { note(gathered[column]) }
        } else if row == place {
          note(bitRow[column])
          bitRow[column] = .zero
        }
      }
    }
  }

  private func note(_ current: Wide) {
    for lane in 0..<Wide.laneCount {
      fullScale.setLane(lane, max(fullScale.lane(lane), abs(current.lane(lane))))
    }
  }
}

extension WiredArray {
  /// Every line at the mean potential of its terminals: what ideal wires would leave.
  fileprivate func idealPotentials(_ potentials: LineEnds) -> NodePotentials {
    func mean(_ first: LineEnd, _ last: LineEnd) -> [Double] {
      potentials[first].indices.map { line in
        let connected = [first, last].filter { wires.ends[$0][line] < .infinity }
        guard !connected.isEmpty else { return 0 }
        return connected.reduce(0) { $0 + potentials[$1][line] } / Double(connected.count)
      }
    }
    let words = mean(.wordFirst, .wordLast)
    let bits = mean(.bitFirst, .bitLast)
    return NodePotentials(
      word: words.flatMap { [Double](repeating: $0, count: columns) },
      bit: (0..<rows).flatMap { _ in bits })
  }
}

extension NodePotentials {
  /// These potentials with the given ones of ideal ends in their places.
  fileprivate func holding(_ given: NodePotentials, of array: WiredArray) -> NodePotentials {
    var result = self
    let columns = array.columns
    for (end, resistances) in array.wires.ends.groups {
      let merged = array.isMerged(word: end.isWord)
      for line in resistances.indices where resistances[line] == 0 {
        let node = array.node(at: end, line: line) % array.devices.count
        if end.isWord {
          let line = merged ? line * columns..<(line + 1) * columns : node..<node + 1
          for at in line { result.word[at] = given.word[at] }
        } else if merged {
          for row in 0..<array.rows { result.bit[row * columns + line] = given.bit[row * columns + line] }
        } else {
          result.bit[node] = given.bit[node]
        }
      }
    }
    return result
  }
}
