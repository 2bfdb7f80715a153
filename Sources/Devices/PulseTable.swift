/// The response to one fixed pulse as a table over conductance: the form hot loops use.
///
/// Linear interpolation between the nodes of a ``ConductanceGrid``; where the model has kinks (bin
/// borders) it is smeared over one node distance, 1/256 of an octave.
public struct PulseTable: Sendable {
  /// The pulse that the table answers for.
  package let pulse: Pulse
  @usableFromInline let grid: ConductanceGrid
  /// Mean step and relative spread per node, side by side.
  @usableFromInline let nodes: [SIMD2<Float>]
  @usableFromInline let bounds: ClosedRange<Float>

  /// Tabulates a model over the conductances that bound devices, and up to one node beyond.
  ///
  /// - Parameter spread: false leaves out the device-to-device spread of the step.
  package init(
    _ model: any PulseModel, pulse: Pulse, bounds: ClosedRange<Double>, spread: Bool = true
  ) {
    self.pulse = pulse
    self.bounds = Float(bounds.lowerBound)...Float(bounds.upperBound)
    let grid = ConductanceGrid(covering: bounds)
    self.grid = grid
    nodes = (0..<grid.count).map { node in
      let response = model.response(to: pulse, conductance: grid.node(node))
      return SIMD2(Float(response.meanStep), spread ? Float(response.relativeSpread) : 0)
    }
  }

  /// Mean step at a conductance in siemens.
  @inlinable
  public func meanStep(at conductance: Float) -> Float {
    interpolated(conductance)[0]
  }

  /// Largest mean step within a range of conductances, in siemens.
  package func largestStep(within range: ClosedRange<Double>) -> Double {
    nodes.indices.reduce(0) {
      range.contains(grid.node($1)) ? max($0, Double(abs(nodes[$1][0]))) : $0
    }
  }

  /// Conductance after the pulse, clipped.
  ///
  /// - Parameters:
  ///   - z: the device's frozen deviation.
  ///   - cycle: 1 + the relative deviation of this one pulse, taken as zero when negative; or the
  ///     number of pulses together, as long as all of them change the device little.
  @inlinable @inline(__always)
  public func conductance(after conductance: Float, z: Float, cycle: Float = 1) -> Float {
    Self.moved(conductance, by: interpolated(conductance), z: z, cycle: cycle, within: bounds)
  }

  /// A conductance moved by a mean step and its spread, clipped.
  @inlinable @inline(__always)
  static func moved(
    _ conductance: Float, by response: SIMD2<Float>, z: Float, cycle: Float,
    within bounds: ClosedRange<Float>
  ) -> Float {
    let factor = 1 + z * response[1]
    let step = response[0] * (factor < 0 ? 0 : factor) * (cycle < 0 ? 0 : cycle)
    let moved = conductance + step
    let raised = moved < bounds.lowerBound ? bounds.lowerBound : moved
    return raised > bounds.upperBound ? bounds.upperBound : raised
  }

  @inlinable @inline(__always)
  func interpolated(_ conductance: Float) -> SIMD2<Float> {
    let (node, fraction) = grid.locate(conductance)
    return nodes.withUnsafeBufferPointer { nodes in
      nodes[node] + (nodes[node &+ 1] - nodes[node]) * fraction
    }
  }
}
