import Failures
import Files
import Foundation

/// One array of a file: numbers, or words.
struct ArrayColumn: Sendable {
  var values: [Double]
  /// Words, where the array holds no numbers.
  var words: [String]?
  /// Whether one value stands for all rows.
  var isScalar = false

  var count: Int { words?.count ?? values.count }
}

/// The arrays of a file that holds arrays, by name, in a fixed order.
struct ArrayFile: Sendable {
  let path: String
  private(set) var names: [String] = []
  private var columns: [String: ArrayColumn] = [:]
  /// Matrices, last dimension fastest, until all arrays are known.
  private var matrices: [(name: String, values: [Double], rows: Int, columns: Int)] = []
  /// What was found, one line.
  var layout = "arrays"
  var notes: [String] = []
  var remedy = "name arrays such as voltage_V and current_A, or pass --description FILE.toml"

  init(path: String) { self.path = path }

  subscript(_ name: String) -> ArrayColumn? { columns[name] }

  mutating func append(_ name: String, _ column: ArrayColumn) {
    if columns[name] == nil { names.append(name) }
    columns[name] = column
  }

  /// Adds a matrix, last dimension fastest: a column for each of its own, numbered from 1.
  mutating func append(_ name: String, matrix values: [Double], rows: Int, columns count: Int) {
    guard count != 1, rows != 1 else { return append(name, ArrayColumn(values: values)) }
    matrices.append((name, values, rows, count))
  }

  var hasMatrices: Bool { !matrices.isEmpty }

  var isEmpty: Bool { names.isEmpty && matrices.isEmpty }

  /// Turns matrices into columns: those whose rows, and not columns, are as long as the other arrays
  /// are stored with a row each.
  private mutating func spreadMatrices() {
    let lengths = Set(columns.values.filter { !$0.isScalar && $0.count > 1 }.map(\.count))
    for (name, values, rows, count) in matrices {
      let isTurned = !lengths.contains(rows) && lengths.contains(count)
      let (length, number) = isTurned ? (count, rows) : (rows, count)
      if isTurned { notes.append("\"\(name)\" has a row each, not a column") }
      for one in 0..<number {
        append(
          Self.numbered(name, one + 1),
          ArrayColumn(
            values: (0..<length).map { values[isTurned ? one * count + $0 : $0 * count + one] }))
      }
    }
    matrices.removeAll()
  }

  /// A name with the number of a column before its unit: `G1 (uS)`.
  private static func numbered(_ name: String, _ number: Int) -> String {
    let (bare, unit) = ColumnHeading.parted(name)
    let mark = bare.last?.isNumber == true ? "_" : ""
    return unit.map { "\(bare)\(mark)\(number) (\(UnitScale.bare($0)))" }
      ?? "\(name)\(mark)\(number)"
  }

  func sample(of name: String) -> ColumnSample {
    var sample = ColumnSample()
    guard let column = columns[name] else { return sample }
    if let words = column.words {
      sample.words = words.count
    } else {
      for value in column.values where value.isFinite { sample.take(value) }
    }
    return sample
  }

  /// Reads the arrays of a file.
  ///
  /// - Parameter dataset: path of the table in it; nil takes the only one.
  /// - Throws: ``Failure`` of kind `badData` for a damaged file, and when the path must be given.
  static func read(
    _ path: String, format: TableFormat, dataset: String?
  ) throws(Failure) -> ArrayFile {
    var file =
      switch format {
      case .json: try json(path)
      case .npy: try npy(path)
      case .npz: try npz(path, dataset: dataset)
      case .hdf5: try hierarchical(path, dataset: dataset, isMatlab: false)
      case .mat: try mat(path, dataset: dataset)
      default:
        throw Failure(.badData, at: path, "\(format.rawValue) holds no arrays")
      }
    file.spreadMatrices()
    return file
  }

  /// MATLAB 7.3 is HDF5 behind a header of its own.
  private static func mat(_ path: String, dataset: String?) throws(Failure) -> ArrayFile {
    let head = try InputFile.rawBytes(of: path).prefix(10)
    guard head.starts(with: Array("MATLAB 7.3".utf8)) || head.starts(with: [0x89, 0x48]) else {
      return try IsolatedReader.read(path, with: "matio") { () throws(Failure) in
        try MatlabFile.read(path, dataset: dataset)
      }
    }
    return try hierarchical(path, dataset: dataset, isMatlab: true)
  }

  private static func hierarchical(
    _ path: String, dataset: String?, isMatlab: Bool
  ) throws(Failure) -> ArrayFile {
    _ = try InputFile.seekable(path)
    return try IsolatedReader.read(path, with: "HDF5") { () throws(Failure) in
      try HierarchicalFile.read(path, dataset: dataset, isMatlab: isMatlab)
    }
  }

  private static func npy(_ path: String) throws(Failure) -> ArrayFile {
    var file = ArrayFile(path: path)
    try NumpyArray(InputFile.bytes(of: path), place: path).append(to: &file, name: "array")
    file.layout = "one array"
    file.remedy =
      "name the columns in a record array, or describe them: voltage = { column = 1, unit = \"V\" }"
    return file
  }

  private static func npz(_ path: String, dataset: String?) throws(Failure) -> ArrayFile {
    var file = ArrayFile(path: path)
    for member in try ZipArchive(InputFile.rawBytes(of: path), path: path).members() {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      guard dataset == nil || dataset == name else { continue }
      try NumpyArray(member.bytes, place: "\(path): \(member.name)")
        .append(to: &file, name: name)
    }
    guard !file.isEmpty else {
      throw Failure(
        .badData, at: path,
        dataset.map { "has no array \"\($0)\"" } ?? "holds no arrays")
    }
    file.layout = "arrays of an archive"
    return file
  }

  /// A list of records, a row each.
  private static func json(_ records: [[String: Any]], _ path: String) -> ArrayFile {
    var file = ArrayFile(path: path)
    for name in Set(records.flatMap(\.keys)).sorted() {
      let cells = records.map { $0[name] }
      let words = cells.compactMap { $0 as? String }
      file.append(
        name,
        ArrayColumn(
          values: cells.map { ($0 as? NSNumber)?.doubleValue ?? .nan },
          words: words.count == cells.count ? words : nil))
    }
    file.layout = "a list of JSON records"
    return file
  }

  private static func json(_ path: String) throws(Failure) -> ArrayFile {
    let object = try? JSONSerialization.jsonObject(with: InputFile.bytes(of: path))
    if let records = object as? [[String: Any]] { return json(records, path) }
    guard let members = object as? [String: Any] else {
      throw Failure(
        .badData, at: path, "is not one JSON object", remedy: "columns are its arrays")
    }
    var file = ArrayFile(path: path)
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      if let number = member as? NSNumber {
        file.append(name, ArrayColumn(values: [number.doubleValue], isScalar: true))
      } else if let list = member as? [Any] {
        let words = list.compactMap { $0 as? String }
        file.append(
          name,
          ArrayColumn(
            values: list.map { ($0 as? NSNumber)?.doubleValue ?? .nan },
            words: !list.isEmpty && words.count == list.count ? words : nil))
      } else if let word = member as? String {
        file.append(name, ArrayColumn(values: [.nan], words: [word], isScalar: true))
      }
    }
    file.layout = "arrays of a JSON object"
    return file
  }
}
