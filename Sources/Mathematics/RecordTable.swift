/// Records of plain values: what is used together lies together.
///
/// Work that visits devices here and there waits for memory once per cache line. An array per
/// quantity costs a line per device and quantity, a record of few values costs its own. A
/// reference like ``Storage``: copies of the handle share the values.
public struct RecordTable<Element: BitwiseCopyable>: Sendable {
  /// Values from one record to the next.
  public let width: Int
  /// Number of records, fixed for life.
  public let count: Int
  private let storage: Storage<Element>

  /// Room for records of at least `values` values, all equal at first.
  ///
  /// Records begin at whole parts of a cache line or at whole lines, so that none lies in more
  /// lines than it fills.
  public init(records: Int, values: Int, repeating value: Element) {
    let line = max(1, Storage<Element>.alignment / MemoryLayout<Element>.stride)
    var width = 1
    while width < min(values, line) { width *= 2 }
    self.width = values <= line ? width : (values + line - 1) / line * line
    count = records
    storage = Storage(count: records * self.width, repeating: value)
  }

  /// Address of the first record.
  public var base: UnsafeMutablePointer<Element> { storage.base }

  /// One value of every record, the one at a place below ``width``.
  public func lane(_ place: Int) -> Lane<Element> {
    precondition((0..<width).contains(place), "a record has no such place")
    return Lane(base: storage.base + place, stride: width, count: count)
  }

  /// Sets every value.
  public func fill(_ value: Element) { storage.fill(value) }
}

/// One quantity of all records of a ``RecordTable``, which outlives it.
///
/// An address without a reference: nothing is counted where it is copied into inner loops. Sound: whoever keeps a
/// lane keeps its table as long (an array holds both for life), and threads write records of their own.
public struct Lane<Element: BitwiseCopyable>: @unchecked Sendable {
  /// Address of the first value.
  public let base: UnsafeMutablePointer<Element>
  /// Values from one to the next.
  public let stride: Int
  /// Number of values.
  public let count: Int

  @usableFromInline
  init(base: UnsafeMutablePointer<Element>, stride: Int, count: Int) {
    self.base = base
    self.stride = stride
    self.count = count
  }

  /// The value of a record below ``count``, which is not checked.
  @inlinable @inline(__always)
  public subscript(record: Int) -> Element {
    get { base[record &* stride] }
    nonmutating set { base[record &* stride] = newValue }
  }

  /// A later value of the same record, where a quantity has several.
  @inlinable @inline(__always)
  public subscript(record: Int, offset: Int) -> Element {
    get { base[record &* stride &+ offset] }
    nonmutating set { base[record &* stride &+ offset] = newValue }
  }

  /// Address of a record's value.
  @inlinable @inline(__always)
  public func address(of record: Int) -> UnsafeMutablePointer<Element> { base + record &* stride }

  /// The values as an array.
  @inlinable
  public var values: [Element] { (0..<count).map { self[$0] } }

  /// Sets every value.
  @inlinable
  public func fill(_ value: Element) {
    for record in 0..<count { self[record] = value }
  }

  /// Takes over the values of an array of the same length.
  @inlinable
  public func load(_ values: [Element]) {
    precondition(values.count == count, "the number of values does not fit")
    for record in 0..<count { self[record] = values[record] }
  }
}
