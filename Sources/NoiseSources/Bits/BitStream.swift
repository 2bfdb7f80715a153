package import ArrayOperations
package import Failures

/// Bits on demand from a source that is watched.
package struct BitStream {
  package private(set) var source: any BitSource
  /// Whether a source goes on that has failed its tests.
  package let keepsGoing: Bool
  private var queue = BitQueue()

  /// A stream at position 0.
  ///
  /// - Throws: ``Failure`` of kind `internal` when the source is unfit by design and the stream may
  ///   not keep going.
  package init(_ source: any BitSource, keepsGoing: Bool = false) throws(Failure) {
    if let defect = source.defect, !keepsGoing {
      throw Failure(
        .internal, at: "noise source \(source.name)", defect, remedy: Self.remedy)
    }
    self.source = source
    self.keepsGoing = keepsGoing
    self.source.restart(at: 0)
  }

  static let remedy = "--keep-going uses it all the same"

  /// Begins the sequence that belongs to a position.
  package mutating func restart(at position: UInt64) {
    queue.removeAll()
    source.restart(at: position)
  }

  /// Does and books what the source needs before its first bit.
  package mutating func start(ledger: inout EnergyLedger) { source.start(ledger: &ledger) }

  /// Announces how many bits at most are drawn after each restart, and how many restarts follow.
  ///
  /// - Throws: ``Failure`` of kind `badData` when a recording is too short for that.
  package mutating func expect(bitsPerPosition: Int, positions: Int) throws(Failure) {
    guard var recording = source as? RecordedBits else { return }
    try recording.expect(bitsPerPosition: bitsPerPosition, positions: positions)
    source = recording
  }

  /// The next `count` ≤ 64 bits as the lowest of a word.
  ///
  /// - Throws: ``Failure``: `internal` when the source fails its health tests, `badData` when a
  ///   recording ends.
  @inline(__always)
  package mutating func take(_ count: Int, ledger: inout EnergyLedger) throws(Failure) -> UInt64 {
    while queue.count < count { try refill(&ledger) }
    return queue.take(count)
  }

  /// The next bits packed, the first the most significant of the first byte, the last byte filled
  /// with zeros.
  ///
  /// - Throws: as ``take(_:ledger:)``.
  package mutating func bytes(
    _ count: Int, ledger: inout EnergyLedger
  ) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity((count + 7) / 8)
    for _ in 0..<count / 64 {
      let word = try take(64, ledger: &ledger)
      withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }
    var rest = count % 64
    while rest > 0 {
      let taken = min(8, rest)
      bytes.append(UInt8(try take(taken, ledger: &ledger) << UInt64(8 - taken)))
      rest -= taken
    }
    return bytes
  }

  private mutating func refill(_ ledger: inout EnergyLedger) throws(Failure) {
    let before = queue.count
    try source.produce(into: &queue, ledger: &ledger)
    ledger.noiseBits += queue.count - before
    if !keepsGoing { try source.monitor.check(source.name) }
  }
}
