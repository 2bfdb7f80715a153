package import Failures
package import Mathematics

/// A layer in its place: the shapes it connects and the array that carries its weights.
package struct PlacedLayer: Equatable, Sendable {
  /// What the configuration says.
  package var description: LayerDescription
  /// What enters.
  package var input: MapShape
  /// What leaves.
  package var output: MapShape
  /// The kernel on the larger map; nil for dense layers.
  package var patches: PatchGeometry?
  /// Word lines of the array, without the bias.
  package var lines: Int
  /// Weights per word line.
  package var columns: Int

  /// Reads of the array per sample and pass.
  package var positions: Int { patches?.positions ?? 1 }
  /// Weights that are trained, without biases.
  package var weights: Int { description.isTrained ? lines * columns : 0 }

  /// Inputs whose weighted sum makes one output, on the average.
  var fanIn: Double {
    guard case .transposedConvolution(let filters) = description.kind else { return Double(lines) }
    return Double(lines * filters.kernel * filters.kernel)
      / Double(filters.stride * filters.stride)
  }
}

extension NetworkDescription {
  /// The layers with their shapes.
  ///
  /// - Throws: ``Failure`` of kind `usage` at `place` when a layer does not fit its input.
  package func placed(at place: String) throws(Failure) -> [PlacedLayer] {
    guard !layers.isEmpty, input.units > 0 else {
      throw Failure(
        .usage, at: place, "needs an input and at least one layer, of at least one unit each")
    }
    var shape = input
    var placed: [PlacedLayer] = []
    for layer in layers {
      guard let next = layer.placed(on: shape) else {
        throw Failure(
          .usage, at: place,
          layer.problem(on: shape)
            ?? "needs an input and at least one layer, of at least one unit each")
      }
      let output = next.output
      guard let units = Int.product(output.channels, output.height, output.width),
        units <= MapShape.mostUnits
      else {
        throw Failure(
          .usage, at: place,
          "\(layer) on \(shape) makes a map of more than \(MapShape.mostUnits) elements")
      }
      placed.append(next)
      shape = next.output
    }
    return placed
  }
}

extension LayerDescription {
  /// The larger map and the kernel that moves over it; nil for dense layers.
  private func kernel(on input: MapShape) -> (map: MapShape, kernel: Filters)? {
    switch kind {
    case .dense: return nil
    case .convolution(let filters): return (input, filters)
    case .meanPool(let edge):
      return (input, Filters(input.channels, kernel: edge, stride: edge, padding: 0))
    case .transposedConvolution(let filters):
      func extent(_ positions: Int) -> Int {
        // As many pixels as the stride promises, where a convolution of them has these positions.
        let (promised, spread) = (positions * filters.stride, filters.kernel - 2 * filters.padding)
        let covered = (promised - spread) / max(1, filters.stride) + 1
        return promised >= spread && covered == positions
          ? promised : (positions - 1) * filters.stride + spread
      }
      return (
        MapShape(
          channels: filters.count, height: extent(input.height), width: extent(input.width)),
        filters
      )
    }
  }

  /// What keeps the layer from its input, or nil.
  fileprivate func problem(on input: MapShape) -> String? {
    guard let (map, filters) = kernel(on: input) else {
      guard case .dense(let shape) = kind, shape.units > 0 else {
        return "needs an input and at least one layer, of at least one unit each"
      }
      return nil
    }
    if case .meanPool(let edge) = kind, input.height % edge != 0 || input.width % edge != 0 {
      return "\(self) does not divide the map \(input)"
    }
    return PatchGeometry.problem(
      height: map.height, width: map.width, kernel: filters.kernel, stride: filters.stride,
      padding: filters.padding
    ).map { "\(self) on \(input): \($0)" }
  }

  fileprivate func placed(on input: MapShape) -> PlacedLayer? {
    guard problem(on: input) == nil else { return nil }
    guard let (map, filters) = kernel(on: input) else {
      guard case .dense(let shape) = kind else { return nil }
      return PlacedLayer(
        description: self, input: input, output: shape, patches: nil, lines: input.units,
        columns: shape.units)
    }
    var isPool = false
    if case .meanPool = kind { isPool = true }
    let patches = PatchGeometry(
      channels: map.channels, height: map.height, width: map.width, kernel: filters.kernel,
      stride: filters.stride, padding: filters.padding, isDepthwise: isPool)
    if case .transposedConvolution = kind {
      return PlacedLayer(
        description: self, input: input, output: map, patches: patches, lines: input.channels,
        columns: patches.lines)
    }
    return PlacedLayer(
      description: self, input: input,
      output: MapShape(
        channels: filters.count, height: patches.outputHeight, width: patches.outputWidth),
      patches: patches, lines: patches.lines, columns: isPool ? 1 : filters.count)
  }
}
