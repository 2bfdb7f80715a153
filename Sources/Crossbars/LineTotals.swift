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
/// Under V/2 devices on exactly one selected line are loads, each with its ratio r. Under V/3 all others
/// of the tile are: ∑ r·G over the tile, with the ratio u of devices on no selected line, and
/// ∑ (r − u)·G over the selected lines. Both are ∑ over selected lines and the tile of a weight per
/// device times G; with ideal wires all ratios are one.
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
      : (sameWordLine - unselected, sameBitLine - unselected, unselected)
  }
}
