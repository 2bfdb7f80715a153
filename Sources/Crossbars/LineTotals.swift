import ArrayOperations
import Devices
import Mathematics

/// Totals of the programmed conductances along lines or over tiles, and what wires leave of a
/// half-select voltage there: what the energy of half-selected devices is made of.
struct LineTotals: Sendable {
  /// ∑ G in siemens per line or tile.
  let conductance: Storage<Double>
  /// ∑ r · G / ∑ G per line or tile when its wires were last solved, with the ratio r of the half-select
  /// voltage that arrives at each device; see ``HalfSelectRatios``.
  let halfSelectRatio: Storage<Double>

  init(count: Int, halfSelectRatio: Double) {
    conductance = Storage(count: count, repeating: 0)
    self.halfSelectRatio = Storage(count: count, repeating: halfSelectRatio)
  }

  /// ∑ r · G in siemens over the devices of a line or tile, some of them left out.
  ///
  /// - Parameter excluded: ∑ G of the devices left out.
  func load(at line: Int, excluding excluded: Double) -> Double {
    halfSelectRatio[line] * (conductance[line] - excluded)
  }
}

/// Weights with which the totals of lines and tiles make up the load of half-selected devices.
///
/// Under V/2 devices on exactly one selected line are loads, each with the ratio r that reaches it; all
/// others have no potential difference and cost nothing.
///
/// Under V/3 the whole tile is driven by V/3 the other way, of which u reaches a device, and the selected
/// word and bit line by 2V/3 more. With the symmetric matrix Y of admittances between lines, p of all
/// lines and x of the selected ones, drivers supply pᵀYp + 2·xᵀYp + xᵀYx. That is a load u·G of all
/// devices of the tile and, with r = 2a − u where a reaches a device of a line driven alone, one of
/// 4·(a − u)·G = 2·(r − u)·G of every device on a selected line. Half of the latter is spent in that
/// device; as much is what neighbouring lines, which the selected one lifts, take from devices on no
/// selected line. With ideal wires all ratios are one.
struct HalfSelectRatios {
  /// Of a device on a selected word line, on a selected bit line, and of every device of the tile.
  var wordLine: Double
  var bitLine: Double
  var tile: Double

  init(
    _ scheme: WriteScheme, sameWordLine: Double = 1, sameBitLine: Double = 1,
    unselected: Double = 1
  ) {
    (wordLine, bitLine, tile) =
      scheme == .half
      ? (sameWordLine, sameBitLine, 0)
      : (2 * (sameWordLine - unselected), 2 * (sameBitLine - unselected), unselected)
  }
}
