import Failures

/// The wires of an array: segments between neighbouring crosspoints, and what closes the line ends.
///
/// All in ohms. A segment of 0 is ideal (the line is one node), an infinite one cuts the line. An
/// end of 0 is held at its potential, a finite one is connected to it through a resistance, an
/// infinite one floats. The end resistance is the only element between a potential and the line's
/// first crosspoint.
package struct ArrayWires: Equatable, Sendable {
  /// Resistance between neighbouring crosspoints of a word line.
  package var wordSegment: Double
  /// Resistance between neighbouring crosspoints of a bit line.
  package var bitSegment: Double
  /// Resistance between each line end and its terminal.
  package var ends: LineEnds

  /// Wires from resistances in ohms, each ≥ 0 and infinite where nothing connects.
  package init(wordSegment: Double, bitSegment: Double, ends: LineEnds) {
    self.wordSegment = wordSegment
    self.bitSegment = bitSegment
    self.ends = ends
  }

  /// The ends of the lines that are connected when an array is driven at its word lines and sensed
  /// at its bit lines.
  package enum Drive: String, Sendable, CaseIterable {
    /// Sources at the first ends of word lines, sense at the last ends of bit lines; others float.
    case single
    /// Sources at both ends of word lines, sense at both ends of bit lines.
    case double
  }

  /// Word lines driven through `source` ohms and bit lines sensed through `sense` ohms.
  package static func driven(
    rows: Int, columns: Int, wordSegment: Double, bitSegment: Double, source: Double,
    sense: Double, drive: Drive = .single
  ) -> ArrayWires {
    var ends = LineEnds(rows: rows, columns: columns, word: source, bit: sense)
    if drive == .single {
      ends.wordLast = [Double](repeating: .infinity, count: rows)
      ends.bitFirst = [Double](repeating: .infinity, count: columns)
    }
    return ArrayWires(wordSegment: wordSegment, bitSegment: bitSegment, ends: ends)
  }

  /// Refuses negative and undefined resistances and wrong counts.
  func validate(rows: Int, columns: Int) throws(Failure) {
    for (name, value) in [("word-line segment", wordSegment), ("bit-line segment", bitSegment)] {
      guard value >= 0 else {
        throw Failure(.badData, at: name, "is \(value) Ω; a resistance is 0 or more")
      }
    }
    for (end, values) in ends.groups {
      let lines = end.isWord ? rows : columns
      guard values.count == lines else {
        throw Failure(
          .badData, at: "\(end.name)s", "\(values.count) resistances for \(lines) lines")
      }
      if let line = values.firstIndex(where: { !($0 >= 0) }) {
        throw Failure(
          .badData, at: "\(end.name) \(line)", "is \(values[line]) Ω; a resistance is 0 or more")
      }
    }
  }
}
