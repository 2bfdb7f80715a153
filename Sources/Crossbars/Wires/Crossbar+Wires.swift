package import Failures
package import Mathematics
import NodalAnalysis

extension Crossbar {
  /// Solves the wires of tiles that pulses have moved by more than the tolerance.
  ///
  /// A tile is solved when the estimated change of a gain, its largest loss times the largest
  /// relative change of a line's total since the last solve, exceeds the tolerance; at first all
  /// tiles are. Does nothing with ideal wires.
  ///
  /// - Returns: the number of tiles solved.
  /// - Throws: ``Failure`` when a tile cannot be solved.
  @discardableResult
  package func solveStaleWires(workers: Workers = .one) throws(Failure) -> Int {
    guard technology.conditions.wires != nil else { return 0 }
    if let references, references.tiles.losses.buffer.contains(where: { $0 < 0 }) {
      try references.solveStaleWires(workers: workers)
      copyReferenceReadings()
    }
    let stale = (0..<tiles.losses.count).filter { isStale(tile: $0) }
    guard !stale.isEmpty else { return 0 }
    let unsolved = stale.filter { tiles.losses[$0] < 0 }
    for (banks, chosen) in zip(banksOfTiles, [stale, unsolved]) {
      // Totals of the plus devices' lines say when a tile is stale; references stay as they are.
      try solve(chosen, of: banks, workers: workers)
    }
    for tile in stale {
      let (rows, outputs) = (
        layout.rows(of: tile / layout.columnsOfTiles),
        layout.outputs(of: tile % layout.columnsOfTiles)
      )
      refreshCoefficients(rows: rows, outputs: outputs)
    }
    return stale.count
  }

  /// Solves tiles of some banks and takes over their gains.
  private func solve(
    _ chosen: [Int], of banks: [DeviceBank], workers: Workers
  ) throws(Failure) {
    let solutions = ResultBox(count: chosen.count)
    let snapshot = TileReader(self, banks)
    workers.forEach(chosen.count) { index in
      do throws(Failure) {
        solutions.values[index] = .success(try snapshot.solve(tile: chosen[index]))
      } catch {
        solutions.values[index] = .failure(error)
      }
    }
    for (index, tile) in chosen.enumerated() {
      guard let solution = try solutions.values[index]?.get() else { continue }
      adopt(solution, tile: tile, of: banks)
    }
  }

  /// Derives everything from the programmed state alone: totals, and the wires of every tile.
  ///
  /// Called at the borders of epochs, where a resumed run starts from the state.
  package func solveWires(workers: Workers = .one) throws(Failure) {
    try references?.solveWires(workers: workers)
    recomputeSums(workers: workers)
    guard technology.conditions.wires != nil else { return }
    tiles.losses.fill(-1)
    try solveStaleWires(workers: workers)
    recomputeSums(workers: workers)
  }

  private func isStale(tile: Int) -> Bool {
    guard let wires = technology.conditions.wires, tiles.losses[tile] >= 0 else { return true }
    let (tileRow, tileColumn) = (tile / layout.columnsOfTiles, tile % layout.columnsOfTiles)
    var change = 0.0
    for row in layout.rows(of: tileRow) {
      let at = layout.wordLine(row, tileColumn: tileColumn)
      change = max(change, Self.change(plus.wordLines.conductance[at], since: tiles.wordLines[at]))
    }
    for column in layout.outputs(of: tileColumn) {
      let at = layout.bitLine(column, tileRow: tileRow)
      change = max(change, Self.change(plus.bitLines.conductance[at], since: tiles.plusLines[at]))
      change = max(change, Self.change(minus.bitLines.conductance[at], since: tiles.minusLines[at]))
    }
    return tiles.losses[tile] * change > wires.tolerance
  }

  private static func change(_ now: Double, since then: Double) -> Double {
    then > 0 ? abs(now - then) / then : 0
  }

