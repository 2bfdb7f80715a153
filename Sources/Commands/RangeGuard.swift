import Failures

/// Turns refusals of a model's range into warnings when the user asked for it.
final class RangeGuard {
  private let extrapolates: Bool
  private var warnings: [String] = []

  init(extrapolates: Bool) { self.extrapolates = extrapolates }

  /// Carries out a check that warns by returning a line and refuses by throwing.
  func check(_ body: () throws(Failure) -> String?) throws(Failure) {
    do throws(Failure) {
      if let warning = try body() { add(warning) }
    } catch {
      guard extrapolates else { throw error }
      add("\(error.place): \(error.cause)")
    }
  }

  /// Says every warning once.
  func report() {
    for warning in warnings { Console.error("crossbar-gan: warning: \(warning)") }
  }

  private func add(_ warning: String) {
    if !warnings.contains(warning) { warnings.append(warning) }
  }
}
