/// Potentials of a lane group on their way to a solution, in double precision, and the currents
/// that Kirchhoff's law leaves over.
final class LaneState<Element: Lanes> {
  typealias Wide = Element.Wide
  let array: WiredArray
  let word: Buffer<Wide>
  let bit: Buffer<Wide>
  /// Potentials behind the line ends.
  private let terminals: EndBuffers<Wide>
  /// Currents from the line ends into their terminals, as of the last residual.
  private let currents: EndBuffers<Wide>
  /// Largest current of any terminal, by lane.
  private(set) var fullScale = Wide.zero
  /// Largest current left over at a node beside a line end: what makes the current of an end
  /// resistance differ from what the array delivers to it.
  private(set) var endResidual = Wide.zero
  private let wordRow: Buffer<Wide>
  private let bitRow: Buffer<Wide>
  private let bitSums: Buffer<Wide>

  /// - Parameter padded: elements of a vector over all crosspoints.
  init(_ array: WiredArray, padded: Int) {
    self.array = array
    word = Buffer(count: padded, repeating: .zero)
    bit = Buffer(count: padded, repeating: .zero)
    wordRow = Buffer(count: array.columns, repeating: .zero)
    bitRow = Buffer(count: array.columns, repeating: .zero)
    bitSums = Buffer(count: array.columns, repeating: .zero)
    terminals = EndBuffers(rows: array.rows, columns: array.columns)
    currents = EndBuffers(rows: array.rows, columns: array.columns)
  }

  /// Takes new potentials at the terminals, at most one set per lane; spare lanes are zero.
  ///
  /// - Parameter guesses: potentials to start from; a lane without one starts with every line at
  ///   the mean potential of its terminals, as ideal wires would have it.
  func reset(inputs: [LineEnds], guesses: [NodePotentials]) {
    for end in LineEnd.allCases {
      let resistances = array.wires.ends[end]
      for line in resistances.indices {
        var potential = Wide.zero
        if resistances[line] < .infinity {
          for (lane, input) in inputs.enumerated() { potential.setLane(lane, input[end][line]) }
        }
        terminals[end][line] = potential
      }
    }
    for row in 0..<array.rows {
      let potential = meanPotential(.wordFirst, .wordLast, line: row)
      for at in row * array.columns..<(row + 1) * array.columns { word.pointer[at] = potential }
    }
    for column in 0..<array.columns {
      bit.pointer[column] = meanPotential(.bitFirst, .bitLast, line: column)
    }
    for at in array.columns..<max(array.columns, array.devices.count) {
      bit.pointer[at] = bit.pointer[at - array.columns]
    }
    for (lane, guess) in guesses.enumerated() where lane < Wide.laneCount {
      for at in 0..<array.devices.count {
        word.pointer[at].setLane(lane, guess.word[at])
        bit.pointer[at].setLane(lane, guess.bit[at])
      }
    }
    holdIdealEnds()
  }

  private func meanPotential(_ first: LineEnd, _ last: LineEnd, line: Int) -> Wide {
    let ends = array.wires.ends
    let isConnected = (ends[first][line] < .infinity, ends[last][line] < .infinity)
    let sum = terminals[first][line] + terminals[last][line]
    return isConnected.0 && isConnected.1 ? sum * Wide(repeating: 0.5) : sum
  }

  /// Puts the potentials of ideal ends on their nodes, and on the whole line where it is ideal too.
  private func holdIdealEnds() {
    let columns = array.columns
    for end in LineEnd.allCases {
      let merged = array.isMerged(word: end.isWord)
      for (line, resistance) in array.wires.ends[end].enumerated() where resistance == 0 {
        let value = terminals[end][line]
        let target = end.isWord ? word.pointer : bit.pointer
        if merged {
          let stride = end.isWord ? 1 : columns
          let first = end.isWord ? line * columns : line
          for step in 0..<(end.isWord ? columns : array.rows) {
            target[first + step * stride] = value
          }
        } else {
          target[array.node(at: end, line: line) % array.devices.count] = value
        }
      }
    }
  }

  /// Currents into the terminals of one lane, as of the last residual.
  func terminalCurrents(lane: Int) -> LineEnds {
    func lines(_ end: LineEnd) -> [Double] {
      let buffer = currents[end]
      return (0..<buffer.count).map { buffer[$0].lane(lane) }
    }
    return LineEnds(
      wordFirst: lines(.wordFirst), wordLast: lines(.wordLast), bitFirst: lines(.bitFirst),
      bitLast: lines(.bitLast))
  }

  /// The potentials of one lane.
  func nodes(lane: Int) -> NodePotentials {
    let range = 0..<array.devices.count
    return NodePotentials(
      word: range.map { word.pointer[$0].lane(lane) }, bit: range.map { bit.pointer[$0].lane(lane) }
    )
  }

