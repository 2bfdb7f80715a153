import Failures
import Files
import Foundation

/// What the first bytes of a file say of its format.
struct FileMarks {
  /// A format that holds arrays; nil for text.
  private(set) var format: TableFormat?

  /// - Throws: ``Failure`` of kind `badData` for workbooks, which are to be exported.
  init(path: String) throws(Failure) {
    let head = try Self.head(of: path)
    func begins(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
    if begins([0x93] + Array("NUMPY".utf8)) {
      format = .npy
    } else if begins([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) {
      format = .hdf5
    } else if begins(Array("MATLAB 5.0 MAT-file".utf8)) || begins(Array("MATLAB 7.3".utf8)) {
      format = .mat
    } else if begins([0x50, 0x4B, 0x03, 0x04]) {
      guard !Self.isWorkbook(head) else { throw Self.workbook(path) }
      format = .npz
    } else if begins([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
      throw Self.workbook(path)
    } else if Self.isMarkup(head) {
      throw Self.workbook(path)
    } else if Self.isFourthMatlab(head) {
      format = .mat
    } else if path.hasSuffix(".json")
      || [0x7B, 0x5B].contains(head.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) })
        && Self.isRecord(head)
    {
      format = .json
    }
  }

  /// The first bytes, unpacked where they are gzip.
  private static func head(of path: String) throws(Failure) -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: try InputFile.seekable(path)),
      let raw = try? handle.read(upToCount: 8192)
    else { return [] }
    try? handle.close()
    let isPacked = raw.starts(with: [0x1F, 0x8B])
    guard isPacked else { return Array(raw) }
    let lines = try ByteLines(path: path)
    return try lines.next { Array($0.prefix(8192)) } ?? []
  }

  private static func isWorkbook(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head, as: UTF8.self)
    return text.contains("[Content_Types].xml") || text.contains("xl/") || text.contains("mimetype")
  }

  /// Whether text begins as a JSON object, or as a list of such.
  private static func isRecord(_ head: [UInt8]) -> Bool {
    let signs = head.lazy.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(2)
    return signs.first == 0x7B || Array(signs) == [0x5B, 0x7B]
  }

  /// A workbook as XML or a page, which spreadsheet programs and instruments save as `.xls`, too.
  private static func isMarkup(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head.prefix(2048), as: UTF8.self).lowercased()
      .drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    return text.hasPrefix("<?xml") && text.contains("workbook") || text.hasPrefix("<html")
      || text.hasPrefix("<!doctype html") || text.hasPrefix("<table")
  }

  /// MATLAB's level 4: five integers (type, rows, columns, complex, length of the name), a name.
  private static func isFourthMatlab(_ head: [UInt8]) -> Bool {
    guard head.count > 21 else { return false }
    for isBig in [false, true] {
      let numbers = (0..<5).map { place in
        (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(head[4 * place + (isBig ? $1 : 3 - $1)]) }
      }
      let (type, length) = (numbers[0], Int(numbers[4]))
      guard type / 1000 == (isBig ? 1 : 0), type % 1000 < 60, type % 10 < 3, numbers[3] < 2,
        (2...64).contains(length), head.count >= 20 + length, head[19 + length] == 0
      else { continue }
      let name = head[20..<(19 + length)]
      if name.allSatisfy({ (0x30...0x7A).contains($0) }) { return true }
    }
    return false
  }

  private static func workbook(_ path: String) -> Failure {
    Failure(
      .badData, at: path, "is a spreadsheet, which is not read",
      remedy: "export the sheet as CSV: in Clarius, Save Data As … .csv in the Analyze view; in a"
        + " spreadsheet program, Save As, CSV UTF-8")
  }
}
