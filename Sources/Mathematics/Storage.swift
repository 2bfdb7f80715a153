/// A fixed number of plain values at a stable address.
///
/// What an array of devices or a workspace keeps for its whole life, reachable from several threads
/// at once. A reference: copies of the handle share the values. Sound: the address and the number of values never
/// change, and blocks of parallel work write parts of their own, which none reads before all have ended.
public final class Storage<Element: BitwiseCopyable>: @unchecked Sendable {
  /// Address of the first element.
  public let base: UnsafeMutablePointer<Element>
  /// Number of values, fixed for life.
  public let count: Int

  /// Bytes of a cache line, at which storage begins.
  static var alignment: Int { 64 }

  /// Room for `count` values, all equal at first.
  public init(count: Int, repeating value: Element) {
    base = Self.allocate(count)
    base.initialize(repeating: value, count: max(1, count))
    self.count = count
  }

  /// A copy of an array's values.
  public init(_ values: [Element]) {
    base = Self.allocate(values.count)
    count = values.count
    for (index, value) in values.enumerated() { (base + index).initialize(to: value) }
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: alignment
    ).bindMemory(to: Element.self, capacity: max(1, count))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// The value at a place below ``count``, which is not checked.
  @inlinable
  public subscript(index: Int) -> Element {
    get { base[index] }
    set { base[index] = newValue }
  }

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
