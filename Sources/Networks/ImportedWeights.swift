package import Failures
package import Files
import Mathematics

/// Weights of layers that were trained elsewhere, as layers begin with them.
package struct ImportedWeights: Equatable, Sendable {
  /// (lines + 1) × columns with the biases last, by layer: `generator.0`.
  private var layers: [String: Matrix] = [:]

  /// Weights of PyTorch's `state_dict` for the networks of a plan.
  ///
  /// Layers are counted among those with weights: `generator.0.weight` and `generator.2.weight` are the
  /// first and the second. A network without any keeps its own initial weights; arrays other than
  /// `weight` and `bias` are passed over.
  ///
  /// - Throws: ``Failure`` of kind `badData` for another number of layers and other shapes.
  package init(_ tensors: [Tensor], for networks: NetworkPlan, at place: String) throws(Failure) {
    var known = 0
    for (role, network) in [
      (NetworkRole.generator, networks.generator), (.discriminator, networks.discriminator),
    ] {
      let placed = try network.placed(at: "networks.\(role.rawValue)")
      let trained = placed.enumerated().filter { $0.element.description.isTrained }
      let numbers = Self.numbers(of: tensors, network: role.rawValue)
      known += numbers.count
      guard !numbers.isEmpty else { continue }
      guard numbers.count == trained.count else {
        throw Failure(
          .badData, at: place,
          "has \(numbers.count) layers of the \(role.rawValue), the networks have \(trained.count)")
      }
      for (number, (index, layer)) in zip(numbers, trained) {
        let name = "\(role.rawValue).\(number)"
        layers["\(LayerRole(role, index))"] = try layer.weights(
          tensors.first { $0.name == "\(name).weight" },
          bias: tensors.first { $0.name == "\(name).bias" },
          patchBias: tensors.first { $0.name == "\(name).patch_bias" }, at: "\(place): \(name)")
      }
    }
    guard known > 0 else {
      throw Failure(
        .badData, at: place, "holds no weights of a generator or discriminator",
        remedy: "names are generator.0.weight, generator.0.bias, … and discriminator.0.weight, …")
    }
  }

  /// Weights by the layer's name; what is not there keeps its own.
  init(_ layers: [String: Matrix]) { self.layers = layers }

  subscript(role: LayerRole) -> Matrix? { layers["\(role)"] }

  /// Numbers of the layers of a network that have weights, in order.
  private static func numbers(of tensors: [Tensor], network: String) -> [Int] {
    tensors.compactMap { tensor in
      let parts = tensor.name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == network, parts[2] == "weight" else { return nil }
      return Int(parts[1])
    }.sorted()
  }
}

extension PlacedLayer {
  /// Shape of `weight` in PyTorch: (outputs, inputs), of convolutions with two extents of the kernel.
  private var tensorShape: [Int] {
    switch description.kind {
    case .convolution(let filters):
      [filters.count, input.channels, filters.kernel, filters.kernel]
    case .transposedConvolution(let filters):
      [input.channels, filters.count, filters.kernel, filters.kernel]
    default: [columns, lines]
    }
  }

  /// Whether a column of weights is a row of the tensor.
  private var isTransposed: Bool {
    if case .transposedConvolution = description.kind { false } else { true }
  }

  /// Biases of a column, which all pixels of a filter share behind a transposed convolution.
  private var biasCount: Int {
    if case .transposedConvolution(let filters) = description.kind {
      filters.count
    } else {
      columns
    }
  }

  /// The array's weights from PyTorch's.
  fileprivate func weights(
    _ weight: Tensor?, bias: Tensor?, patchBias: Tensor?, at place: String
  ) throws(Failure) -> Matrix {
    guard let weight, weight.shape == tensorShape else {
      let found = weight.map { "has shape \($0.shape)" } ?? "is missing"
      throw Failure(.badData, at: "\(place).weight", "\(found), expected \(tensorShape)")
    }
    guard bias == nil || bias?.shape == [biasCount] else {
      throw Failure(
        .badData, at: "\(place).bias", "has shape \(bias?.shape ?? []), expected [\(biasCount)]")
    }
    let ofPatches = isTransposed ? nil : patchBias
    guard ofPatches == nil || ofPatches?.values.count == columns else {
      throw Failure(.badData, at: "\(place).patch_bias", "does not fit the patches")
    }
    let biases = bias?.values ?? []
    guard (weight.values + biases + (ofPatches?.values ?? [])).allSatisfy(\.isFinite) else {
      throw Failure(.badData, at: place, "holds a number that is not finite")
    }
    var matrix = Matrix(rows: lines + 1, columns: columns)
    for line in 0..<lines {
      for column in 0..<columns {
        matrix[line, column] =
          weight.values[isTransposed ? column * lines + line : line * columns + column]
      }
    }
    guard isTransposed || biases.allSatisfy({ $0 == 0 }) else {
      throw Failure(
        .badData, at: "\(place).bias",
        "is not zero: behind a transposed convolution an array adds its bias as often as patches"
          + " overlap, PyTorch once",
        remedy: "train it with bias=False")
    }
    for (column, value) in (isTransposed ? biases : ofPatches?.values ?? []).enumerated() {
      matrix[lines, column] = value
    }
    return matrix
  }

  /// PyTorch's `weight` and `bias` from the array's weights.
  func tensors(_ matrix: Matrix, name: String) -> [Tensor] {
    var values = [Float](repeating: 0, count: lines * columns)
    for line in 0..<lines {
      for column in 0..<columns {
        values[isTransposed ? column * lines + line : line * columns + column] =
          matrix[line, column]
      }
    }
    let bias = (0..<columns).map { matrix[lines, $0] }
    // Behind a transposed convolution it belongs to every element of a patch.
    return [
      Tensor(name: "\(name).weight", shape: tensorShape, values: values),
      Tensor(
        name: isTransposed ? "\(name).bias" : "\(name).patch_bias",
        shape: isTransposed ? [columns] : Array(tensorShape.dropFirst()), values: bias),
    ]
  }
}

extension GANTrainer {
  /// The weights that layers hold, as single reads find them, and the conductances behind them.
  ///
  /// Weights are named and laid out as in PyTorch's `state_dict` of the same layers: `generator.0.weight`.
  /// Conductances in siemens, those of references too, are (lines + 1) × columns with the bias line last.
  package var tensors: [Tensor] {
    get throws(Failure) {
      let weights = engine.weights
      var tensors: [Tensor] = []
      for (role, network) in [
        (NetworkRole.generator, plan.networks.generator),
        (.discriminator, plan.networks.discriminator),
      ] {
        for (index, layer) in try network.placed(at: "networks").enumerated()
        where layer.description.isTrained {
          let name = "\(LayerRole(role, index))"
          if let matrix = weights[name] { tensors += layer.tensors(matrix, name: name) }
        }
      }
      let trained = Set(engine.trainedLayers)
      let suffixes = [".plus", ".minus", ".reference-plus", ".reference-minus"]
      for array in engine.state {
        guard let suffix = suffixes.last(where: array.name.hasSuffix),
          trained.contains(String(array.name.dropLast(suffix.count)))
        else { continue }
        tensors.append(Tensor(name: array.name, shape: array.shape, values: array.values))
      }
      return tensors
    }
  }

  /// The digital network of the weights that this one's layers hold: no noise, curvature or wires.
  package var digital: GANTrainer {
    get throws(Failure) {
      var twin = plan
      twin.backend = .digital
      twin.imported = ImportedWeights(engine.weights)
      return try GANTrainer(plan: twin, device: device, workers: workers)
    }
  }
}
