public import CPrefetch

/// A fixed number of plain values at a stable address.
///
/// What an array of devices or a workspace keeps for its whole life, reachable from several threads
/// at once, each on its own part. A reference: copies of the handle share the values.
public final class Storage<Element: BitwiseCopyable>: @unchecked Sendable {
  /// Address of the first element.
  public let base: UnsafeMutablePointer<Element>
  /// Number of values, fixed for life.
  public let count: Int

  /// Room for `count` values, all equal at first.
  public init(count: Int, repeating value: Element) {
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: value, count: max(1, count))
    self.count = count
  }

  /// A copy of an array's values.
  public init(_ values: [Element]) {
    base = .allocate(capacity: max(1, values.count))
    count = values.count
    for (index, value) in values.enumerated() { (base + index).initialize(to: value) }
  }

  deinit { base.deallocate() }

  /// The value at a place below ``count``, which is not checked.
  @inlinable
  public subscript(index: Int) -> Element {
    get { base[index] }
    set { base[index] = newValue }
  }

  /// Fetches the value at a place below ``count`` into the cache, for a loop that knows where it
  /// will be next.
  @inlinable @inline(__always)
  public func prefetch(_ index: Int) { prefetch_line(base + index) }

  /// All values.
  public var buffer: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: base, count: count)
  }

  /// `length` values from `start` on.
  @inlinable
  public func part(_ start: Int, _ length: Int) -> UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: base + start, count: length)
  }

  /// The values as an array.
  public var values: [Element] { Array(buffer) }

  /// Sets every value.
  public func fill(_ value: Element) { buffer.update(repeating: value) }

  /// Takes over the values of an array of the same length.
  public func load(_ values: [Element]) {
    precondition(values.count == count, "the number of values does not fit")
    for index in 0..<count { base[index] = values[index] }
  }
}
