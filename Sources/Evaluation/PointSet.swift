package import Mathematics

/// Feature vectors prepared for distances: |x − y|² = |x|² + |y|² − 2 x·y, products by GEMM.
///
/// Points are first moved by a common centre, which keeps the three terms small against the
/// distance. What is left of rounding, some 10⁻⁷ of |x|² + |y|², must not tell copies of one image
/// apart: a squared distance below 4·10⁻⁶ of that sum counts as zero.
package struct PointSet: Sendable {
  /// n × count, centred.
  let points: Matrix
  let squaredNorms: [Float]

  var count: Int { points.columns }

  private static let roundingShare: Float = 4e-6

  /// `count` columns of `features`, evenly spread over all, moved by −`centre`.
  package init(_ features: Matrix, count: Int, centre: [Double]) {
    var points = Matrix(rows: features.rows, columns: count)
    var squaredNorms = [Float](repeating: 0, count: count)
    for row in 0..<features.rows {
      let shift = Float(centre[row])
      for column in 0..<count {
        let value = features[row, column * features.columns / count] - shift
        points[row, column] = value
        squaredNorms[column] += value * value
      }
    }
    self.points = points
    self.squaredNorms = squaredNorms
  }

  /// Rows and columns of a tile; a fixed division keeps the bits, and a tile stays in cache.
  static let tileRows = 128
  private static let tileColumns = 1024

  /// Calls `body` with tiles of squared distances from points `rows` of this set, at most
  /// `tileRows`, to all points of another; tiles in the order of their columns.
  ///
  /// - Parameter body: receives the tile, rows × columns, and the index of its first column.
  func forEachTile(
    ofRows rows: Range<Int>, to others: PointSet, _ body: (MatrixView, _ firstColumn: Int) -> Void
  ) {
    guard others.count > 0, !rows.isEmpty else { return }
    var buffer = Matrix(rows: rows.count, columns: min(Self.tileColumns, others.count))
    let width = buffer.columns
    buffer.withView { buffer in
      points.withReadOnlyView { points in
        others.points.withReadOnlyView { otherPoints in
          for first in stride(from: 0, to: others.count, by: width) {
            let columns = min(width, others.count - first)
            let tile = MatrixView(
              base: buffer.base, rows: rows.count, columns: columns, stride: width)
            MatrixProduct.multiply(
              points.columns(rows), transposed: true,
              otherPoints.columns(first..<first + columns), scale: -2, into: tile)
            finish(tile, rows: rows, others: others, firstColumn: first)
            body(tile, first)
          }
        }
      }
    }
  }

  /// Turns −2 x·y into squared distances.
  private func finish(_ tile: MatrixView, rows: Range<Int>, others: PointSet, firstColumn: Int) {
    others.squaredNorms.withUnsafeBufferPointer { norms in
      guard let norms = norms.baseAddress.map({ $0 + firstColumn }) else { return }
      for row in 0..<tile.rows {
        let own = squaredNorms[rows.lowerBound + row]
        let line = tile.base + row * tile.stride
        for column in 0..<tile.columns {
          let sum = own + norms[column]
          let distance = sum + line[column]
          line[column] = distance < Self.roundingShare * sum ? 0 : distance
        }
      }
    }
  }
}

extension MatrixView {
  /// The block of some columns.
  fileprivate func columns(_ range: Range<Int>) -> MatrixView {
    MatrixView(base: base + range.lowerBound, rows: rows, columns: range.count, stride: stride)
  }
}

extension PointSet {
  /// Squared distance of every point to its `k`-th nearest neighbour in the set, itself left out.
  ///
  /// Exact up to rounding; needs more than k points.
  package func squaredRadii(k: Int, workers: Workers) -> [Float] {
    var radii = [Float](repeating: 0, count: count)
    radii.withUnsafeMutableBufferPointer { radii in
      // Sound: every block of work writes its own range, and `forEachBlock` returns after the last of them.
      nonisolated(unsafe) let radii = radii
      workers.forEachBlock(of: count, size: Self.tileRows) { rows in
        var nearest = rows.map { _ in SmallestValues(count: k + 1) }
        forEachTile(ofRows: rows, to: self) { tile, _ in
          for row in 0..<tile.rows { nearest[row].insert(UnsafeBufferPointer(tile.row(row))) }
        }
        // A point is its own nearest neighbour, at distance zero.
        for (row, values) in zip(rows, nearest) { radii[row] = values.largest }
      }
    }
    return radii
  }
}

/// The smallest numbers of a sequence, in rising order.
private struct SmallestValues {
  private var values: [Float]

  init(count: Int) { values = [Float](repeating: .infinity, count: count) }

  var largest: Float { values[values.count - 1] }

  mutating func insert(_ candidates: UnsafeBufferPointer<Float>) {
    var worst = largest
    for candidate in candidates where candidate < worst {
      var slot = values.count - 1
      while slot > 0 && values[slot - 1] > candidate {
        values[slot] = values[slot - 1]
        slot -= 1
      }
      values[slot] = candidate
      worst = largest
    }
  }
}
