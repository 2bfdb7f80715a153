package import Mathematics

/// Precision, recall, density and coverage of fakes among real images.
///
/// Around every point lies a ball that reaches to its k-th neighbour in its own set (precision and
/// recall: Kynkäänniemi et al. 2019; density and coverage: Naeem et al. 2020). As in the reference implementation (`generative-evaluation-prdc`): a point lies in a ball when its
/// distance is smaller than the radius. For two large samples of one distribution and of one size,
/// coverage is expected at 1 − 2⁻ᵏ = 0.969.
package struct NeighbourMetrics: Equatable, Sendable {
  /// k.
  package static let neighbours = 5

  /// Share of fakes inside a ball of a real image.
  package let precision: Double
  /// Share of real images inside a ball of a fake.
  package let recall: Double
  /// Balls of real images that hold a fake, per fake and neighbour; can exceed one.
  package let density: Double
  /// Share of balls of real images that hold a fake.
  package let coverage: Double
}

/// One side of a comparison: points and their squared radii.
package struct NeighbourBalls: Sendable {
  let points: PointSet
  package let squaredRadii: [Float]

  package init(_ points: PointSet, workers: Workers) {
    self.points = points
    squaredRadii = points.squaredRadii(k: NeighbourMetrics.neighbours, workers: workers)
  }
}

extension NeighbourMetrics {
  /// What a block of real images found.
  private struct BlockCounts: Sendable {
    /// Pairs of a real image's ball and a fake inside.
    var pairs = 0
    /// Real balls that hold a fake.
    var covered = 0
    /// Real images inside a fake's ball.
    var recalled = 0
    /// 1 for every fake inside some ball of the block.
    var inside: [Int32]
  }

  package init(real: NeighbourBalls, fake: NeighbourBalls, workers: Workers) {
    let (realCount, fakeCount) = (real.points.count, fake.points.count)
    let blockCount = (realCount + PointSet.tileRows - 1) / PointSet.tileRows
    var blocks = [BlockCounts?](repeating: nil, count: blockCount)
    blocks.withUnsafeMutableBufferPointer { blocks in
      // Sound: every block of work writes its own range, and `forEachBlock` returns after the last of them.
      nonisolated(unsafe) let blocks = blocks
      workers.forEachBlock(of: realCount, size: PointSet.tileRows) { rows in
        blocks[rows.lowerBound / PointSet.tileRows] = Self.counts(rows, real: real, fake: fake)
      }
    }
    var total = BlockCounts(inside: [Int32](repeating: 0, count: fakeCount))
    for case let block? in blocks {
      total.pairs += block.pairs
      total.covered += block.covered
      total.recalled += block.recalled
      for index in 0..<fakeCount { total.inside[index] |= block.inside[index] }
    }
    precision = Double(total.inside.reduce(0) { $0 + Int($1) }) / Double(fakeCount)
    recall = Double(total.recalled) / Double(realCount)
    density = Double(total.pairs) / Double(Self.neighbours * fakeCount)
    coverage = Double(total.covered) / Double(realCount)
  }

  private static func counts(
    _ rows: Range<Int>, real: NeighbourBalls, fake: NeighbourBalls
  ) -> BlockCounts {
    var counts = BlockCounts(inside: [Int32](repeating: 0, count: fake.points.count))
    var perRow = rows.map { _ in (inside: 0, recalled: false) }
    real.points.forEachTile(ofRows: rows, to: fake.points) { tile, first in
      for row in 0..<tile.rows {
        let line = compare(
          tile.row(row), realRadius: real.squaredRadii[rows.lowerBound + row],
          fakeRadii: fake.squaredRadii, firstFake: first, inside: &counts.inside)
        perRow[row].inside += line.inside
        perRow[row].recalled = perRow[row].recalled || line.recalled
      }
    }
    for row in perRow {
      counts.pairs += row.inside
      counts.covered += row.inside > 0 ? 1 : 0
      counts.recalled += row.recalled ? 1 : 0
    }
    return counts
  }

  /// One real image against neighbouring fakes: fakes inside its ball, and whether it is in one of
  /// theirs.
  private static func compare(
    _ distances: UnsafeMutableBufferPointer<Float>, realRadius: Float, fakeRadii: [Float],
    firstFake: Int, inside: inout [Int32]
  ) -> (inside: Int, recalled: Bool) {
    var insideCount: Int32 = 0
    var recalled: Int32 = 0
    fakeRadii.withUnsafeBufferPointer { fakeRadii in
      inside.withUnsafeMutableBufferPointer { inside in
        guard let line = distances.baseAddress,
          let radii = fakeRadii.baseAddress.map({ $0 + firstFake }),
          let flags = inside.baseAddress.map({ $0 + firstFake })
        else { return }
        for index in 0..<distances.count {
          let hit: Int32 = line[index] < realRadius ? 1 : 0
          insideCount &+= hit
          flags[index] |= hit
          recalled |= line[index] < radii[index] ? 1 : 0
        }
      }
    }
    return (Int(insideCount), recalled != 0)
  }
}
