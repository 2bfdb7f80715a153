import Foundation
import Reports
import Testing
import _TestSupport

/// What users name things: quotes of every kind, markup, separators, ends of lines.
private let awkward = "a\"b'c<d>&e,f\r\n;\\`$(g)%"

@Suite("Texts in reports")
struct EscapingTests {
  @Test func `HTML holds no character of markup`() {
    let page = HTML.page(
      title: awkward,
      body: HTML.table(header: [awkward], texts: [[awkward]]))
    let escaped = "a&quot;b&#39;c&lt;d&gt;&amp;e,f\r\n;\\`$(g)%"
    #expect(page.components(separatedBy: escaped).count == 4)
    #expect(!page.contains("<d>"))
  }

  @Test func `A table without rows is nothing`() {
    #expect(HTML.table(header: ["a"], texts: []).isEmpty)
  }

  @Test func `A CSV cell is quoted where it must be`() {
    #expect(CSV.row(["a", "1.5", ""]) == "a,1.5,")
    #expect(CSV.row([awkward, "x"]) == "\"a\"\"b'c<d>&e,f\r\n;\\`$(g)%\",x")
    #expect(CSV.cell(nil as Double?) == "" && CSV.cell(0.1) == "0.1")
  }

  @Test func `Gnuplot gets one line in single quotes`() {
    #expect(Gnuplot.quoted("5' \"x\"\nq\r\n\\") == "'5'' \"x\" q \\'")
  }

  @Test func `Gnuplot draws whatever the labels say`() throws {
    let folder = try TemporaryFolder()
    let figure = Figure(
      name: "f", commands: "set xlabel \(Gnuplot.quoted(awkward)) noenhanced\nplot 'f.dat'",
      data: [("f.dat", "1 1\n2 2\n")])
    let drawing = try figure.draw(in: folder.path)
    guard drawing != .missing else { return }
    #expect(drawing == .done)
    let picture = try String(contentsOfFile: folder.path + "/f.svg", encoding: .utf8)
    #expect(picture.contains("`$(g)%"))
  }

  @Test func `A PNG of the wrong size is refused`() throws {
    #expect(throws: (any Error).self) {
      try PNGImage.encoded([0, 0, 0], width: 2, height: 2, channels: 1, at: "test")
    }
    let data = try PNGImage.encoded([0, 1, 2, 3], width: 2, height: 2, channels: 1, at: "test")
    #expect(data.starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }
}
