package import Failures
import Files
package import Foundation
import Networks
import Reports

extension Checkpoint {
  /// Writes the checkpoint; on return it is durable under its name, before it the old one is.
  package func write(to path: String) throws(Failure) {
    try AtomicFile.write(try encoded(place: path), to: path, links: .replaced)
  }

  /// Reads a checkpoint and checks every byte of it.
  ///
  /// - Throws: ``Failure``: `noInput` without a file, `badData` naming what is damaged.
  package init(contentsOf path: String) throws(Failure) {
    try self.init(encoded: [UInt8](try InputFile.rawBytes(of: path)), place: path)
  }
}

// MARK: - Writing

extension Checkpoint {
  /// The bytes of the file.
  package func encoded(place: String) throws(Failure) -> Data {
    var body = Data()
    var entries: [CheckpointHeader.Entry] = []
    for array in state.arrays {
      let bytes = Self.bytes(of: array.values)
      entries.append(
        CheckpointHeader.Entry(
          name: array.name, shape: array.shape, offset: body.count,
          crc32: Checksum.crc32(bytes)))
      body.append(bytes)
    }
    let header = try encodedHeader(entries, place: place)
    var file = Data(Self.magic)
    file.append(littleEndian: Self.version)
    file.append(littleEndian: UInt32(clamping: header.count))
    let checksum = Checksum.crc32(file + header)
    file.append(littleEndian: checksum)
    file.append(header)
    file.append(body)
    return file
  }

  private func encodedHeader(
    _ entries: [CheckpointHeader.Entry], place: String
  ) throws(Failure) -> Data {
    let header = CheckpointHeader(
      identity: identity, epoch: state.epoch, initialLedger: LedgerTable.values(initialLedger),
      trainingLedger: LedgerTable.values(trainingLedger), row: row, publishedHits: publishedHits,
      publishedTotal: publishedTotal, arrays: entries)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try encoder.encode(header)
    } catch {
      throw Failure(.internal, at: place, "checkpoint header cannot be encoded")
    }
  }

  private static func bytes(of values: [Float]) -> Data {
    values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
  }
}

// MARK: - Reading

extension Checkpoint {
  package init(encoded file: [UInt8], place: String) throws(Failure) {
    let damaged = { (what: String) in
      Failure(
        .badData, at: place, "checkpoint is damaged: \(what)",
        remedy: "restore the file, or start a new run")
    }
    let end = try Self.checkedPreamble(file, damaged)
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let text = Data(file[Self.preambleSize..<end])
    guard JSON.isShallow(text),
      let header = try? decoder.decode(CheckpointHeader.self, from: text),
      let initial = LedgerTable.ledger(header.initialLedger),
      let training = LedgerTable.ledger(header.trainingLedger)
    else { throw damaged("the header cannot be understood") }
    guard (0...1_000_000_000).contains(header.epoch), header.publishedHits >= 0,
      header.publishedTotal >= header.publishedHits
    else { throw damaged("an epoch or a count of its header cannot be") }
    self.init(
      identity: header.identity,
      state: TrainerState(
        epoch: header.epoch, arrays: try Self.arrays(header.arrays, file[end...], damaged)),
      initialLedger: initial, trainingLedger: training, row: header.row,
      publishedHits: header.publishedHits, publishedTotal: header.publishedTotal)
  }

  /// Checks everything before the arrays and returns where these begin.
  private static func checkedPreamble(
    _ file: [UInt8], _ damaged: (String) -> Failure
  ) throws(Failure) -> Int {
    guard file.count >= preambleSize else {
      throw damaged("\(file.count) bytes are fewer than the \(preambleSize) of its preamble")
    }
    guard Array(file[..<8]) == magic else {
      throw damaged("bytes 0 to 7 are not the magic number of a checkpoint")
    }
    guard file.littleEndian32(at: 8) == version else {
      throw damaged("format version \(file.littleEndian32(at: 8)) is not \(version)")
    }
    let length = Int(file.littleEndian32(at: 12))
    guard file.count - preambleSize >= length else {
      throw damaged("it ends inside its header, at byte \(file.count)")
    }
    let end = preambleSize + length
    let covered = Data(file[..<16] + file[preambleSize..<end])
    guard Checksum.crc32(covered) == file.littleEndian32(at: 16) else {
      throw damaged("the checksum of the header (bytes 0 to \(end - 1)) does not fit")
    }
    return end
  }

  private static func arrays(
    _ entries: [CheckpointHeader.Entry], _ body: ArraySlice<UInt8>,
    _ damaged: (String) -> Failure
  ) throws(Failure) -> [TrainerState.NamedArray] {
    var arrays: [TrainerState.NamedArray] = []
    var offset = 0
    for entry in entries {
      guard let size = byteCount(of: entry.shape), entry.offset == offset else {
        throw damaged("array \(entry.name) has an impossible shape or place")
      }
      guard body.count - offset >= size else {
        throw damaged("it ends inside array \(entry.name), at byte \(body.endIndex)")
      }
      let bytes = body[body.startIndex + offset..<body.startIndex + offset + size]
      guard Checksum.crc32(Data(bytes)) == entry.crc32 else {
        throw damaged(
          "the checksum of array \(entry.name) (bytes \(bytes.startIndex) to "
            + "\(bytes.endIndex - 1)) does not fit")
      }
      arrays.append(
        TrainerState.NamedArray(name: entry.name, shape: entry.shape, values: floats(in: bytes)))
      offset += size
    }
    guard offset == body.count else {
      throw damaged("\(body.count - offset) bytes follow the last array")
    }
    return arrays
  }

  /// Bytes of an array of floats, or nil for a shape that no file can hold.
  private static func byteCount(of shape: [Int]) -> Int? {
    var product = MemoryLayout<Float>.size
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      product = next
    }
    return product
  }

  private static func floats(in bytes: ArraySlice<UInt8>) -> [Float] {
    bytes.withUnsafeBytes { source in
      (0..<source.count / 4).map {
        let bits = source.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: bits))
      }
    }
  }
}

extension [UInt8] {
  /// Four bytes as an integer; the caller has checked the length.
  fileprivate func littleEndian32(at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << (8 * UInt32($1)) }
  }
}
