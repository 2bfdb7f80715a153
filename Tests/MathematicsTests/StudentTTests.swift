import Foundation
import Mathematics
import Testing

@Suite("Student's t distribution")
struct StudentTTests {
  /// Printed tables: two-sided 95 % quantiles.
  @Test(arguments: [(1.0, 12.7062), (2, 4.30265), (4, 2.77645), (9, 2.26216), (1e9, 1.95996)])
  func `Quantiles are those of the tables`(degrees: Double, t: Double) {
    #expect(abs(StudentT.quantile(0.975, degrees: degrees) - t) < 1e-4)
    #expect(abs(StudentT.cumulative(t, degrees: degrees) - 0.975) < 1e-5)
    #expect(abs(StudentT.twoSidedTail(-t, degrees: degrees) - 0.05) < 1e-5)
  }

  /// With one and two degrees of freedom the distribution is elementary.
  @Test(arguments: [-30.0, -1, 0, 0.5, 3, 1e6])
  func `Small degrees agree with closed forms`(t: Double) {
    let cauchy = 2 / Double.pi * atan2(1, abs(t))
    #expect(abs(StudentT.twoSidedTail(t, degrees: 1) - cauchy) < 1e-12 * cauchy + 1e-15)
    let two = 0.5 + t / (2 * (2 + t * t).squareRoot())
    #expect(abs(StudentT.cumulative(t, degrees: 2) - two) < 1e-12)
  }
}
