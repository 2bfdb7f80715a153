public import Mathematics

/// Expansion coefficients aₖ(G, z) as a table over conductance at one temperature.
///
/// Linear interpolation between the nodes of a ``ConductanceGrid``. The relative error of a
/// quadratic coefficient is below 2 · 10⁻⁶; tests hold it against the model itself.
public struct StaticTable: Sendable {
  /// The basis functions, in the order of the coefficients.
  package let basis: [BasisFunction]
  @usableFromInline let grid: ConductanceGrid
  /// Per node: means, deviations, then the two borders of z; filled up to eights, which are
  /// interpolated together.
  @usableFromInline let nodes: Storage<Float>
  @usableFromInline let stride: Int
  @usableFromInline let terms: Int

  /// A deviation no draw reaches, in place of infinite borders that cannot be interpolated.
  static let unrestricted = 1e3

  /// Tabulates a model over a range of conductances and up to one node, 1/256 octave, beyond.
  ///
  /// - Parameters:
  ///   - temperature: kelvin.
  ///   - spread: false leaves out the device-to-device spread.
  package init(
    _ model: any StaticModel, range: ClosedRange<Double>, temperature: Double, spread: Bool = true
  ) {
    basis = model.basis
    terms = basis.count
    grid = ConductanceGrid(covering: range)
    stride = (2 * basis.count + 2 + 7) / 8 * 8
    var nodes: [Float] = []
    nodes.reserveCapacity(grid.count * stride)
    for node in 0..<grid.count {
      let values = model.coefficients(conductance: grid.node(node), temperature: temperature)
      nodes += values.mean.map { Float($0) }
      nodes += values.deviation.map { spread ? Float($0) : 0 }
      nodes += [values.admissible.lowerBound, values.admissible.upperBound].map {
        Float(min(max($0, -Self.unrestricted), Self.unrestricted))
      }
      nodes += [Float](repeating: 0, count: (node + 1) * stride - nodes.count)
    }
    self.nodes = Storage(nodes)
  }

  /// Writes the coefficients of a device, one per basis function, to `target`.
  @inlinable @inline(__always)
  public func coefficients(
    at conductance: Float, z: Float, into target: UnsafeMutablePointer<Float>
  ) {
    // Two terms, as most models have, stay in one register.
    if terms == 2 {
      let ends = twoTerms(at: conductance, z: z)
      (target[0], target[1]) = (ends[0], ends[1])
      return
    }
    let (node, fraction) = grid.locate(conductance)
    let low = UnsafeRawPointer(nodes.base + node &* stride)
    let high = low + stride &* MemoryLayout<Float>.stride
    withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: stride / 8) { lanes in
      for lane in lanes.indices {
        let below = low.loadUnaligned(fromByteOffset: lane &* 32, as: SIMD8<Float>.self)
        let above = high.loadUnaligned(fromByteOffset: lane &* 32, as: SIMD8<Float>.self)
        lanes[lane] = below + (above - below) * fraction
      }
      guard let address = lanes.baseAddress else { return }
      let values = UnsafeRawPointer(address).assumingMemoryBound(to: Float.self)
      let (lowest, highest) = (values[2 &* terms], values[2 &* terms &+ 1])
      let held = z < lowest ? lowest : z > highest ? highest : z
      for term in 0..<terms { target[term] = values[term] + held * values[terms &+ term] }
    }
  }

  /// The coefficients of a device whose model has two basis functions.
  @inlinable @inline(__always)
  public func twoTerms(at conductance: Float, z: Float) -> SIMD2<Float> {
    let (node, fraction) = grid.locate(conductance)
    let low = UnsafeRawPointer(nodes.base + node &* stride)
    let below = low.loadUnaligned(as: SIMD8<Float>.self)
    let above = (low + stride &* MemoryLayout<Float>.stride).loadUnaligned(as: SIMD8<Float>.self)
    let values = below + (above - below) * fraction
    let held = z < values[4] ? values[4] : z > values[5] ? values[5] : z
    return values.lowHalf.lowHalf + held * values.lowHalf.highHalf
  }
}
