/// Solutions of all word lines or all bit lines at once, for vectors of lanes.
///
/// Vectors hold one element per crosspoint, row by row, with rows padded to whole bands.
struct LineSweeps<Element: Lanes> {
  typealias Number = Element.Number
  let factors: LineFactors<Number>
  /// Room for one band.
  let scratch: Buffer<Element>

  init(_ factors: LineFactors<Number>) {
    self.factors = factors
    scratch = Buffer(count: LineFactors<Number>.bandRows * factors.columns, repeating: .zero)
  }

  /// Elements of a padded vector.
  var count: Int { factors.bands * LineFactors<Number>.bandRows * factors.columns }

  /// Solves A · y = source on one band and hands every y, with its place, to `store`.
  ///
  /// - Parameters:
  ///   - source: the right-hand side at (offset row by row, offset by bands).
  ///   - store: takes y at the same two offsets.
  @inline(__always)
  private func solveBand(
    _ band: Int, _ source: (Int, Int) -> Element, _ store: (Int, Int, Element) -> Void
  ) {
    let columns = factors.columns
    let first = band * 8 * columns
    if factors.wordIsMerged { return solveMergedBand(first, source, store) }
    let inverses = factors.wordInverses.pointer + first
    let t = scratch.pointer
    let coupling = factors.wordCoupling
    for row in 0..<8 {
      t[row] = source(first + row * columns, first + row) * Element(repeating: inverses[row])
    }
    var column = 1
    while column < columns {
      let at = column &* 8
      for row in 0..<8 {
        let inverse = inverses[at &+ row]
        let right = source(first &+ row &* columns &+ column, first &+ at &+ row)
        t[at &+ row] =
          right * Element(repeating: inverse)
          + t[at &+ row &- 8] * Element(repeating: coupling * inverse)
      }
      column &+= 1
    }
    column = columns - 1
    for row in 0..<8 {
      store(first + row * columns + column, first + column * 8 + row, t[column * 8 + row])
    }
    while column > 0 {
      column &-= 1
      let at = column &* 8
      for row in 0..<8 {
        let y =
          t[at &+ row] + t[at &+ row &+ 8] * Element(repeating: coupling * inverses[at &+ row])
        t[at &+ row] = y
        store(first &+ row &* columns &+ column, first &+ at &+ row, y)
      }
    }
  }

  @inline(__always)
  private func solveMergedBand(
    _ first: Int, _ source: (Int, Int) -> Element, _ store: (Int, Int, Element) -> Void
  ) {
    let columns = factors.columns
    for row in 0..<8 {
      var sum = Element.zero
      for column in 0..<columns {
        sum += source(first + row * columns + column, first + column * 8 + row)
      }
      let y = sum * Element(repeating: factors.wordInverses[first + row])
      for column in 0..<columns {
        store(first + row * columns + column, first + column * 8 + row, y)
      }
    }
  }

  /// y = A⁻¹ · r and target ← target + G · y; returns rᵀ · y.
  func eliminateWords(
    _ r: UnsafePointer<Element>, into y: UnsafeMutablePointer<Element>,
    addingTo target: UnsafeMutablePointer<Element>
  ) -> Element {
    let slopes = factors.rowSlopes.pointer
    let bandCount = 8 * factors.columns
    var energy = Element.zero
    for band in 0..<factors.bands {
      // Across rows only what must be: lines of eight rows at once crowd one another in the cache.
      solveBand(band, { at, _ in r[at] }, { at, _, value in y[at] = value })
      let first = band * bandCount
      for at in first..<first + bandCount { target[at] += y[at] * Element(repeating: slopes[at]) }
      energy += Element.dot(r + first, y + first, count: bandCount)
    }
    return energy
  }

  /// y ← y + A⁻¹ · G · p.
  func followWords(_ p: UnsafePointer<Element>, addingTo y: UnsafeMutablePointer<Element>) {
    let slopes = factors.slopes.pointer
    for band in 0..<factors.bands {
      solveBand(
        band, { at, banded in p[at] * Element(repeating: slopes[banded]) },
        { at, _, value in y[at] += value })
    }
  }

  /// Next direction of conjugate gradients, p ← z + β · p, and h = G · A⁻¹ · G · p.
  ///
  /// Returns pᵀ · h.
  func advance(
    beta: Element, z: UnsafePointer<Element>, p: UnsafeMutablePointer<Element>,
    h: UnsafeMutablePointer<Element>
  ) -> Element {
    let slopes = factors.slopes.pointer
    let bandCount = 8 * factors.columns
    var product = Element.zero
    for band in 0..<factors.bands {
      let first = band * bandCount
      for at in first..<first + bandCount { p[at] = z[at] + beta * p[at] }
      solveBand(
        band, { at, banded in p[at] * Element(repeating: slopes[banded]) },
        { at, banded, value in h[at] = value * Element(repeating: slopes[banded]) })
      product += Element.dot(p + first, h + first, count: bandCount)
    }
    return product
  }

