/// A zeroed block of numbers with a fixed address, freed with its owner.
final class Buffer<Element> {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int, repeating value: Element) {
    self.count = count
    pointer = .allocate(capacity: count)
    pointer.initialize(repeating: value, count: count)
  }

  /// Sets every element.
  func clear(_ value: Element) { pointer.update(repeating: value, count: count) }

  deinit { pointer.deallocate() }

  subscript(index: Int) -> Element {
    get { pointer[index] }
    set { pointer[index] = newValue }
  }
}
