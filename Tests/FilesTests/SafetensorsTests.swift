import Failures
import Files
import Foundation
import Testing
import _TestSupport

/// Weights in files of other programs.
@Suite struct SafetensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let tensors = [
    Tensor(name: "a.bias", shape: [3], values: [1, -2.5, .leastNonzeroMagnitude]),
    Tensor(name: "a.weight", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
  ]

  @Test func arraysComeBackAsTheyWere() throws {
    let path = folder.file("w.safetensors")
    try SafetensorsFile.write(Self.tensors, metadata: [("unit", "a \"quoted\" text")], to: path)
    #expect(try SafetensorsFile.read(path) == Self.tensors)
  }

  @Test func theLayoutIsTheFormats() throws {
    let path = folder.file("w.safetensors")
    try SafetensorsFile.write([Tensor(name: "x", shape: [1], values: [1])], metadata: [], to: path)
    let header = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let expected =
      [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8) + [0, 0, 0x80, 0x3f]
    #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == expected)
  }

  @Test(arguments: [
    "", "12345678", "{}", #"{"x":1}"#, #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"x":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"x":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}"#,
    #"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}"#,
    #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
  ]) func damageIsRefused(header: String) throws {
    let path = folder.file("w.safetensors")
    var data = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count)) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    if header != "{}" { data.append(contentsOf: [0, 0, 0x80, 0x3f]) }
    try (header.isEmpty ? Data() : data).write(to: URL(fileURLWithPath: path))
    if header == "{}" {
      #expect(try SafetensorsFile.read(path).isEmpty)
    } else {
      #expect(throws: Failure.self) { try SafetensorsFile.read(path) }
    }
  }

  @Test func everyCutIsRefused() throws {
    let path = folder.file("w.safetensors")
    try SafetensorsFile.write(Self.tensors, metadata: [], to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(fileURLWithPath: path))
      #expect(throws: Failure.self) { try SafetensorsFile.read(path) }
    }
  }
}
