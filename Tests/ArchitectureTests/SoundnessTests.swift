import Foundation
import Testing

/// What the compiler is told not to check is explained where it is told.
@Suite struct SoundnessTests {
  @Test func uncheckedSendabilityIsExplained() throws {
    var found = 0
    for file in try Repository.swiftFiles(in: "Sources") {
      let lines = try Repository.text(file).components(separatedBy: "\n")
      for (index, line) in lines.enumerated()
      where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
        found += 1
        let comment = lines[..<index].reversed().prefix {
          $0.drop { $0 == " " }.hasPrefix("//")
        }
        #expect(comment.contains { $0.contains("Sound: ") }, "\(file):\(index + 1)")
      }
    }
    #expect(found > 10)
  }
}
