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
    let slopes = factors.slopes.pointer
    var energy = Element.zero
    for band in 0..<factors.bands {
      solveBand(
        band, { at, _ in r[at] },
        { at, banded, value in
          y[at] = value
          target[at] += value * Element(repeating: slopes[banded])
          energy += r[at] * value
        })
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

  /// Next direction of conjugate gradients: p ← z + β · p, s ← r + β · s (so that s = D · p), then
  /// h = G · A⁻¹ · G · p. Returns pᵀ · (s − h), the curvature of the energy along p.
  func advance(
    beta: Element, z: UnsafePointer<Element>, r: UnsafePointer<Element>,
    p: UnsafeMutablePointer<Element>, s: UnsafeMutablePointer<Element>,
    h: UnsafeMutablePointer<Element>
  ) -> Element {
    let slopes = factors.slopes.pointer
    let bandCount = 8 * factors.columns
    var curvature = Element.zero
    for band in 0..<factors.bands {
      let first = band * bandCount
      for at in first..<first + bandCount {
        p[at] = z[at] + beta * p[at]
        s[at] = r[at] + beta * s[at]
      }
      solveBand(
        band, { at, banded in p[at] * Element(repeating: slopes[banded]) },
        { at, banded, value in h[at] = value * Element(repeating: slopes[banded]) })
      curvature += Element.dot(p + first, s + first, minus: h + first, count: bandCount)
    }
    return curvature
  }

  /// z = D⁻¹ · r; returns rᵀ · z.
  func solveBits(
    _ r: UnsafePointer<Element>, into z: UnsafeMutablePointer<Element>
  ) -> Element {
    let columns = factors.columns
    if factors.bitIsMerged { return solveMergedBits(r, into: z) }
    let inverses = factors.bitInverses.pointer
    let coupling = factors.bitCoupling
    for at in 0..<columns { z[at] = r[at] * Element(repeating: inverses[at]) }
    for at in columns..<max(columns, factors.rows * columns) {
      let inverse = inverses[at]
      z[at] =
        r[at] * Element(repeating: inverse)
        + z[at &- columns] * Element(repeating: coupling * inverse)
    }
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
