import DynamicFits
import FitResults
import NoiseFits
import StaticFits
import Testing

@Suite("Names of operations")
struct OperationNameTests {
  @Test(arguments: [
    ("set", OperationName.set), ("SET", .set), ("Set_12", .set), ("LTP run 3", .set), ("pot", .set),
    ("RESET", .reset), ("reset (dc)", .reset), ("LTD", .reset), ("Depression", .reset),
    ("electroforming", .apart), ("read-out", .apart), ("observe", .apart),
    ("I/V Sweep", .other), ("offset", .other), ("set/reset loop", .other), ("", .other),
  ])
  func `A name says what it is for by its words`(name: String, meaning: OperationName) {
    #expect(OperationName(name) == meaning)
  }
}
