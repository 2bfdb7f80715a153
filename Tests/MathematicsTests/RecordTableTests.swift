import Mathematics
import Testing

@Suite struct RecordTableTests {
  @Test(
    "Records fill whole parts of a cache line, or whole lines",
    arguments: [(1, 1), (3, 4), (4, 4), (9, 16), (16, 16), (17, 32), (33, 48)])
  func widths(_ values: Int, _ width: Int) {
    let table = RecordTable<Float>(records: 3, values: values, repeating: 0)
    #expect(table.width == width)
    #expect(Int(bitPattern: table.base) % 64 == 0)
  }

  @Test("Lanes are apart from each other and share the table's values")
  func lanes() {
    let table = RecordTable<Int32>(records: 4, values: 3, repeating: 7)
    let (first, last) = (table.lane(0), table.lane(2))
    #expect(first.values == [7, 7, 7, 7])
    first.load([1, 2, 3, 4])
    last.fill(-1)
    last[2] = 9
    #expect(table.lane(0).values == [1, 2, 3, 4])
    #expect(table.lane(1).values == [7, 7, 7, 7])
    #expect(table.lane(2).values == [-1, -1, 9, -1])
    #expect(first[2, 2] == 9)
    first[1, 1] = 5
    #expect(table.lane(1)[1] == 5)
    #expect(last.address(of: 2).pointee == 9)
    table.fill(0)
    #expect(first.values + last.values == [0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func mayBeEmpty() {
    #expect(RecordTable<Float>(records: 0, values: 2, repeating: 1).lane(1).values.isEmpty)
  }
}
