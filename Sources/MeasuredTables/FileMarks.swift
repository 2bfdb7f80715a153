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
    } else if path.hasSuffix(".json")
      || head.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == 0x7B
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

  private static func workbook(_ path: String) -> Failure {
    Failure(
      .badData, at: path, "is a spreadsheet, which is not read",
      remedy: "export the sheet as CSV: in Clarius, Save Data As … .csv in the Analyze view; in a"
        + " spreadsheet program, Save As, CSV UTF-8")
  }
}
