import Failures

extension WiredArray {
  /// Refuses what cannot fit before the system starts to swap or kill.
  ///
  /// - Throws: ``Failure`` of kind `badData` when `bytes` exceed the ``MemoryBudget``.
  func requireMemory(_ bytes: Double) throws(Failure) {
    try MemoryBudget.check(
      bytes, for: "a \(devices.rows) × \(devices.columns) array", at: "nodal analysis",
      remedy: "use a smaller array or the fast method, or raise \(MemoryBudget.variable)")
  }
}
