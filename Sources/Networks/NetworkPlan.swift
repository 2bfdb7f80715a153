/// Layers and activations of the two networks.
package struct NetworkPlan: Equatable, Sendable {
  /// The preset that the layers came from; they may have been changed since.
  package var preset = NetworkPreset.fullyConnected
  /// From the latent vector to the image.
  package var generator: NetworkDescription = [100, 128, 784]
  /// From the image to one logit.
  package var discriminator: NetworkDescription = [784, 128, 1]
  /// Slope of the leaky rectifier below zero, in hidden layers of the generator.
  package var generatorSlope: Float = 0.2
  /// The same in the discriminator.
  package var discriminatorSlope: Float = 0.2
  /// Signal at which a rectifier's output meets the supply rail, a signal of one being one volt
  /// between layers; zero leaves rectifiers unclipped.
  package var supply: Float = 0
  /// How the columns of dense layers are read.
  package var columns = ColumnReading.parallel

  /// 100-128-784 and 784-128-1.
  package init() {}
}

/// When the columns of a dense layer are read.
package enum ColumnReading: String, Sendable, CaseIterable {
  /// All columns at once, each with a read-out of its own.
  case parallel
  /// One column after another through one read-out.
  case sequential
}

/// Networks that go by a name.
package enum NetworkPreset: String, Sendable, CaseIterable {
  /// 100-128-784 and 784-128-1, fully connected.
  case fullyConnected = "fc"
  /// The analog memristive DCGAN: 128 and 64 filters of 5 × 5 (Krestinskaya et al. 2020).
  case amDCGAN = "am-dcgan"
  /// Two filters of 3 × 3, the system of the poster's power table.
  case amDCGANSmall = "am-dcgan-small"
  /// 32 and 16 filters of 5 × 5, for studies on small machines.
  case amDCGANMid = "am-dcgan-mid"
}

extension NetworkPlan {
  /// The networks of a preset.
  package init(_ preset: NetworkPreset) {
    switch preset {
    case .fullyConnected: self.init()
    case .amDCGAN: self.init(preset, wide: 128, narrow: 64, kernel: 5)
    case .amDCGANSmall: self.init(preset, wide: 2, narrow: 2, kernel: 3)
    case .amDCGANMid: self.init(preset, wide: 32, narrow: 16, kernel: 5)
    }
  }

  /// The poster's pair: a generator that doubles 7 × 7 twice, a discriminator that halves 28 × 28
  /// twice by mean pooling, rectifiers that end at the supply of 1.8 V in the place of batch
  /// normalisation, dropout switches behind hidden layers, closed unless a share is given.
  private init(_ preset: NetworkPreset, wide: Int, narrow: Int, kernel: Int) {
    self.preset = preset
    let core = MapShape(channels: wide, height: 7, width: 7)
    generator = NetworkDescription(
      input: MapShape(units: 100),
      layers: [
        LayerDescription(.dense(core), dropout: 0),
        LayerDescription(
          .transposedConvolution(.init(narrow, kernel: kernel, stride: 2)), dropout: 0),
        LayerDescription(.transposedConvolution(.init(1, kernel: kernel, stride: 2))),
      ])
    discriminator = NetworkDescription(
      input: MapShape(channels: 1, height: 28, width: 28),
      layers: [
        LayerDescription(.convolution(.init(narrow, kernel: kernel))),
        LayerDescription(.meanPool(2), dropout: 0),
        LayerDescription(.convolution(.init(wide, kernel: kernel))),
        LayerDescription(.meanPool(2), dropout: 0),
        LayerDescription(.dense(MapShape(units: 1))),
      ])
    generatorSlope = 0
    discriminatorSlope = 0
    supply = 1.8
    columns = .sequential
  }
}

extension NetworkPreset {
  /// Largest weight of the window per trained layer, chosen on short runs of seed 1.
  package var scales: (generator: [Double], discriminator: [Double]) {
    switch self {
    case .fullyConnected: ([2, 1], [0.5, 0.1])
    case .amDCGAN, .amDCGANSmall, .amDCGANMid: ([2, 1, 1], [1, 0.5, 0.1])
    }
  }

  /// Share of the generator's weights that is pulsed for one of the discriminator's.
  ///
  /// A discriminator that learns faster than the generator settles near its optimum between the
  /// generator's steps (two time scales: Heusel et al., NeurIPS 2017).
  package var generatorUpdateRatio: Double {
    switch self {
    case .fullyConnected: 0.5
    case .amDCGAN, .amDCGANSmall, .amDCGANMid: 1
    }
  }
}
