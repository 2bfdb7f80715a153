/// Guesses what a misspelt word was meant to be.
package enum Spelling {
  /// The candidate at the smallest edit distance from `word`, if at most a third of it is wrong.
  package static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let ranked = candidates.map { (distance: distance(word, $0), candidate: $0) }
    let best = ranked.min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }
    guard let best, 3 * best.distance <= word.count else { return nil }
    return best.candidate
  }

  /// Insertions, deletions, replacements and swaps of neighbours that lead from a to b (optimal
  /// string alignment).
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