  /// Takes over a tile's gains.
  private func adopt(_ solution: TileSolution, tile: Int, of banks: [DeviceBank]) {
    let polarities = banks.compactMap { gains(of: $0) }
    let (tileRow, tileColumn) = (tile / layout.columnsOfTiles, tile % layout.columnsOfTiles)
    var element = 0
    for row in layout.rows(of: tileRow) {
      for column in layout.outputs(of: tileColumn) {
        for gains in polarities {
          let device = row * outputs + column
          for term in basis.indices {
            gains.forward[term][device] = Float(solution.forward[term][element])
            gains.transposed[term][device] = Float(solution.transposed[term][element])
          }
          gains.adopt(solution.write, element: element, device: device)
          element += 1
        }
      }
    }
    weighHalfSelected(solution.write, tile: tile, of: banks)
    // What concerns writes in training is that of the devices that training pulses.
    guard banks.contains(where: { $0.isSame(as: plus) }) else { return }
    record(tileRow: tileRow, tileColumn: tileColumn, loss: solution.largestLoss)
  }

  /// Weighs the totals of a tile's lines with what a write leaves of half-select voltages.
  private func weighHalfSelected(
    _ attenuation: WriteAttenuation, tile: Int, of banks: [DeviceBank]
  ) {
    let (tileRow, tileColumn) = (tile / layout.columnsOfTiles, tile % layout.columnsOfTiles)
    let (rows, columns) = (layout.rows(of: tileRow), layout.outputs(of: tileColumn))
    let ideal = HalfSelectRatios(technology.conditions.scheme)
    var whole = WeightedMean()
    var ofBits = [WeightedMean](repeating: WeightedMean(), count: columns.count * banks.count)
    var element = 0
    for row in rows {
      var ofWord = WeightedMean()
      for column in columns {
        for bank in banks {
          let siemens = Double(bank.conductance[row * outputs + column])
          let ratios = HalfSelectRatios(
            technology.conditions.scheme, sameWordLine: attenuation.sameWordLine[element],
            sameBitLine: attenuation.sameBitLine[element],
            unselected: attenuation.unselected[element])
          ofWord.add(ratios.wordLine, weight: siemens)
          ofBits[element % ofBits.count].add(ratios.bitLine, weight: siemens)
          whole.add(ratios.tile, weight: siemens)
          element += 1
        }
      }
      banks[0].wordLines.halfSelectRatio[layout.wordLine(row, tileColumn: tileColumn)] =
        ofWord.value ?? ideal.wordLine
    }
    for (index, mean) in ofBits.enumerated() {
      let bit = layout.bitLine(
        columns.lowerBound + index / banks.count, tileRow: tileRow)
      banks[index % banks.count].bitLines.halfSelectRatio[bit] = mean.value ?? ideal.bitLine
    }
    banks[0].tiles.halfSelectRatio[tile] = whole.value ?? ideal.tile
  }

  private func refreshCoefficients(rows: Range<Int>, outputs: Range<Int>) {
    let refresher = CoefficientRefresher(self)
    var rowChanges = [Double](repeating: 0, count: basis.count)
    for row in rows {
      rowChanges.withUnsafeMutableBufferPointer { changes in
        guard let base = changes.baseAddress else { return }
        changes.update(repeating: 0)
        refresher.refresh(row: row, columns: outputs, rowChanges: base)
        for term in 0..<changes.count { rowTotals[term * wordLines + row] += changes[term] }
      }
    }
  }

  private func record(tileRow: Int, tileColumn: Int, loss: Double) {
    for row in layout.rows(of: tileRow) {
      let at = layout.wordLine(row, tileColumn: tileColumn)
      tiles.wordLines[at] = plus.wordLines.conductance[at]
    }
    for column in layout.outputs(of: tileColumn) {
      let at = layout.bitLine(column, tileRow: tileRow)
      tiles.plusLines[at] = plus.bitLines.conductance[at]
      tiles.minusLines[at] = minus.bitLines.conductance[at]
    }
    tiles.losses[tileRow * layout.columnsOfTiles + tileColumn] = loss
  }
}

/// A mean of values with weights.
private struct WeightedMean {
  private var weights = 0.0
  private var sum = 0.0

  mutating func add(_ value: Double, weight: Double) {
    weights += weight
    sum += weight * value
  }

  /// Nil without weight.
  var value: Double? { weights > 0 ? sum / weights : nil }
}

/// Results of blocks of work.
///
/// Sound: each place is written by one block and read after all have ended.
private final class ResultBox: @unchecked Sendable {
  let values: UnsafeMutableBufferPointer<Result<TileSolution, Failure>?>

  init(count: Int) {
    values = .allocate(capacity: count)
    values.initialize(repeating: nil)
  }

  deinit {
    values.deinitialize()
    values.deallocate()
  }
}
