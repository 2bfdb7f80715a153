/// Potentials of all nodes of an array, in volts.
package struct NodePotentials: Equatable, Sendable {
  /// Word-line nodes, row by row.
  package var word: [Double]
  /// Bit-line nodes, row by row.
  package var bit: [Double]

  /// Potentials in volts, rows × columns on each kind of line.
  package init(word: [Double], bit: [Double]) {
    self.word = word
    self.bit = bit
  }

  /// Voltages of the devices: word line minus bit line.
  package var deviceVoltages: [Double] {
    var result = word
    for index in result.indices { result[index] -= bit[index] }
    return result
  }
}

extension WiredArray {
  /// Sum of the currents that flow into each node through devices, segments and end resistances.
  ///
  /// Zero by Kirchhoff's law, except at nodes of ideal ends, where it is what the terminal takes.
  /// Nodes of an ideal line are one: their sum is in the line's first node, zero in the others.
  func nodeCurrents(
    _ nodes: NodePotentials, potentials: LineEnds, deviceCurrents: [Double]
  ) -> NodePotentials {
    var sums = NodePotentials(word: deviceCurrents, bit: deviceCurrents)
    for index in sums.word.indices { sums.word[index] = -sums.word[index] }
    addSegmentCurrents(nodes, to: &sums)
    for end in LineEnd.allCases {
      for (line, resistance) in wires.ends[end].enumerated()
      where resistance > 0 && resistance < .infinity {
        let node = node(at: end, line: line) - (end.isWord ? 0 : devices.count)
        let here = end.isWord ? nodes.word[node] : nodes.bit[node]
        let current = (potentials[end][line] - here) / resistance
        if end.isWord { sums.word[node] += current } else { sums.bit[node] += current }
      }
    }
    if isMerged(word: true) { gatherRows(&sums.word) }
    if isMerged(word: false) { gatherColumns(&sums.bit) }
    return sums
  }

  private func addSegmentCurrents(_ nodes: NodePotentials, to sums: inout NodePotentials) {
    let (wordConductance, bitConductance) = (
      segmentConductance(word: true), segmentConductance(word: false)
    )
    nodes.word.withUnsafeBufferPointer { word in
      sums.word.withUnsafeMutableBufferPointer { sum in
        guard wordConductance > 0 else { return }
        for row in 0..<rows {
          for at in row * columns..<(row + 1) * columns - 1 {
            let current = (word[at] - word[at + 1]) * wordConductance
            sum[at] -= current
            sum[at + 1] += current
          }
        }
      }
    }
    nodes.bit.withUnsafeBufferPointer { bit in
      sums.bit.withUnsafeMutableBufferPointer { sum in
        guard bitConductance > 0 else { return }
        for at in 0..<(rows - 1) * columns {
          let current = (bit[at] - bit[at + columns]) * bitConductance
          sum[at] -= current
          sum[at + columns] += current
        }
      }
    }
  }

  /// 1/r of a segment; zero where the line is cut, and where it is one node.
  func segmentConductance(word: Bool) -> Double {
    if isMerged(word: word) { return 0 }
    return 1 / (word ? wires.wordSegment : wires.bitSegment)
  }

  private func gatherRows(_ values: inout [Double]) {
    for row in 0..<rows {
      let line = row * columns..<(row + 1) * columns
      let sum = values[line].reduce(0, +)
      for index in line { values[index] = 0 }
      values[line.lowerBound] = sum
    }
  }

  private func gatherColumns(_ values: inout [Double]) {
    for column in 0..<columns {
      var sum = 0.0
      for index in stride(from: column, to: values.count, by: columns) {
        sum += values[index]
        values[index] = 0
      }
      values[column] = sum
    }
  }
}
