import Mathematics

extension Crossbar {
  /// Stored signs of single devices, ±1 per weight, row-major by word line; empty for pairs.
  package var storedSigns: [Float] { signs?.values ?? [] }

  /// Sets the state of every device, and the stored signs of single ones; lengths must fit.
  ///
  /// - Parameter signs: ±1 per weight; not used with pairs.
  package func setState(plus: [Float], minus: [Float], signs: [Float]) {
    self.signs?.load(signs)
    setState(plus: plus, minus: minus)
  }
}
