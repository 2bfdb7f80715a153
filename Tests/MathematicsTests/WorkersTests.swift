import Foundation
import Mathematics
import Testing

@Suite struct WorkersTests {
  @Test("Every index once, on any number of threads", arguments: [1, 2, 3, 8])
  func everyIndexOnce(count: Int) {
    for total in [0, 1, 2, 100, 1001] {
      let visits = Storage<Int32>(count: total, repeating: 0)
      Workers(count: count).forEach(total) { visits[$0] += 1 }
      #expect(visits.values.allSatisfy { $0 == 1 })
    }
  }

  @Test("Blocks cover a range without overlap and do not depend on the number of threads")
  func blocks() {
    for (total, size) in [(0, 4), (1, 4), (4, 4), (5, 4), (1000, 64), (3, 100)] {
      let starts = [1, 2].map { count in
        let starts = Storage<Int32>(count: total, repeating: -1)
        Workers(count: count).forEachBlock(of: total, size: size) { range in
          for index in range { starts[index] = Int32(range.lowerBound) }
        }
        return starts.values
      }
      #expect(starts[0] == (0..<total).map { Int32($0 / size * size) })
      #expect(starts[0] == starts[1])
    }
  }

  @Test("Thousands of small pieces in turn, some after threads went to sleep", arguments: [2, 5])
  func manyPieces(count: Int) {
    let workers = Workers(count: count)
    let visits = Storage<Int32>(count: 7, repeating: 0)
    for piece in 0..<5000 {
      workers.forEach(7) { visits[$0] += 1 }
      if piece % 1000 == 0 { usleep(2000) }
    }
    #expect(visits.values.allSatisfy { $0 == 5000 })
  }

  @Test("Work within work")
  func nested() {
    let visits = Storage<Int32>(count: 60, repeating: 0)
    let workers = Workers(count: 3)
    workers.forEach(6) { outer in
      workers.forEach(10) { visits[outer * 10 + $0] += 1 }
    }
    #expect(visits.values.allSatisfy { $0 == 1 })
  }

  @Test("Several callers at once, with pieces that take longer than threads stay awake")
  func callers() async {
    let visits = Storage<Int32>(count: 4 * 9, repeating: 0)
    await withTaskGroup(of: Void.self) { group in
      for caller in 0..<4 {
        group.addTask {
          for _ in 0..<20 {
            Workers(count: 2).forEach(9) { index in
              if index == 4 { usleep(500) }
              visits[caller * 9 + index] += 1
            }
          }
        }
      }
    }
    #expect(visits.values.allSatisfy { $0 == 20 })
  }

  @Test("Fewer than one thread is one")
  func atLeastOne() {
    #expect(Workers(count: 0).count == 1)
    #expect(Workers(count: -3).count == 1)
    #expect(Workers.one.count == 1)
  }
}
