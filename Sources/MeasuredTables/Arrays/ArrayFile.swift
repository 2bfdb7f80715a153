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
    for column in 0..<count {
      append(
        "\(name)\(name.last?.isNumber == true ? "_" : "")\(column + 1)",
        ArrayColumn(values: (0..<rows).map { values[$0 * count + column] }))
    }
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
    switch format {
    case .json: try json(path)
    case .npy: try npy(path)
    case .npz: try npz(path, dataset: dataset)
    case .hdf5: try hierarchical(path, dataset: dataset, isMatlab: false)
    case .mat: try mat(path, dataset: dataset)
    default:
      throw Failure(.badData, at: path, "\(format.rawValue) holds no arrays")
    }
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
    guard !file.names.isEmpty else {
      throw Failure(
        .badData, at: path,
        dataset.map { "has no array \"\($0)\"" } ?? "holds no arrays")
    }
    file.layout = "arrays of an archive"
    return file
  }

  private static func json(_ path: String) throws(Failure) -> ArrayFile {
    let object = try? JSONSerialization.jsonObject(with: InputFile.bytes(of: path))
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
