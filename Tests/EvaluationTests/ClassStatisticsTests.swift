import Evaluation
import Foundation
import Mathematics
import Testing

@Suite struct ClassStatisticsTests {
  /// One column per image, all its probability in one class.
  static func certain(_ classes: [Int]) -> Matrix {
    var matrix = Matrix(rows: 10, columns: classes.count)
    for (column, row) in classes.enumerated() { matrix[row, column] = 1 }
    return matrix
  }

  @Test func scoreIsTheDefinition() {
    var p = gaussianMatrix(rows: 10, columns: 40, seed: 1)
    for column in 0..<40 {
      let total = (0..<10).reduce(Float(0)) { $0 + exp(p[$1, column]) }
      for row in 0..<10 { p[row, column] = exp(p[row, column]) / total }
    }
    let marginal = (0..<10).map { row in (0..<40).reduce(0.0) { $0 + Double(p[row, $1]) } / 40 }
    var divergence = 0.0
    for column in 0..<40 {
      for row in 0..<10 {
        let value = Double(p[row, column])
        divergence += value * log(value / marginal[row]) / 40
      }
    }
    #expect(abs(ClassStatistics.score(of: p) - exp(divergence)) < 1e-6)
  }

  @Test func scoreSpansOneToTheNumberOfClasses() {
    #expect(abs(ClassStatistics.score(of: Self.certain(Array(0..<10))) - 10) < 1e-9)
    #expect(ClassStatistics.score(of: Self.certain([4, 4, 4])) == 1)
    let undecided = Matrix(rows: 10, columns: 3, repeating: 0.1)
    #expect(abs(ClassStatistics.score(of: undecided) - 1) < 1e-6)
  }

  @Test func histogramCountsTheMostProbable() {
    let histogram = ClassStatistics.histogram(of: Self.certain([0, 9, 9, 3]))
    #expect(histogram == [1, 0, 0, 1, 0, 0, 0, 0, 0, 2])
  }

  @Test func onePercentIsEnough() {
    #expect(ClassStatistics.classesOverOnePercent([990, 10, 0]) == 2)
    #expect(ClassStatistics.classesOverOnePercent([991, 9, 0]) == 1)
    #expect(ClassStatistics.classesOverOnePercent([0, 0, 0]) == 0)
  }

  @Test func divergenceIsTheDefinition() throws {
    let equal = try #require(ClassStatistics.divergence(of: [10, 30], from: [100, 300]))
    #expect(equal < 1e-12)
    let collapsed = try #require(ClassStatistics.divergence(of: [7, 0], from: [1, 3]))
    #expect(abs(collapsed - log(4)) < 1e-12)
    // Images outside the prior's classes leave both sides.
    let outside = try #require(ClassStatistics.divergence(of: [10, 30, 5], from: [1, 1, 0]))
    #expect(abs(outside - (0.25 * log(0.5) + 0.75 * log(1.5))) < 1e-12)
    #expect(ClassStatistics.divergence(of: [0, 5], from: [1, 0]) == nil)
  }

  @Test func publishedAccuracyNeedsOneClass() {
    var several = PublishedAccuracy(classes: [3, 5])
    several.record(Self.certain([3, 3]))
    #expect(several.value == nil)
    var one = PublishedAccuracy(classes: [3])
    #expect(one.value == nil)
    one.record(Self.certain([3, 1]))
    one.record(Self.certain([3, 3]))
    #expect(one.value == 0.75)
    #expect(one.hits == 3 && one.total == 4)
  }
}
