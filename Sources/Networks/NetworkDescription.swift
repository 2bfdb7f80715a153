/// The layers of a network, from its input on: what a configuration says of it.
package struct NetworkDescription: Equatable, Sendable {
  /// What enters: a latent vector, or an image.
  package var input: MapShape
  /// Layers in order.
  package var layers: [LayerDescription]

  /// Layers after an input.
  package init(input: MapShape, layers: [LayerDescription]) {
    self.input = input
    self.layers = layers
  }

  /// Fully connected layers from their sizes, the input's first.
  package init(_ sizes: [Int]) {
    input = MapShape(units: sizes.first ?? 0)
    layers = sizes.dropFirst().map { LayerDescription(.dense(MapShape(units: $0))) }
  }

  /// Sizes of a network of dense layers without maps, the input's first; nil for any other.
  package var sizes: [Int]? {
    guard input.isVector else { return nil }
    var sizes = [input.channels]
    for layer in layers {
      guard layer.dropout == nil, case .dense(let shape) = layer.kind, shape.isVector else {
        return nil
      }
      sizes.append(shape.channels)
    }
    return sizes
  }
}

extension NetworkDescription: ExpressibleByArrayLiteral {
  /// Fully connected layers from their sizes.
  package init(arrayLiteral sizes: Int...) { self.init(sizes) }
}

/// Channels of pixels; a vector is a map of one pixel per channel.
package struct MapShape: Equatable, Sendable {
  /// Maps side by side, or units of a vector.
  package var channels: Int
  /// Rows of pixels.
  package var height: Int
  /// Pixels per row.
  package var width: Int

  /// A map of some channels.
  package init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// A vector.
  package init(units: Int) { self.init(channels: units, height: 1, width: 1) }

  /// Elements of the map.
  package var units: Int { channels * height * width }
  /// Whether the map is a plain vector.
  package var isVector: Bool { height == 1 && width == 1 }
}

extension MapShape: CustomStringConvertible {
  /// `784` or `64x14x14`: channels, rows, columns.
  package var description: String {
    isVector ? "\(channels)" : "\(channels)x\(height)x\(width)"
  }
}

/// One layer of a network.
package struct LayerDescription: Equatable, Sendable {
  /// What a layer does to its input.
  package enum Kind: Equatable, Sendable {
    /// Every output from every input.
    case dense(MapShape)
    /// Filters that move over the map: a patch in, a pixel of every filter out.
    case convolution(Filters)
    /// Its transpose: a pixel of every channel in, a patch of every filter out, overlaps added.
    case transposedConvolution(Filters)
    /// Means over squares of this edge, each channel by itself.
    case meanPool(Int)
  }

  /// Kernels of a convolution.
  package struct Filters: Equatable, Sendable {
    /// Channels of the output.
    package var count: Int
    /// Edge of the kernel.
    package var kernel: Int
    /// Pixels between neighbouring positions.
    package var stride: Int
    /// Zeros around the larger map.
    package var padding: Int

    /// Filters with a padding of half a kernel unless another is given.
    package init(_ count: Int, kernel: Int, stride: Int = 1, padding: Int? = nil) {
      self.count = count
      self.kernel = kernel
      self.stride = stride
      self.padding = padding ?? (kernel - 1) / 2
    }
  }

  /// What the layer does.
  package var kind: Kind
  /// Share of its outputs that dropout switches open in training; nil without switches.
  package var dropout: Double?

  /// A layer, without dropout switches unless a share is given.
  package init(_ kind: Kind, dropout: Double? = nil) {
    self.kind = kind
    self.dropout = dropout
  }

  /// Whether pulses move the layer's weights.
  package var isTrained: Bool { if case .meanPool = kind { false } else { true } }
}
