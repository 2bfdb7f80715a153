/// Which elements of a map a square kernel sees at each of its positions.
///
/// A map is line-major like every batch: row (c · H + y) · W + x holds pixel (y, x) of channel c, a
/// column is a sample. Patch line (c · k + i) · k + j at output position (oy, ox) is pixel
/// (oy · s + i − p, ox · s + j − p), or zero outside the map. Columns of a patch matrix are position
/// by position, the samples of a position side by side: a patch line is then made of whole rows of
/// the map, and the product with the kernels is, element by element, the map of the next layer.
///
/// Unrolling a map and folding patches are transposes of each other.
package struct PatchGeometry: Equatable, Sendable {
  /// Channels of the map.
  package let channels: Int
  /// Rows of pixels of the map, H.
  package let height: Int
  /// Pixels per row, W.
  package let width: Int
  /// Edge of the kernel, k.
  package let kernel: Int
  /// Distance of neighbouring positions in pixels, s.
  package let stride: Int
  /// Rows and columns of zeros around the map, p.
  package let padding: Int
  /// Whether every channel is a map of its own: patches of all channels stand side by side.
  package let isDepthwise: Bool

  /// A geometry that ``problem(height:width:kernel:stride:padding:)`` has nothing against.
  package init(
    channels: Int, height: Int, width: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    isDepthwise: Bool = false
  ) {
    precondition(
      channels > 0
        && Self.problem(
          height: height, width: width, kernel: kernel, stride: stride, padding: padding) == nil,
      "kernel, stride and padding must fit the map")
    self.channels = channels
    self.height = height
    self.width = width
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.isDepthwise = isDepthwise
  }

  /// What is wrong with a kernel on a map, or nil.
  package static func problem(
    height: Int, width: Int, kernel: Int, stride: Int, padding: Int
  ) -> String? {
    if kernel < 1 { return "the kernel has no pixel" }
    if stride < 1 || stride > kernel {
      return "stride \(stride) is not between 1 and the kernel's \(kernel)"
    }
    if padding < 0 || padding >= kernel {
      return "padding \(padding) is not between 0 and \(kernel - 1), one below the kernel"
    }
    if height < 1 || width < 1 { return "a map of \(height) x \(width) has no pixel" }
    if min(height, width) + 2 * padding < kernel {
      return "a kernel of \(kernel) x \(kernel) does not fit \(height) x \(width)"
        + " with padding \(padding)"
    }
    return nil
  }

  /// Positions of the kernel from top to bottom.
  package var outputHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
  /// Positions of the kernel from left to right.
  package var outputWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
  /// Patches per sample.
  package var positions: Int { (isDepthwise ? channels : 1) * outputHeight * outputWidth }
  /// Elements of a patch.
  package var lines: Int { (isDepthwise ? 1 : channels) * kernel * kernel }
  /// Elements of the map.
  package var units: Int { channels * height * width }
}

extension PatchGeometry {
  /// Lines handled by one block of work.
  private static let lineBlock = 8

  /// Writes the patches of some positions: units × B to lines × (positions · B).
  package func unroll(
    _ map: MatrixView, positions: Range<Int>, into patches: MatrixView, workers: Workers = .one
  ) {
    let samples = map.columns
    precondition(
      map.rows == units && patches.rows == lines
        && patches.columns == positions.count * samples, "map or patches do not fit the kernel")
    workers.forEachBlock(of: lines, size: Self.lineBlock) { range in
      for line in range {
        let target = patches.base + line * patches.stride
        forEachPixel(of: line, at: positions) { index, row in
          let part = target + index &* samples
          if row >= 0 {
            part.update(from: map.base + row &* map.stride, count: samples)
          } else {
            part.update(repeating: 0, count: samples)
          }
        }
      }
    }
  }

  /// Adds the patches of some positions to the map: lines × (positions · B) to units × B.
  package func fold(
    _ patches: MatrixView, positions: Range<Int>, into map: MatrixView, workers: Workers = .one
  ) {
    let samples = map.columns
    precondition(
      map.rows == units && patches.rows == lines
        && patches.columns == positions.count * samples, "map or patches do not fit the kernel")
    // Lines of a channel meet in its pixels; a channel is one block of work.
    let perChannel = kernel * kernel
    workers.forEachBlock(of: lines, size: perChannel) { range in
      for line in range {
        let source = patches.base + line * patches.stride
        forEachPixel(of: line, at: positions) { index, row in
          guard row >= 0 else { return }
          BufferKernels.add(
            UnsafeBufferPointer(start: source + index &* samples, count: samples),
            to: UnsafeMutableBufferPointer(start: map.base + row &* map.stride, count: samples))
        }
      }
    }
  }

  /// Calls `body` with every position's place in a range and the row of the map that a patch line
  /// meets there, −1 outside the map.
  @inline(__always)
  private func forEachPixel(
    of line: Int, at positions: Range<Int>, _ body: (_ index: Int, _ row: Int) -> Void
  ) {
    let (i, j) = (line / kernel % kernel, line % kernel)
    let perPlane = outputHeight * outputWidth
    var plane = isDepthwise ? positions.lowerBound / perPlane : line / (kernel * kernel)
    let inPlane = positions.lowerBound % perPlane
    var (oy, ox) = (inPlane / outputWidth, inPlane % outputWidth)
    for index in 0..<positions.count {
      let (y, x) = (oy &* stride &+ i &- padding, ox &* stride &+ j &- padding)
      let isInside = y >= 0 && y < height && x >= 0 && x < width
      body(index, isInside ? (plane &* height &+ y) &* width &+ x : -1)
      ox &+= 1
      if ox == outputWidth { (oy, ox) = (oy &+ 1, 0) }
      if oy == outputHeight {
        oy = 0
        if isDepthwise { plane &+= 1 }
      }
    }
  }
}
