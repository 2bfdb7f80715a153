/// The tridiagonal equations of every line by itself, factorised: A for word lines, D for bit lines.
///
/// With device slopes G on the diagonal beside the wires' Laplacian, the nodal equations are
///
///     ⎡  A  −G ⎤ ⎡w⎤   ⎡r_w⎤
///     ⎣ −G   D ⎦ ⎣b⎦ = ⎣r_b⎦
///
/// and both diagonal blocks fall apart into one tridiagonal system per line. A factor is the
/// reciprocal pivots alone: with coupling c, forward t = (r + c · t₋) · inverse, backward
/// x = t + c · inverse · x₊. A node at an ideal end gets the reciprocal 0, which leaves its
/// correction at zero; an ideal line is one unknown with one reciprocal.
///
/// Word-line data is stored in bands of eight rows, [band][column][row in band], bit-line data row
/// by row: in both a sweep along the line runs over eight or more independent recurrences.
final class LineFactors<Number: BinaryFloatingPoint> {
  let rows: Int
  let columns: Int
  /// Bands of eight rows; rows beyond the array hold zeros.
  let bands: Int
  let wordIsMerged: Bool
  let bitIsMerged: Bool
  let wordCoupling: Number
  let bitCoupling: Number
  /// Device slopes by bands, and row by row.
  let slopes: Buffer<Number>
  let rowSlopes: Buffer<Number>
  /// Reciprocal pivots of A by bands; of an ideal line in its first column.
  let wordInverses: Buffer<Number>
  /// Reciprocal pivots of D row by row; of an ideal line in its first row.
  let bitInverses: Buffer<Number>

  /// Diagonal of D row by row; zero at given nodes.
  let bitDiagonals: Buffer<Number>

  static var bandRows: Int { 8 }

  init(_ array: WiredArray, slopes deviceSlopes: [Double]) {
    rows = array.rows
    columns = array.columns
    bands = (rows + Self.bandRows - 1) / Self.bandRows
    wordIsMerged = array.isMerged(word: true)
    bitIsMerged = array.isMerged(word: false)
    wordCoupling = Number(array.segmentConductance(word: true))
    bitCoupling = Number(array.segmentConductance(word: false))
    let padded = bands * Self.bandRows * columns
    slopes = Buffer(count: padded, repeating: 0)
    rowSlopes = Buffer(count: padded, repeating: 0)
    wordInverses = Buffer(count: padded, repeating: 0)
    bitInverses = Buffer(count: padded, repeating: 0)
    bitDiagonals = Buffer(count: padded, repeating: 0)
    update(array, slopes: deviceSlopes)
  }

  /// Factorises anew for other slopes.
  func update(_ array: WiredArray, slopes deviceSlopes: [Double]) {
    deviceSlopes.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      storeSlopes(source)
      factorizeWords(array, source)
      factorizeBits(array, source)
    }
  }

  private func storeSlopes(_ source: UnsafePointer<Double>) {
    let target = slopes.pointer
    for at in 0..<rows * columns { rowSlopes.pointer[at] = Number(source[at]) }
    for band in 0..<bands {
      let first = band * Self.bandRows
      let count = min(Self.bandRows, rows - first)
      for column in 0..<columns {
        let at = (band * columns + column) * Self.bandRows
        for row in 0..<count { target[at + row] = Number(source[(first + row) * columns + column]) }
      }
    }
  }

  /// Eight rows side by side, so that the divisions of one column overlap.
  private func factorizeWords(_ array: WiredArray, _ slopes: UnsafePointer<Double>) {
    let coupling = array.segmentConductance(word: true)
    let (first, last) = (array.wires.ends.wordFirst, array.wires.ends.wordLast)
    var pivots = [Double](repeating: 0, count: Self.bandRows)
    for band in 0..<bands {
      let firstRow = band * Self.bandRows
      let count = min(Self.bandRows, rows - firstRow)
      for row in 0..<Self.bandRows { pivots[row] = 0 }
      for column in 0..<columns {
        let at = (band * columns + column) * Self.bandRows
        let neighbours = Double((column > 0 ? 1 : 0) + (column < columns - 1 ? 1 : 0))
        for row in 0..<count {
          let line = firstRow + row
          var diagonal = slopes[line * columns + column] + neighbours * coupling
          if column == 0 { diagonal += 1 / first[line] }
          if column == columns - 1 { diagonal += 1 / last[line] }
          // A merged line gathers its diagonal; the reciprocal of the sum goes to column 0.
          if wordIsMerged {
            pivots[row] += diagonal
          } else {
            pivots[row] = 1 / (diagonal - coupling * coupling * pivots[row])
            wordInverses[at + row] = Number(pivots[row])
          }
        }
      }
      if wordIsMerged {
        for row in 0..<count {
          wordInverses[band * columns * Self.bandRows + row] = Number(1 / pivots[row])
        }
      }
    }
  }

  private func factorizeBits(_ array: WiredArray, _ slopes: UnsafePointer<Double>) {
    let coupling = array.segmentConductance(word: false)
    let squared = coupling * coupling
    let (first, last) = (array.wires.ends.bitFirst, array.wires.ends.bitLast)
    var ends = [Double](repeating: 0, count: columns)
    var pivots = ends
    for row in 0..<rows {
      let neighbours = Double((row > 0 ? 1 : 0) + (row < rows - 1 ? 1 : 0)) * coupling
      for column in 0..<columns {
        ends[column] =
          (row == 0 ? 1 / first[column] : 0) + (row == rows - 1 ? 1 / last[column] : 0)
      }
      let line = slopes + row * columns
      let inverses = bitInverses.pointer + row * columns
      let diagonals = bitDiagonals.pointer + row * columns
      for column in 0..<columns {
        let diagonal = line[column] + neighbours + ends[column]
        diagonals[column] = diagonal < .infinity ? Number(diagonal) : 0
        if bitIsMerged {
          pivots[column] += diagonal
        } else {
          pivots[column] = 1 / (diagonal - squared * pivots[column])
          inverses[column] = Number(pivots[column])
        }
      }
    }
    guard bitIsMerged else { return }
    for column in 0..<columns { bitInverses[column] = Number(1 / pivots[column]) }
  }
}
