import Mathematics
import Testing

@Suite struct StorageTests {
  @Test func startsWithEqualValues() {
    let storage = Storage<Float>(count: 5, repeating: 2.5)
    #expect(storage.count == 5)
    #expect(storage.values == [2.5, 2.5, 2.5, 2.5, 2.5])
  }

  @Test func takesAnArray() {
    let storage = Storage([3, 1, 2])
    #expect(storage.values == [3, 1, 2])
    storage[1] = 9
    #expect(storage[1] == 9)
    storage.load([7, 8, 9])
    #expect(storage.values == [7, 8, 9])
    storage.fill(4)
    #expect(storage.values == [4, 4, 4])
  }

  @Test("Copies of the handle and parts share the values")
  func sharing() {
    let storage = Storage([0, 1, 2, 3, 4, 5])
    let copy = storage
    storage.part(2, 3).update(repeating: -1)
    #expect(copy.values == [0, 1, -1, -1, -1, 5])
    copy.buffer[0] = 10
    #expect(storage[0] == 10)
  }

  @Test func mayBeEmpty() {
    #expect(Storage<Int>(count: 0, repeating: 1).values.isEmpty)
    #expect(Storage<Int>([]).count == 0)
  }
}
