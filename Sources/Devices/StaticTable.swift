/// Expansion coefficients aₖ(G, z) as a table over conductance at one temperature.
///
/// Linear interpolation between the nodes of a ``ConductanceGrid``. The relative error of a
/// quadratic coefficient is below 2 · 10⁻⁶; tests hold it against the model itself.
public struct StaticTable: Sendable {
  /// The basis functions, in the order of the coefficients.
  public let basis: [BasisFunction]
  @usableFromInline let grid: ConductanceGrid
  /// Per node: means, deviations, then the two borders of z.
  @usableFromInline let nodes: [Float]
  @usableFromInline let stride: Int

  /// A deviation no draw reaches, in place of infinite borders that cannot be interpolated.
  static let unrestricted = 1e3

  /// Tabulates a model over a range of conductances and up to one node, 1/256 octave, beyond.
  ///
  /// - Parameters:
  ///   - temperature: kelvin.
  ///   - spread: false leaves out the device-to-device spread.
  public init(
    _ model: any StaticModel, range: ClosedRange<Double>, temperature: Double, spread: Bool = true
  ) {
    basis = model.basis
    grid = ConductanceGrid(covering: range)
    stride = 2 * basis.count + 2
    var nodes: [Float] = []
    nodes.reserveCapacity(grid.count * stride)
    for node in 0..<grid.count {
      let values = model.coefficients(conductance: grid.node(node), temperature: temperature)
      nodes += values.mean.map { Float($0) }
      nodes += values.deviation.map { spread ? Float($0) : 0 }
      nodes += [values.admissible.lowerBound, values.admissible.upperBound].map {
        Float(min(max($0, -Self.unrestricted), Self.unrestricted))
      }
    }
    self.nodes = nodes
  }

  /// Writes the coefficients of a device, one per basis function, to `target`.
  @inlinable @inline(__always)
  public func coefficients(
    at conductance: Float, z: Float, into target: UnsafeMutablePointer<Float>
  ) {
    let (node, fraction) = grid.locate(conductance)
    let terms = basis.count
    nodes.withUnsafeBufferPointer { nodes in
      guard let base = nodes.baseAddress else { return }
      let low = base + node &* stride
      let high = low + stride
      let lowest = low[2 &* terms] + (high[2 &* terms] - low[2 &* terms]) * fraction
      let highest =
        low[2 &* terms &+ 1] + (high[2 &* terms &+ 1] - low[2 &* terms &+ 1]) * fraction
      let held = z < lowest ? lowest : z > highest ? highest : z
      for term in 0..<terms {
        let mean = low[term] + (high[term] - low[term]) * fraction
        let spread =
          low[terms &+ term] + (high[terms &+ term] - low[terms &+ term]) * fraction
        target[term] = mean + held * spread
      }
    }
  }
}
