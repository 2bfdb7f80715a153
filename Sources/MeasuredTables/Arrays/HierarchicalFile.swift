import CHDF5
import Failures
import Files
import Foundation

/// The arrays of a group, a compound or a matrix in an HDF5 file; MATLAB 7.3 is HDF5, too.
struct HierarchicalFile {
  private let path: String
  private let file: Int64
  /// Whether matrices are stored with their first dimension fastest, as MATLAB does.
  private let isMatlab: Bool

  /// Values above which an array is refused.
  private static let limit = UInt64(1) << 28

  /// Reads the table at a path inside a file; nil takes the only one.
  static func read(
    _ path: String, dataset: String?, isMatlab: Bool
  ) throws(Failure) -> ArrayFile {
    let file = chdf5_open(try InputFile.seekable(path))
    guard file >= 0 else {
      throw Failure(.badData, at: path, "is no HDF5 file, or a damaged one")
    }
    defer { chdf5_close(file) }
    return try HierarchicalFile(path: path, file: file, isMatlab: isMatlab).table(dataset)
  }

  private func table(_ dataset: String?) throws(Failure) -> ArrayFile {
    let all = paths()
    let tables = Set(all.compactMap { tablePath($0) }).sorted()
    let chosen: String
    if let dataset {
      chosen = dataset.split(separator: "/").joined(separator: "/")
      guard chosen.isEmpty || all.contains(chosen) else {
        throw Failure(
          .badData, at: path, "holds nothing at \"\(dataset)\"", remedy: listing(tables))
      }
    } else if tables.count > 1, tables.allSatisfy({ Self.crosspoint($0) != nil }) {
      return try crosspoints(tables)
    } else {
      guard tables.count == 1 else {
        throw Failure(
          .badData, at: path,
          tables.isEmpty ? "holds no numbers" : "holds \(tables.count) tables",
          remedy: tables.isEmpty ? nil : listing(tables))
      }
      chosen = tables[0]
    }
    var found = ArrayFile(path: path)
    found.layout = "arrays of /\(chosen)"
    let shape = chdf5_describe(file, chosen.isEmpty ? "/" : chosen)
    if Int(shape.kind) == chdf5_group {
      for child in all where parent(of: child) == chosen { try append(child, to: &found) }
    } else {
      try append(chosen, to: &found)
    }
    guard !found.isEmpty else {
      throw Failure(.badData, at: path, "holds no arrays at \"\(chosen)\"", remedy: listing(tables))
    }
    return found
  }

  /// The crosspoint of ArC TWO that a data set is the history of: `W01B02`.
  private static func crosspoint(_ path: String) -> String? {
    path.wholeMatch(of: /crosspoints\/(W\d+B\d+)\/timeseries/).map { String($0.1) }
  }

  /// The histories of all crosspoints of ArC TWO, one below the other.
  private func crosspoints(_ paths: [String]) throws(Failure) -> ArrayFile {
    var values: [String: [Double]] = [:]
    var names: [String] = []
    var words: [String] = []
    for path in paths {
      var one = ArrayFile(path: self.path)
      try append(path, to: &one)
      if names.isEmpty { names = one.names }
      guard one.names == names else {
        throw Failure(
          .badData, at: "\(self.path): /\(path)",
          "has other members than the crosspoints before it",
          remedy: listing(paths))
      }
      for name in names { values[name, default: []] += one[name]?.values ?? [] }
      let count = names.first.flatMap { one[$0]?.count } ?? 0
      words += Array(repeating: Self.crosspoint(path) ?? path, count: count)
    }
    var found = ArrayFile(path: path)
    found.layout = "\(paths.count) crosspoints"
    for name in names { found.append(name, ArrayColumn(values: values[name] ?? [])) }
    found.append("crosspoint", ArrayColumn(values: [], words: words))
    return found
  }

  private func listing(_ tables: [String]) -> String {
    "choose one with --dataset: \(tables.prefix(20).map { "/\($0)" }.joined(separator: ", "))"
      + (tables.count > 20 ? ", …" : "")
  }

  private func paths() -> [String] {
    let paths = PathList()
    _ = chdf5_visit(file, Unmanaged.passUnretained(paths).toOpaque()) { context, name in
      guard let context, let name else { return }
      Unmanaged<PathList>.fromOpaque(context).takeUnretainedValue().names.append(
        String(cString: name))
    }
    // MATLAB keeps the contents of cells in a group of its own.
    return paths.names.filter { !$0.hasPrefix("#") }
  }

  private func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  /// The table that a data set belongs to: itself for a compound, else its group.
  private func tablePath(_ path: String) -> String? {
    switch Int(chdf5_describe(file, path).kind) {
    case chdf5_compound: path
    case chdf5_numbers: parent(of: path)
    default: nil
    }
  }

