import Mathematics
import Testing

/// Unrolling and folding against direct loops over pixels, on random shapes.
@Suite struct PatchGeometryTests {
  /// Uniform numbers within ±1/√terms.
  private static func random(
    _ rows: Int, _ columns: Int, _ name: String, _ draw: Int, terms: Int = 1
  ) -> Matrix {
    let stream = RandomStream(seed: 5, name: name)
    let scale = 1 / Float(terms).squareRoot()
    return Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map {
        scale * (2 * stream.uniform(at: $0, substream: UInt64(draw)) - 1)
      })
  }

  private static func integer(_ range: ClosedRange<Int>, _ at: Int, _ draw: Int) -> Int {
    let word = RandomStream(seed: 5, name: "shapes").word(at: at, substream: UInt64(draw))
    return range.lowerBound + Int(word) % range.count
  }

  /// A geometry with every number drawn.
  private static func geometry(_ draw: Int, isDepthwise: Bool = false) -> PatchGeometry {
    let kernel = integer(1...5, 0, draw)
    let padding = integer(0...kernel - 1, 1, draw)
    return PatchGeometry(
      channels: integer(1...4, 2, draw), height: integer(kernel...9, 3, draw),
      width: integer(kernel...9, 4, draw), kernel: kernel,
      stride: integer(1...kernel, 5, draw), padding: padding, isDepthwise: isDepthwise)
  }

  private static func unrolled(_ map: Matrix, _ geometry: PatchGeometry) -> Matrix {
    var patches = Matrix(
      rows: geometry.lines, columns: geometry.positions * map.columns, repeating: .nan)
    map.withReadOnlyView { map in
      patches.withView {
        geometry.unroll(map, positions: 0..<geometry.positions, into: $0)
      }
    }
    return patches
  }

  private static func folded(_ patches: Matrix, _ geometry: PatchGeometry) -> Matrix {
    var map = Matrix(rows: geometry.units, columns: patches.columns / geometry.positions)
    patches.withReadOnlyView { patches in
      map.withView { geometry.fold(patches, positions: 0..<geometry.positions, into: $0) }
    }
    return map
  }

  /// Pixel (y, x) of a channel, zero outside the map.
  private static func pixel(
    _ map: Matrix, _ geometry: PatchGeometry, _ channel: Int, _ y: Int, _ x: Int, _ sample: Int
  ) -> Float {
    guard (0..<geometry.height).contains(y), (0..<geometry.width).contains(x) else { return 0 }
    return map[(channel * geometry.height + y) * geometry.width + x, sample]
  }

  @Test("A convolution of unrolled patches equals the loop over pixels", arguments: 0..<40)
  func convolution(_ draw: Int) {
    let geometry = Self.geometry(draw)
    let (samples, filters, k) = (3, 1 + draw % 3, geometry.kernel)
    let map = Self.random(geometry.units, samples, "map", draw)
    // Sums of order one, as initial weights make them.
    let kernels = Self.random(geometry.lines, filters, "kernels", draw, terms: geometry.lines)
    var product = Matrix(rows: filters, columns: geometry.positions * samples)
    MatrixProduct.multiply(
      kernels, transposed: true, Self.unrolled(map, geometry), into: &product)
    for filter in 0..<filters {
      for oy in 0..<geometry.outputHeight {
        for ox in 0..<geometry.outputWidth {
          for sample in 0..<samples {
            var sum = 0.0
            for channel in 0..<geometry.channels {
              for i in 0..<k {
                for j in 0..<k {
                  let value = Self.pixel(
                    map, geometry, channel, oy * geometry.stride + i - geometry.padding,
                    ox * geometry.stride + j - geometry.padding, sample)
                  sum += Double(value) * Double(kernels[(channel * k + i) * k + j, filter])
                }
              }
            }
            let column = (oy * geometry.outputWidth + ox) * samples + sample
            #expect(abs(Double(product[filter, column]) - sum) < 1e-6)
          }
        }
      }
    }
  }

  @Test("A transposed convolution by folding equals the loop that scatters", arguments: 0..<40)
  func transposedConvolution(_ draw: Int) {
    let geometry = Self.geometry(draw)
    let (samples, channels, k) = (3, 1 + draw % 3, geometry.kernel)
    let input = Self.random(channels, geometry.positions * samples, "input", draw)
    let kernels = Self.random(
      channels, geometry.lines, "kernels", draw, terms: channels * k * k)
    var patches = Matrix(rows: geometry.lines, columns: geometry.positions * samples)
    MatrixProduct.multiply(kernels, transposed: true, input, into: &patches)
    let map = Self.folded(patches, geometry)
    var expected = [Double](repeating: 0, count: geometry.units * samples)
    for channel in 0..<channels {
      for oy in 0..<geometry.outputHeight {
        for ox in 0..<geometry.outputWidth {
          for line in 0..<geometry.lines {
            let y = oy * geometry.stride + line / k % k - geometry.padding
            let x = ox * geometry.stride + line % k - geometry.padding
            guard (0..<geometry.height).contains(y), (0..<geometry.width).contains(x) else {
              continue
            }
            let row = (line / (k * k) * geometry.height + y) * geometry.width + x
            for sample in 0..<samples {
              let column = (oy * geometry.outputWidth + ox) * samples + sample
              expected[row * samples + sample] +=
                Double(kernels[channel, line]) * Double(input[channel, column])
            }
          }
        }
      }
    }
    for (value, sum) in zip(map.elements, expected) {
      #expect(abs(Double(value) - sum) < 1e-6)
    }
  }

  @Test("Unrolling and folding are adjoint", arguments: [false, true])
  func adjoint(isDepthwise: Bool) {
    for draw in 100..<130 {
      let geometry = Self.geometry(draw, isDepthwise: isDepthwise)
      let map = Self.random(geometry.units, 2, "map", draw)
      let patches = Self.random(geometry.lines, geometry.positions * 2, "patches", draw)
      func product(_ a: Matrix, _ b: Matrix) -> Double {
        zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let (left, right) = (
        product(Self.unrolled(map, geometry), patches),
        product(map, Self.folded(patches, geometry))
      )
      #expect(abs(left - right) < 1e-5 * Double(geometry.units + 1))
    }
  }

  @Test("Blocks of positions add up to the whole, on any number of threads")
  func blocks() {
    for draw in 200..<220 {
      let geometry = Self.geometry(draw, isDepthwise: draw % 2 == 0)
      let samples = 2
      let map = Self.random(geometry.units, samples, "map", draw)
      let whole = Self.unrolled(map, geometry)
      var refolded = Matrix(rows: geometry.units, columns: samples)
      for position in 0..<geometry.positions {
        var part = Matrix(rows: geometry.lines, columns: samples)
        let range = position..<position + 1
        map.withReadOnlyView { map in
          part.withView {
            geometry.unroll(map, positions: range, into: $0, workers: Workers(count: 2))
          }
        }
        for line in 0..<geometry.lines {
          for sample in 0..<samples {
            #expect(part[line, sample] == whole[line, position * samples + sample])
          }
        }
        part.withReadOnlyView { part in
          refolded.withView {
            geometry.fold(part, positions: range, into: $0, workers: Workers(count: 2))
          }
        }
      }
      for (a, b) in zip(refolded.elements, Self.folded(whole, geometry).elements) {
        #expect(abs(a - b) < 1e-4)
      }
    }
  }

  @Test("What does not fit a map is said")
  func problems() {
    func problem(_ kernel: Int, _ stride: Int, _ padding: Int) -> String? {
      PatchGeometry.problem(
        height: 4, width: 6, kernel: kernel, stride: stride, padding: padding)
    }
    #expect(problem(3, 1, 1) == nil)
    #expect(problem(3, 4, 1)?.contains("stride 4") == true)
    #expect(problem(3, 0, 1)?.contains("stride 0") == true)
    #expect(problem(3, 1, 3)?.contains("padding 3") == true)
    #expect(problem(3, 1, -1)?.contains("padding -1") == true)
    #expect(problem(9, 1, 1)?.contains("does not fit") == true)
  }
}
