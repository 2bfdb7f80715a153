package import ArrayOperations
import Devices
import Mathematics

extension Crossbar {
  /// Rewrites pairs of which a device has left the window, keeping their difference.
  ///
  /// SET-only training moves both devices of a pair up until nothing is left to SET; a refresh
  /// reads all devices, word line by word line, and writes the difference of every pair that has a
  /// device beyond the window anew about the window's centre, by write-and-verify. It knows of a
  /// device what a read tells: behind wires, with noise and, like every read, at a cost.
  ///
  /// - Parameter draw: names the noise of the reads; different from that of other writes.
  package func refreshSaturatedPairs(draw: UInt64) -> EnergyLedger {
    let conditions = technology.conditions
    let border = conditions.window.upperBound / conditions.readGain
    var targets = [Float](repeating: 0, count: wordLines * outputs)
    var saturated: [Int] = []
    var reads = EnergyLedger()
    for pair in targets.indices {
      let (ofPlus, ofMinus) = pairReading(pair, draw: draw, ledger: &reads)
      guard max(ofPlus, ofMinus) >= border else { continue }
      targets[pair] = Float(ofPlus - ofMinus)
      saturated.append(pair)
    }
    // Bit lines of a word line are sensed at once.
    reads.seconds = Double(wordLines) * conditions.read.time
    if !saturated.isEmpty {
      reads += writeVerified(targets: targets, draw: draw, chosen: saturated)
    }
    return reads
  }
}