  /// Largest current that any bit line would carry at the present potentials, from its devices.
  func largestBitCurrent(slopes: [Double]) -> Wide {
    let columns = array.columns
    for column in 0..<columns { bitRow.pointer[column] = .zero }
    slopes.withUnsafeBufferPointer { slopes in
      for row in 0..<array.rows {
        for column in 0..<columns {
          let at = row &* columns &+ column
          bitRow.pointer[column] +=
            (word.pointer[at] - bit.pointer[at]) * Wide(repeating: slopes[at])
        }
      }
    }
    var largest = Wide.zero
    for column in 0..<columns { largest = Self.larger(largest, bitRow.pointer[column]) }
    return largest
  }

  /// Left-over currents of every node, the currents of all terminals and the full scale.
  ///
  /// - Parameter current: the devices' currents from the potentials, by place and voltage.
  func residual(
    wordResidual: UnsafeMutablePointer<Element>,
    bitResidual: UnsafeMutablePointer<Element>, current: (Int, Wide) -> Wide
  ) {
    let columns = array.columns
    let wordConductance = Wide(repeating: array.segmentConductance(word: true))
    let bitConductance = Wide(repeating: array.segmentConductance(word: false))
    fullScale = .zero
    endResidual = .zero
    bitSums.clear(.zero)
    for end in LineEnd.allCases { currents[end].clear(.zero) }
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
        for column in 0..<columns {
          y[column] += (b[column - columns] - b[column]) * bitConductance
        }
      }
      if row < array.rows - 1 {
        for column in 0..<columns {
          y[column] += (b[column + columns] - b[column]) * bitConductance
        }
      }
      applyWordEnds(row)
      applyBitEnds(row)
      noteEndResiduals(row)
      for column in 0..<columns {
        wordResidual[row * columns + column] = Element(narrowing: x[column])
        bitResidual[row * columns + column] = Element(narrowing: y[column])
      }
    }
  }

  private func noteEndResiduals(_ row: Int) {
    let last = array.columns - 1
    if array.isMerged(word: true) {
      var sum = Wide.zero
      for column in 0...last { sum += wordRow[column] }
      endResidual = Self.larger(endResidual, sum)
    } else {
      endResidual = Self.larger(Self.larger(endResidual, wordRow[0]), wordRow[last])
    }
    let isMerged = array.isMerged(word: false)
    if isMerged { for column in 0...last { bitSums.pointer[column] += bitRow[column] } }
    guard row == array.rows - 1 || row == 0 && !isMerged else { return }
    let source = isMerged ? bitSums : bitRow
    for column in 0...last { endResidual = Self.larger(endResidual, source[column]) }
  }

  private func applyWordEnds(_ row: Int) {
    let last = array.columns - 1
    let merged = array.isMerged(word: true)
    for (end, column) in [(LineEnd.wordFirst, 0), (.wordLast, last)] {
      let resistance = array.wires.ends[end][row]
      guard resistance < .infinity else { continue }
      if resistance > 0 {
        let here = word[row * array.columns + column]
        let flow = (terminals[end][row] - here) * Wide(repeating: 1 / resistance)
        wordRow.pointer[column] += flow
        take(.zero - flow, end, row)
      } else {
        // An ideal end takes whatever its node, or its ideal line, is left with.
        for column in merged ? 0...last : column...column {
          take(wordRow[column], end, row)
          wordRow[column] = .zero
        }
      }
    }
  }

  private func applyBitEnds(_ row: Int) {
    let last = array.rows - 1
    let merged = array.isMerged(word: false)
    for (end, place) in [(LineEnd.bitFirst, 0), (.bitLast, last)] {
      for (column, resistance) in array.wires.ends[end].enumerated() where resistance < .infinity {
        if resistance > 0 {
          guard row == place else { continue }
          let here = bit[row * array.columns + column]
          let flow = (terminals[end][column] - here) * Wide(repeating: 1 / resistance)
          bitRow.pointer[column] += flow
          take(.zero - flow, end, column)
        } else if merged || row == place {
          take(bitRow[column], end, column)
          bitRow[column] = .zero
        }
      }
    }
  }

  private func take(_ current: Wide, _ end: LineEnd, _ line: Int) {
    let total = currents[end][line] + current
    currents[end][line] = total
    fullScale = Self.larger(fullScale, total)
  }

  @inline(__always)
  private static func larger(_ a: Wide, _ b: Wide) -> Wide { Wide.larger(a, magnitudeOf: b) }
}

/// A buffer for each kind of line end.
private final class EndBuffers<Element> where Element: Lanes {
  private let wordFirst: Buffer<Element>
  private let wordLast: Buffer<Element>
  private let bitFirst: Buffer<Element>
  private let bitLast: Buffer<Element>

  init(rows: Int, columns: Int) {
    wordFirst = Buffer(count: rows, repeating: .zero)
    wordLast = Buffer(count: rows, repeating: .zero)
    bitFirst = Buffer(count: columns, repeating: .zero)
    bitLast = Buffer(count: columns, repeating: .zero)
  }

  subscript(end: LineEnd) -> Buffer<Element> {
    switch end {
    case .wordFirst: wordFirst
    case .wordLast: wordLast
    case .bitFirst: bitFirst
    case .bitLast: bitLast
    }
  }
}