  /// One step along p, x ← x + α · p and r ← r − α · (D · p − h), then z = D⁻¹ · r.
  ///
  /// Row by row, so that the sweep down the bit lines finds r in the nearest cache. Returns rᵀ · z.
  func step(
    alpha: Element, p: UnsafePointer<Element>, h: UnsafePointer<Element>,
    x: UnsafeMutablePointer<Element>, r: UnsafeMutablePointer<Element>,
    z: UnsafeMutablePointer<Element>
  ) -> Element {
    let columns = factors.columns
    for row in 0..<factors.rows {
      let first = row * columns
      move(alpha, row, p: p + first, h: h + first, x: x + first, r: r + first)
      if !factors.bitIsMerged { descend(row, r, into: z) }
    }
    return factors.bitIsMerged ? solveMergedBits(r, into: z) : ascend(r, z)
  }

  @inline(__always)
  private func move(
    _ alpha: Element, _ row: Int, p: UnsafePointer<Element>, h: UnsafePointer<Element>,
    x: UnsafeMutablePointer<Element>, r: UnsafeMutablePointer<Element>
  ) {
    let columns = factors.columns
    let diagonals = factors.bitDiagonals.pointer + row * columns
    let coupling = Element(repeating: factors.bitCoupling)
    for column in 0..<columns { x[column] += alpha * p[column] }
    if row == 0 || row == factors.rows - 1 {
      for column in 0..<columns {
        var product = Element(repeating: diagonals[column]) * p[column]
        if row > 0 { product -= coupling * p[column - columns] }
        if row < factors.rows - 1 { product -= coupling * p[column + columns] }
        r[column] -= alpha * (product - h[column])
      }
    } else {
      for column in 0..<columns {
        let neighbours = p[column &- columns] + p[column &+ columns]
        let product = Element(repeating: diagonals[column]) * p[column] - coupling * neighbours
        r[column] -= alpha * (product - h[column])
      }
    }
  }

  /// z = D⁻¹ · r; returns rᵀ · z.
  func solveBits(
    _ r: UnsafePointer<Element>, into z: UnsafeMutablePointer<Element>
  ) -> Element {
    if factors.bitIsMerged { return solveMergedBits(r, into: z) }
    for row in 0..<factors.rows { descend(row, r, into: z) }
    return ascend(r, z)
  }

  /// One row of the sweep down all bit lines.
  @inline(__always)
  private func descend(
    _ row: Int, _ r: UnsafePointer<Element>, into z: UnsafeMutablePointer<Element>
  ) {
    let columns = factors.columns
    let inverses = factors.bitInverses.pointer
    let coupling = factors.bitCoupling
    let first = row * columns
    if row == 0 {
      for at in 0..<columns { z[at] = r[at] * Element(repeating: inverses[at]) }
    } else {
      for at in first..<first + columns {
        let inverse = inverses[at]
        z[at] =
          r[at] * Element(repeating: inverse)
          + z[at &- columns] * Element(repeating: coupling * inverse)
      }
    }
  }

  /// The sweep up all bit lines; returns rᵀ · z.
  private func ascend(
    _ r: UnsafePointer<Element>, _ z: UnsafeMutablePointer<Element>
  ) -> Element {
    let columns = factors.columns
    let inverses = factors.bitInverses.pointer
    let coupling = factors.bitCoupling
    var row = factors.rows - 1
    var energy = Element.dot(r + row * columns, z + row * columns, count: columns)
    while row > 0 {
      row -= 1
      let first = row * columns
      for at in first..<first + columns {
        z[at] = z[at] + z[at &+ columns] * Element(repeating: coupling * inverses[at])
      }
      energy += Element.dot(r + first, z + first, count: columns)
    }
    return energy
  }

  private func solveMergedBits(
    _ r: UnsafePointer<Element>, into z: UnsafeMutablePointer<Element>
  ) -> Element {
    let columns = factors.columns
    for column in 0..<columns { z[column] = .zero }
    for row in 0..<factors.rows {
      for column in 0..<columns { z[column] += r[row * columns + column] }
    }
    var energy = Element.zero
    for column in 0..<columns {
      let sum = z[column]
      z[column] = sum * Element(repeating: factors.bitInverses[column])
      energy += sum * z[column]
    }
    for row in 1..<max(1, factors.rows) {
      for column in 0..<columns { z[row * columns + column] = z[column] }
    }
    return energy
  }
}
