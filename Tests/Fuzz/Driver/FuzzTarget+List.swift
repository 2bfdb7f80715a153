import Calibration
import Failures
import Files
import Foundation
import Images
import MeasuredTables
import NoiseSources
import Reports
import Runs
import Studies

extension FuzzTarget {
  static let all = settings + tables + data

  /// Files that people write.
  private static let settings = [
    FuzzTarget(name: "toml") { bytes, _ in
      _ = try TOMLDocument(text: text(bytes), name: "input")
    },
    FuzzTarget(name: "calibration") { bytes, _ in
      let calibration = try Calibration.parse(text(bytes), name: "input")
      _ = calibration.device(interpolated: true)
    },
    FuzzTarget(name: "run") { bytes, _ in
      let file = try TOMLDocument(text: text(bytes), name: "input")
      _ = try RunConfiguration.resolve(file: file).configuration.json.line
    },
    FuzzTarget(name: "study") { bytes, _ in
      _ = try Study(document: TOMLDocument(text: text(bytes), name: "input"))
    },
    FuzzTarget(name: "description") { bytes, _ in
      _ = try TableDescription(document: TOMLDocument(text: text(bytes), name: "input"))
    },
    FuzzTarget(name: "noise-source") { bytes, _ in
      _ = try NoiseSpecification(parsing: text(bytes))
    },
  ]

  /// Tables of instruments: by their own marks, and forced into every format.
  private static let tables =
    [
      FuzzTarget(name: "table-any") { _, path in
        _ = try TableInspection(TableReader(files: [path])).suspicions
      },
      // A description and its table, with a line of dashes between them.
      FuzzTarget(name: "table-described") { bytes, path in
        let parts = text(bytes).components(separatedBy: "\n-----\n")
        let description = try TableDescription(
          document: TOMLDocument(text: parts[0], name: "input"))
        var rest = parts.dropFirst().joined(separator: "\n-----\n")
        let file = try ScratchFile(named: "table")
        rest.withUTF8 { file.fill(UnsafeRawBufferPointer($0)) }
        _ = try TableInspection(TableReader(files: [file.path], description: description))
      },
    ]
    + TableFormat.allCases.map { format in
      FuzzTarget(name: "table-\(format.rawValue)") { _, path in
        _ = try TableInspection(TableReader(files: [path], format: format)).suspicions
      }
    }

  /// Files that programs write.
  private static let data = [
    FuzzTarget(name: "gzip") { _, path in
      _ = try InputFile.bytes(of: path, limit: 1 << 24)
    },
    FuzzTarget(name: "idx", fileName: "input.idx") { _, path in
      _ = try ImageFile.read(path)
    },
    FuzzTarget(name: "npy", fileName: "input.npy") { _, path in
      _ = try ImageFile.read(path)
    },
    FuzzTarget(name: "labels") { _, path in
      _ = try IdxFile.read(path, dimensionCount: 1)
    },
    FuzzTarget(name: "labels-qmnist") { _, path in
      _ = try IdxFile.firstColumn(path)
    },
    FuzzTarget(name: "arrays") { _, path in
      _ = try NumberTable.read(path)
    },
    FuzzTarget(name: "bits") { _, path in
      _ = try BitRecording(path: path)
    },
    FuzzTarget(name: "json") { bytes, _ in
      _ = JSON(parsing: Data(bytes))?.line
    },
    FuzzTarget(name: "checkpoint") { bytes, _ in
      _ = try Checkpoint(encoded: Array(bytes), place: "input")
    },
    // The input is header and arrays; checksums are made to fit.
    FuzzTarget(name: "checkpoint-body") { bytes, _ in
      _ = try Checkpoint(encoded: checkpoint(Array(bytes)), place: "input")
    },
    FuzzTarget(name: "manifest") { _, path in
      _ = try Manifest(contentsOf: path)
    },
    FuzzTarget(name: "metrics") { _, path in
      var file = MetricsFile(path: path, columns: ["epoch", "loss", "energy_J"])
      try file.restore(through: 1)
    },
    FuzzTarget(name: "study-grid") { _, path in
      _ = try StudyGrid(contentsOf: path)
    },
  ]

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  private static func checkpoint(_ bytes: [UInt8]) -> [UInt8] {
    let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
    let header = bytes[..<end]
    func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
    let preamble = Checkpoint.magic + word(Checkpoint.version) + word(UInt32(header.count))
    return preamble + word(Checksum.crc32(Data(preamble + header))) + header
      + bytes.dropFirst(end + 1)
  }
}
