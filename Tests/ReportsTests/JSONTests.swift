import Foundation
import Reports
import Testing

@Suite("JSON")
struct JSONTests {
  @Test func `Members keep their order`() {
    let value: JSON = ["b": 1, "a": [true, nil, 5e-5], "": "x"]
    #expect(value.line == #"{"b":1,"a":[true,null,5e-05],"":"x"}"#)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `Numbers that are not finite are null`(number: Double) {
    #expect(JSON.number(number).line == "null")
  }

  @Test func `Strings survive a foreign parser`() throws {
    let text = "a\"b\\c\n\t\u{1}\u{7f}é"
    let data = Data(JSON.object([.init(text, .text(text))]).document.utf8)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: String])
    #expect(object == [text: text])
  }

  @Test func `Documents are read back`() {
    let value: JSON = ["a": ["b": 0.1, "c": [1, "d", false, nil]], "e": [:]]
    #expect(JSON(parsing: Data(value.document.utf8)) == value)
    #expect(JSON(parsing: Data("{".utf8)) == nil)
  }
}
