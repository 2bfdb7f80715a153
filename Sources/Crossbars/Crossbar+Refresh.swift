import Devices
import Mathematics

extension Crossbar {
  /// Rewrites pairs of which a device has left the window, keeping their difference.
  ///
  /// SET-only training moves both devices of a pair up until nothing is left to SET; a refresh
  /// reads the pair, and writes its difference anew about the window's centre by write-and-verify.
  ///
  /// - Parameter draw: names the noise of the verifying reads; different from that of other writes.
  public func refreshSaturatedPairs(draw: UInt64) -> WriteReport {
    let conditions = technology.conditions
    let border = Float(conditions.window.upperBound)
    let saturated = (0..<wordLines * outputs).filter {
      plus.conductance[$0] >= border || minus.conductance[$0] >= border
    }
    guard !saturated.isEmpty else { return WriteReport() }
    var targets = [Float](repeating: 0, count: wordLines * outputs)
    for pair in saturated {
      let voltage = conditions.read.voltage
      targets[pair] = Float(
        technology.chordConductance(
          at: plus.conductance[pair], z: plus.readDeviation[pair], voltage: voltage)
          - technology.chordConductance(
            at: minus.conductance[pair], z: minus.readDeviation[pair], voltage: voltage))
    }
    return writeVerified(targets: targets, draw: draw, chosen: saturated)
  }
}
