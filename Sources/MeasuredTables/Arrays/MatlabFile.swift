import CMatio
import Failures
import Files
import Foundation

/// The arrays of a MATLAB file to version 7.2: its variables, or the fields of a struct.
struct MatlabFile {
  private static let limit = 1 << 28

  /// Reads the variables of a file, or what is at a path such as `data/sweep`.
  static func read(_ path: String, dataset: String?) throws(Failure) -> ArrayFile {
    guard let file = cmatio_open(try InputFile.seekable(path)) else {
      throw Failure(.badData, at: path, "is no MATLAB file, or a damaged one")
    }
    defer { cmatio_close(file) }
    let wanted = (dataset ?? "").split { "/.".contains($0) }.map(String.init)
    var found = ArrayFile(path: path)
    found.layout = wanted.isEmpty ? "variables" : "arrays of \(wanted.joined(separator: "/"))"
    var structs: [String] = []
    while let variable = cmatio_next(file) {
      defer { cmatio_free(variable) }
      let name = String(cString: cmatio_name(variable))
      if wanted.isEmpty {
        if Int(cmatio_kind(variable)) == cmatio_struct { structs.append(name) }
        try append(name, variable, to: &found)
      } else if name == wanted[0] {
        try descend(variable, name, wanted.dropFirst(), to: &found)
      }
    }
    let hasNumbers = found.hasMatrices || found.names.contains { found[$0]?.words == nil }
    if wanted.isEmpty, !hasNumbers, structs.count == 1 {
      return try read(path, dataset: structs[0])
    }
    guard !found.isEmpty else {
      throw Failure(
        .badData, at: path,
        wanted.isEmpty ? "holds no arrays of numbers" : "holds nothing at \"\(dataset ?? "")\"",
        remedy: structs.isEmpty
          ? nil : "choose one with --dataset: \(structs.joined(separator: ", "))")
    }
    if !structs.isEmpty {
      found.notes.append("not read: the structs \(structs.joined(separator: ", ")) (--dataset)")
    }
    return found
  }

  private static func descend(
    _ variable: UnsafeRawPointer, _ name: String, _ rest: ArraySlice<String>,
    to found: inout ArrayFile
  ) throws(Failure) {
    guard Int(cmatio_kind(variable)) == cmatio_struct else {
      if rest.isEmpty { try append(name, variable, to: &found) }
      return
    }
    for field in 0..<cmatio_count(variable) {
      guard let text = cmatio_field_name(variable, field),
        let element = cmatio_element(variable, field)
      else { continue }
      let own = String(cString: text)
      if let next = rest.first {
        if own == next { try descend(element, own, rest.dropFirst(), to: &found) }
      } else {
        try append(own, element, to: &found)
      }
    }
  }

  private static func append(
    _ name: String, _ variable: UnsafeRawPointer, to found: inout ArrayFile
  ) throws(Failure) {
    let dimensions = (0..<cmatio_rank(variable)).map { cmatio_dimension(variable, $0) }
    let count = dimensions.reduce(1) {
      let (product, overflows) = $0.multipliedReportingOverflow(by: $1)
      return overflows ? Int.max : product
    }
    guard count <= limit else {
      throw Failure(.badData, at: "\(found.path): \(name)", "holds too many values: \(count)")
    }
    switch Int(cmatio_kind(variable)) {
    case cmatio_numbers:
      guard dimensions.count == 2 else {
        found.notes.append("\"\(name)\" has \(dimensions.count) dimensions and is not read")
        return
      }
      guard count > 0 else { return }
      var values = [Double](repeating: .nan, count: count)
      guard cmatio_read(variable, &values, count) == 0 else {
        throw Failure(.badData, at: "\(found.path): \(name)", "cannot be read")
      }
      if dimensions.contains(1) {
        found.append(name, ArrayColumn(values: values, isScalar: count == 1))
      } else {
        let (rows, columns) = (dimensions[0], dimensions[1])
        let turned = (0..<count).map { values[$0 % columns * rows + $0 / columns] }
        found.append(name, matrix: turned, rows: rows, columns: columns)
      }
    case cmatio_text:
      if let text = text(variable) {
        found.append(name, ArrayColumn(values: [.nan], words: [text], isScalar: true))
      }
    case cmatio_cell:
      let words = (0..<cmatio_count(variable)).map { cmatio_element(variable, $0).flatMap(text) }
      guard !words.isEmpty, !words.contains(nil) else { return }
      found.append(name, ArrayColumn(values: [], words: words.compactMap { $0 }))
    default: break
    }
  }

  private static func text(_ variable: UnsafeRawPointer) -> String? {
    guard Int(cmatio_kind(variable)) == cmatio_text else { return nil }
    var text = [CChar](repeating: 0, count: 4096)
    guard cmatio_read_text(variable, &text, text.count) == 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
