/// Potentials and currents of an array for one set of terminal potentials.
package struct ArraySolution: Equatable, Sendable {
  /// Potentials of all nodes in volts.
  package var nodes: NodePotentials
  /// Current from each line end into its terminal in amperes; zero at floating ends.
  package var currents: LineEnds
  /// How well Kirchhoff's law holds, and what it took.
  package var report: SolveReport

  /// Current into the terminals of each bit line, amperes.
  package var outputs: [Double] { currents.bitTotals }
}

/// How good a solution is.
package struct SolveReport: Equatable, Sendable {
  /// Largest violation of Kirchhoff's current law at any node, amperes.
  package var residual: Double
  /// Largest current of any terminal or device, amperes: what the residual is compared with.
  package var largestCurrent: Double
  /// Newton steps, or cycles of the iterative solver.
  package var iterations: Int
  /// Steps of conjugate gradients, or of iterative refinement in the exact solver.
  package var innerIterations: Int
  /// Power from all terminals into the array, watts.
  package var suppliedPower: Double
  /// Power dissipated in devices, segments and end resistances, watts.
  package var dissipatedPower: Double
  /// Estimate of the largest error of any terminal current, amperes; nil when the solver is exact
  /// to rounding.
  package var currentError: Double?
}

extension WiredArray {
  /// Currents, power and residual that follow from node potentials.
  func solution(
    nodes: NodePotentials, potentials: LineEnds, iterations: Int, innerIterations: Int,
    currentError: Double? = nil
  ) -> ArraySolution {
    let voltages = nodes.deviceVoltages
    let deviceCurrents = devices.currents(at: voltages)
    var sums = nodeCurrents(nodes, potentials: potentials, deviceCurrents: deviceCurrents)
    let currents = terminalCurrents(nodes, potentials: potentials, sums: &sums)
    let residual = max(sums.word.largestMagnitude, sums.bit.largestMagnitude)
    var supplied = 0.0
    for end in LineEnd.allCases {
      for (line, resistance) in wires.ends[end].enumerated() where resistance < .infinity {
        supplied -= potentials[end][line] * currents[end][line]
      }
    }
    return ArraySolution(
      nodes: nodes, currents: currents,
      report: SolveReport(
        residual: residual,
        largestCurrent: max(currents.largestMagnitude, deviceCurrents.largestMagnitude),
        iterations: iterations, innerIterations: innerIterations, suppliedPower: supplied,
        dissipatedPower: dissipated(
          nodes, voltages: voltages, deviceCurrents: deviceCurrents, terminalCurrents: currents),
        currentError: currentError))
  }

  /// Currents into the terminals; what an ideal end takes is removed from the sums of its node.
  private func terminalCurrents(
    _ nodes: NodePotentials, potentials: LineEnds, sums: inout NodePotentials
  ) -> LineEnds {
    var currents = LineEnds(rows: rows, columns: columns)
    for end in LineEnd.allCases {
      let merged = isMerged(word: end.isWord)
      for (line, resistance) in wires.ends[end].enumerated() where resistance < .infinity {
        let node = node(at: end, line: line) - (end.isWord ? 0 : devices.count)
        if resistance > 0 {
          let here = end.isWord ? nodes.word[node] : nodes.bit[node]
          currents[end][line] = (here - potentials[end][line]) / resistance
          continue
        }
        // Two ideal ends of an ideal line are the same node; each is given half.
        let opposite = wires.ends[end.opposite][line]
        let fraction = merged && opposite == 0 ? 0.5 : 1
        let at = merged ? (end.isWord ? line * columns : line) : node
        currents[end][line] = fraction * (end.isWord ? sums.word[at] : sums.bit[at])
      }
    }
    for end in LineEnd.allCases {
      for (line, resistance) in wires.ends[end].enumerated() where resistance == 0 {
        let node = node(at: end, line: line) - (end.isWord ? 0 : devices.count)
        let at = isMerged(word: end.isWord) ? (end.isWord ? line * columns : line) : node
        if end.isWord { sums.word[at] = 0 } else { sums.bit[at] = 0 }
      }
    }
    return currents
  }

  private func dissipated(
    _ nodes: NodePotentials, voltages: [Double], deviceCurrents: [Double],
    terminalCurrents: LineEnds
  ) -> Double {
    var devicePower = 0.0
    for index in voltages.indices { devicePower += voltages[index] * deviceCurrents[index] }
    var squares = (word: 0.0, bit: 0.0)
    for row in 0..<rows {
      for at in row * columns..<(row + 1) * columns {
        if at + 1 < (row + 1) * columns {
          let drop = nodes.word[at] - nodes.word[at + 1]
          squares.word += drop * drop
        }
        if row + 1 < rows {
          let drop = nodes.bit[at] - nodes.bit[at + columns]
          squares.bit += drop * drop
        }
      }
    }
    var endPower = 0.0
    for end in LineEnd.allCases {
      for (resistance, current) in zip(wires.ends[end], terminalCurrents[end])
      where resistance < .infinity { endPower += resistance * current * current }
    }
    return devicePower + squares.word * segmentConductance(word: true)
      + squares.bit * segmentConductance(word: false) + endPower
  }
}

extension LineEnd {
  var opposite: LineEnd {
    switch self {
    case .wordFirst: .wordLast
    case .wordLast: .wordFirst
    case .bitFirst: .bitLast
    case .bitLast: .bitFirst
    }
  }
}

extension [Double] {
  /// Largest magnitude; NaN when any element is.
  var largestMagnitude: Double {
    reduce(0) { $1.isNaN || $0.isNaN ? .nan : Swift.max($0, abs($1)) }
  }
}
