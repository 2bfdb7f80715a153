import Mathematics

extension Crossbar {
  /// Output columns, and word lines, whose totals are derived by one block of work.
  private static let derivationBlock = 64

  /// Recomputes the coefficients of all pairs and the sums over lines and tiles from the state; what
  /// references read stays as it is.
  ///
  /// First what adds up along bit lines, by columns, then what adds up along word lines, by rows of
  /// tiles: every sum has one owner and one order, whatever the number of threads.
  func recomputePairs(workers: Workers = .one) {
    plusNonIdealities?.hold(plus)
    minusNonIdealities?.hold(minus)
    let refresher = CoefficientRefresher(self)
    let totals = StateTotals(self)
    workers.forEachBlock(of: outputs, size: Self.derivationBlock) { columns in
      totals.sumBitLines(columns, refresher)
    }
    workers.forEachBlock(of: wordLines, size: layout.tileRows) { rows in
      totals.sumWordLines(rows)
    }
  }
}

/// The totals of an array's lines and tiles, from its state.
///
/// Sound: made and used within one function of the array that owns the storage; every sum is written by one
/// thread.
private struct StateTotals: @unchecked Sendable {
  private let wordLines: Int
  private let outputs: Int
  private let terms: Int
  private let layout: TileLayout
  private let banksOfTiles: [[DeviceBank]]
  private let sums: Lane<Float>
  private let rowTotals: Storage<Double>
  private let columnTotals: Storage<Double>

  init(_ crossbar: Crossbar) {
    wordLines = crossbar.wordLines
    outputs = crossbar.outputs
    terms = crossbar.basis.count
    layout = crossbar.layout
    banksOfTiles = crossbar.banksOfTiles
    sums = crossbar.records.sums
    rowTotals = crossbar.rowTotals
    columnTotals = crossbar.columnTotals
  }

  /// Refreshes the pairs of some columns and sums along their bit lines.
  func sumBitLines(_ columns: Range<Int>, _ refresher: CoefficientRefresher) {
    for term in 0..<terms {
      columnTotals.part(term * outputs + columns.lowerBound, columns.count).update(repeating: 0)
    }
    for tileRow in 0..<layout.rowsOfTiles {
      for bank in banksOfTiles.joined() {
        bank.bitLines.conductance.part(
          layout.bitLine(columns.lowerBound, tileRow: tileRow), columns.count
        ).update(repeating: 0)
      }
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: terms) { changes in
      // Word lines have their turn later.
      changes.initialize(repeating: 0)
      guard let ignored = changes.baseAddress else { return }
      for row in 0..<wordLines {
        for column in columns {
          for term in 0..<terms { sums[row &* outputs &+ column, term] = 0 }
        }
        refresher.refresh(row: row, columns: columns, rowChanges: ignored)
        let tileRow = row / layout.tileRows
        for bank in banksOfTiles.joined() {
          let lines = bank.bitLines.conductance.base + layout.bitLine(0, tileRow: tileRow)
          for column in columns {
            lines[column] += Double(bank.conductance[row &* outputs &+ column])
          }
        }
      }
    }
  }

  /// Sums along the word lines of a row of tiles.
  func sumWordLines(_ rows: Range<Int>) {
    for banks in banksOfTiles {
      let tile = rows.lowerBound / layout.tileRows * layout.columnsOfTiles
      banks[0].tiles.conductance.part(tile, layout.columnsOfTiles).update(repeating: 0)
    }
    for row in rows {
      for term in 0..<terms {
        rowTotals[term * wordLines + row] = (0..<outputs).reduce(0) {
          $0 + Double(sums[row &* outputs &+ $1, term])
        }
      }
      for banks in banksOfTiles { sumTiles(banks, row: row) }
    }
  }

  private func sumTiles(_ banks: [DeviceBank], row: Int) {
    for tileColumn in 0..<layout.columnsOfTiles {
      let tile = row / layout.tileRows * layout.columnsOfTiles + tileColumn
      var (onWordLine, inTile) = (0.0, banks[0].tiles.conductance[tile])
      for column in layout.outputs(of: tileColumn) {
        for bank in banks {
          let siemens = Double(bank.conductance[row &* outputs &+ column])
          onWordLine += siemens
          inTile += siemens
        }
      }
      banks[0].wordLines.conductance[layout.wordLine(row, tileColumn: tileColumn)] = onWordLine
      banks[0].tiles.conductance[tile] = inTile
    }
  }
}
