/// Node potentials on their way to a solution, with the currents that are left over.
struct NewtonState {
  let array: WiredArray
  let equations: NodalEquations
  let potentials: LineEnds
  var nodes: NodePotentials
  /// dI/dV of every device at the present voltages.
  private(set) var slopes: [Double]
  /// Current left over at each unknown.
  private(set) var rightHandSide: [Double]
  private(set) var residual = Double.infinity
  private(set) var largestCurrent = 0.0
  var steps = 0
  var refinements = 0
  let slopeGuard: SlopeGuard
  private var deviceCurrents: [Double]

  /// Starts with all free nodes at 0 V and evaluates the currents.
  init(array: WiredArray, equations: NodalEquations, potentials: LineEnds) {
    self.array = array
    self.equations = equations
    self.potentials = potentials
    nodes = array.givenPotentials(potentials)
    let zeros = [Double](repeating: 0, count: array.devices.count)
    slopes = zeros
    slopeGuard = SlopeGuard(array.devices, scale: potentials.largestMagnitude)
    deviceCurrents = zeros
    rightHandSide = [Double](repeating: 0, count: equations.count)
    evaluate()
  }

  /// Residual that counts as zero: 10⁻¹² of the largest current and what potentials can hold.
  var acceptable: Double {
    1e-12 * largestCurrent + 16 * potentialScale.ulp / array.smallestResistance
  }

  private var potentialScale: Double {
    array.wires.ends.groups.reduce(0) { scale, group in
      zip(group.values, potentials[group.end]).reduce(scale) {
        $1.0 < .infinity ? max($0, abs($1.1)) : $0
      }
    }
  }

  /// Device currents and slopes, left-over currents and their size at the present potentials.
  mutating func evaluate(linearized: Bool = false) {
    let voltages = nodes.deviceVoltages
    if linearized || array.devices.isLinear {
      slopes = slopeGuard.start
      for index in deviceCurrents.indices {
        deviceCurrents[index] = slopes[index] * voltages[index]
      }
    } else {
      array.devices.evaluate(at: voltages, currents: &deviceCurrents, slopes: &slopes)
      slopeGuard.apply(to: &slopes)
    }
    let sums = array.nodeCurrents(nodes, potentials: potentials, deviceCurrents: deviceCurrents)
    for index in rightHandSide.indices { rightHandSide[index] = 0 }
    let cells = array.devices.count
    for cell in 0..<cells {
      let (word, bit) = (Int(equations.unknowns[cell]), Int(equations.unknowns[cells + cell]))
      if word >= 0 { rightHandSide[word] += sums.word[cell] }
      if bit >= 0 { rightHandSide[bit] += sums.bit[cell] }
    }
    residual = rightHandSide.largestMagnitude
    largestCurrent = max(deviceCurrents.largestMagnitude, largestEndCurrent)
  }

  private var largestEndCurrent: Double {
    LineEnd.allCases.reduce(0.0) { largest, end in
      array.wires.ends[end].enumerated().reduce(largest) { largest, entry in
        guard entry.element > 0, entry.element < .infinity else { return largest }
        let node = array.node(at: end, line: entry.offset)
        let cells = array.devices.count
        let here = node < cells ? nodes.word[node] : nodes.bit[node - cells]
        return max(largest, abs(potentials[end][entry.offset] - here) / entry.element)
      }
    }
  }

  mutating func move(along direction: [Double], by length: Double) {
    let cells = array.devices.count
    for cell in 0..<cells {
      let (word, bit) = (Int(equations.unknowns[cell]), Int(equations.unknowns[cells + cell]))
      if word >= 0 { nodes.word[cell] += length * direction[word] }
      if bit >= 0 { nodes.bit[cell] += length * direction[bit] }
    }
  }
}

extension WiredArray {
  /// All nodes at 0 V, except those at ideal ends, and the whole line where it is ideal too.
  func givenPotentials(_ potentials: LineEnds) -> NodePotentials {
    let zeros = [Double](repeating: 0, count: devices.count)
    var nodes = NodePotentials(word: zeros, bit: zeros)
    for (end, resistances) in wires.ends.groups {
      let merged = isMerged(word: end.isWord)
      for line in resistances.indices where resistances[line] == 0 {
        let value = potentials[end][line]
        let node = node(at: end, line: line) - (end.isWord ? 0 : devices.count)
        if end.isWord {
          nodes.word[node] = value
          if merged { for at in line * columns..<(line + 1) * columns { nodes.word[at] = value } }
        } else {
          nodes.bit[node] = value
          if merged { for row in 0..<rows { nodes.bit[row * columns + line] = value } }
        }
      }
    }
    return nodes
  }

  /// The smallest resistance of any wire or device that is not ideal, ohms.
  var smallestResistance: Double {
    let wire =
      [wires.wordSegment, wires.bitSegment]
      + wires.ends.groups.flatMap { $0.values }
    let smallestWire = wire.reduce(Double.infinity) { $1 > 0 ? min($0, $1) : $0 }
    return min(smallestWire, 1 / devices.slopesAtZero.largestMagnitude)
  }
}
