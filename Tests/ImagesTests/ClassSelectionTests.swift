import Failures
import Images
import Testing

@Suite struct ClassSelectionTests {
  @Test func readsAllOneAndLists() throws {
    #expect(try ClassSelection(parsing: "all") == .all)
    #expect(try ClassSelection(parsing: "3").classes == [3])
    #expect(try ClassSelection(parsing: "1, 0").classes == [0, 1])
    #expect(try ClassSelection(parsing: "0,1,2,3,4,5,6,7,8,9") == .all)
  }

  @Test(arguments: ["all", "3", "0,1", "0,8,9"])
  func describesItselfAsItIsRead(text: String) throws {
    #expect(try ClassSelection(parsing: text).description == text)
  }

  @Test(arguments: ["", "10", "-1", "+3", "3,", ",3", "three", "0-4", "3,3", "ALL", "٣", "0 1"])
  func refusesOtherClasses(text: String) {
    let failure = #expect(throws: Failure.self) { try ClassSelection(parsing: text) }
    #expect(failure?.kind == .usage)
    #expect(failure?.place == "--classes")
  }
}
