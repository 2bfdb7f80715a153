import Failures
import Files
import Foundation
import Testing
import _TestSupport

@Suite struct NumpyFileTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("array.npy")
  }

  /// A file as `numpy.save` writes it, with the given header and elements.
  private static func file(
    _ dictionary: String, _ elements: [UInt8], version: [UInt8] = [1, 0]
  ) -> Data {
    let header = dictionary + String(repeating: " ", count: 117 - dictionary.utf8.count) + "\n"
    return Data([0x93] + Array("NUMPY".utf8) + version + [118, 0] + Array(header.utf8) + elements)
  }

  private static let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }"

  @Test func writesWhatNumpyWrites() throws {
    try NumpyFile.write([1, 2, 3, 4, 5, 6], shape: [2, 3], to: path)
    let written = try InputFile.rawBytes(of: path)
    #expect(written == Self.file(Self.header, [1, 2, 3, 4, 5, 6]))
  }

  @Test(arguments: [[], [5], [2, 3], [3, 28, 28], [0, 28, 28]])
  func readsWhatItWrites(shape: [Int]) throws {
    let values = (0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0) }
    try NumpyFile.write(values, shape: shape, to: path)
    let (readShape, readValues) = try NumpyFile.read(path)
    #expect(readShape == shape)
    #expect(readValues == values)
  }

  /// The order of the header's entries is free (NumPy Enhancement Proposal 1).
  @Test func readsEntriesInAnyOrder() throws {
    try Self.file("{'shape': (2,), 'descr': '|u1', 'fortran_order': False}", [7, 8])
      .write(to: URL(fileURLWithPath: path))
    #expect(try NumpyFile.read(path).values == [7, 8])
  }

  static let damaged: [(String, Data)] = [
    ("empty", Data()),
    ("other format", Data("P5 28 28 255 and some more text".utf8)),
    ("header cut", file(header, []).prefix(60)),
    ("elements cut", file(header, [1, 2, 3, 4, 5])),
    ("bytes after", file(header, [1, 2, 3, 4, 5, 6, 7])),
    ("version 2", file(header, [1, 2, 3, 4, 5, 6], version: [2, 0])),
    ("floats", file("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0])),
    ("signed", file("{'descr': '|i1', 'fortran_order': False, 'shape': (1,), }", [0])),
    ("Fortran order", file("{'descr': '|u1', 'fortran_order': True, 'shape': (1,), }", [0])),
    ("no shape", file("{'descr': '|u1', 'fortran_order': False, }", [0])),
    ("shape of words", file("{'descr': '|u1', 'fortran_order': False, 'shape': (a,), }", [0])),
    ("negative", file("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }", [0])),
    (
      "overflow",
      file("{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", [0])
    ),
    (
      "digits overflow",
      file("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }", [0])
    ),
    ("twice", file("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': ()}", [0])),
    ("records", file("{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (1,), }", [0])),
    ("no dictionary", file("", [0])),
  ]

  @Test(arguments: damaged)
  func refusesDamagedFiles(name: String, content: Data) throws {
    try content.write(to: URL(fileURLWithPath: path))
    let failure = #expect(throws: Failure.self) { try NumpyFile.read(path) }
    #expect(failure?.kind == .badData)
    #expect(failure?.place == path)
  }

  @Test func namesAMissingFile() {
    let failure = #expect(throws: Failure.self) { try NumpyFile.read(path) }
    #expect(failure?.kind == .noInput)
    #expect(failure?.place == path)
  }
}