  private func append(_ path: String, to found: inout ArrayFile) throws(Failure) {
    let shape = chdf5_describe(file, path)
    let dimensions = [shape.dimensions.0, shape.dimensions.1, shape.dimensions.2]
      .prefix(max(0, Int(shape.rank)))
    let count = dimensions.reduce(UInt64(1)) {
      let (product, overflows) = $0.multipliedReportingOverflow(by: $1)
      return overflows ? .max : product
    }
    guard count <= Self.limit else {
      throw Failure(.badData, at: "\(self.path): /\(path)", "holds too many values: \(count)")
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    switch Int(shape.kind) {
    case chdf5_numbers:
      guard shape.rank <= 2 else {
        found.notes.append("\"\(name)\" has \(shape.rank) dimensions and is not read")
        return
      }
      let values = try numbers(path, nil, count)
      if isMatlab, attribute("MATLAB_class", of: path) == "char" {
        let text = String(
          String.UnicodeScalarView(
            values.compactMap { UInt32(exactly: $0).flatMap(Unicode.Scalar.init) }))
        return found.append(name, ArrayColumn(values: [.nan], words: [text], isScalar: true))
      }
      appendNumbers(
        unitName(name, path), values, dimensions.map(Int.init), to: &found)
    case chdf5_compound: try appendMembers(path, shape, count, to: &found)
    case chdf5_text where shape.rank <= 1:
      let texts = PathList()
      let failed = chdf5_strings(file, path, Unmanaged.passUnretained(texts).toOpaque()) {
        context, text in
        guard let context, let text else { return }
        Unmanaged<PathList>.fromOpaque(context).takeUnretainedValue().names.append(
          String(cString: text))
      }
      guard failed == 0 else { throw damaged(path) }
      found.append(name, ArrayColumn(values: [], words: texts.names, isScalar: count == 1))
    default: break
    }
  }

  private func appendNumbers(
    _ name: String, _ values: [Double], _ dimensions: [Int], to found: inout ArrayFile
  ) {
    guard dimensions.count == 2 else {
      return found.append(name, ArrayColumn(values: values, isScalar: values.count == 1))
    }
    if isMatlab {
      // Stored column by column: the first dimension of HDF5 counts columns.
      let (columns, rows) = (dimensions[0], dimensions[1])
      let turned = (0..<rows * columns).map {
        values[$0 % max(1, columns) * rows + $0 / max(1, columns)]
      }
      found.append(name, matrix: turned, rows: rows, columns: columns)
    } else {
      found.append(name, matrix: values, rows: dimensions[0], columns: dimensions[1])
    }
  }

  private func appendMembers(
    _ path: String, _ shape: chdf5_shape, _ count: UInt64, to found: inout ArrayFile
  ) throws(Failure) {
    // ArC TWO keeps room behind the rows that are filled.
    var filled = Double(count)
    if chdf5_number(file, path, "NROWS", &filled) == 0 { filled = min(filled, Double(count)) }
    for member in 0..<max(0, shape.members) {
      var text = [CChar](repeating: 0, count: 256)
      let kind = chdf5_member(file, path, member, &text, text.count)
      let name = String(
        decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard Int(kind) == chdf5_numbers else {
        found.notes.append("\"\(name)\" holds no numbers and is not read")
        continue
      }
      let values = try numbers(path, name, count)
      found.append(name, ArrayColumn(values: Array(values.prefix(max(0, Int(filled))))))
    }
  }

  private func numbers(
    _ path: String, _ member: String?, _ count: UInt64
  ) throws(Failure) -> [Double] {
    guard count > 0 else { return [] }
    var values = [Double](repeating: .nan, count: Int(count))
    guard chdf5_read(file, path, member, &values) == 0 else { throw damaged(path) }
    return values
  }

  private func damaged(_ path: String) -> Failure {
    Failure(.badData, at: "\(self.path): /\(path)", "cannot be read")
  }

  /// The name with the unit that an attribute gives.
  private func unitName(_ name: String, _ path: String) -> String {
    for key in ["units", "unit", "Unit", "Units"] {
      guard let unit = attribute(key, of: path) else { continue }
      return unit.isEmpty ? name : "\(name) (\(unit))"
    }
    return name
  }

  private func attribute(_ key: String, of path: String) -> String? {
    var text = [CChar](repeating: 0, count: 64)
    guard chdf5_attribute(file, path, key, &text, text.count) == 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// Texts that a C function hands over one by one.
final class PathList {
  var names: [String] = []
}
