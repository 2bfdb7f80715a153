import Mathematics

/// Buffers of reads and programming steps, kept so that none is allocated in a training step.
final class Workspace {
  private(set) var basisValues = Storage<Float>(count: 0, repeating: 0)
  private(set) var chords = Storage<Float>(count: 0, repeating: 0)
  private(set) var powers = Storage<Double>(count: 0, repeating: 0)
  private(set) var isNonlinear = Storage<Bool>(count: 0, repeating: false)
  private(set) var nonlinearLines = Storage<Int32>(count: 0, repeating: 0)
  private(set) var nonlinearCoefficients = Storage<Float>(count: 0, repeating: 0)
  private(set) var gaussians = Storage<Float>(count: 0, repeating: 0)
  private(set) var variances = Storage<Float>(count: 0, repeating: 0)
  private(set) var records = Storage<RowRecord>(count: 0, repeating: RowRecord())
  private(set) var rowChanges = Storage<Double>(count: 0, repeating: 0)
  private(set) var devices = Storage<Int32>(count: 0, repeating: 0)
  private(set) var places = Storage<PairPlace>(count: 0, repeating: PairPlace())
  private(set) var pulses = Storage<DevicePulse>(count: 0, repeating: DevicePulse())
  private(set) var isDue = Storage<Bool>(count: 0, repeating: false)
  private(set) var lineChanges = Storage<Double>(count: 0, repeating: 0)
  private(set) var moved = Storage<Double>(count: 0, repeating: 0)
  private(set) var moves = Storage<DeviceMove>(count: 0, repeating: DeviceMove())

  /// Makes room for a read.
  ///
  /// - Parameter flags: driven lines times basis functions.
  func prepareRead(basisValues: Int, chords: Int, blocks: Int, flags: Int) {
    Self.grow(&self.basisValues, to: basisValues, 0)
    Self.grow(&self.chords, to: chords, 0)
    Self.grow(&powers, to: blocks, 0)
    Self.grow(&isNonlinear, to: flags, false)
    Self.grow(&nonlinearLines, to: flags, 0)
  }

  /// Makes room for the coefficients of the driven lines whose curvature is followed.
  func prepareNonlinear(coefficients: Int) {
    Self.grow(&nonlinearCoefficients, to: coefficients, 0)
  }

  /// Makes room for the noise of a read.
  func prepareNoise(gaussians: Int, variances: Int) {
    Self.grow(&self.gaussians, to: gaussians, 0)
    Self.grow(&self.variances, to: variances, 0)
  }

  /// Makes room for a programming step.
  ///
  /// - Parameter stretches: pairs that all blocks of work together have in hand at a time.
  func preparePass(records: Int, rowChanges: Int, devices: Int, stretches: Int) {
    Self.grow(&self.records, to: records, RowRecord())
    Self.grow(&self.rowChanges, to: rowChanges, 0)
    Self.grow(&self.devices, to: devices, 0)
    Self.grow(&places, to: stretches, PairPlace())
    Self.grow(&pulses, to: 2 * stretches, DevicePulse())
    Self.grow(&moves, to: 2 * stretches, DeviceMove())
  }

  /// Makes room for a mark per tile.
  func prepareTiles(_ tiles: Int) { Self.grow(&isDue, to: tiles, false) }

  /// Makes room for the drift of half-selected devices.
  func prepareDrift(blocks: Int, rowChanges: Int, lineChanges: Int) {
    Self.grow(&moved, to: blocks, 0)
    Self.grow(&self.rowChanges, to: rowChanges, 0)
    Self.grow(&self.lineChanges, to: lineChanges, 0)
  }

  private static func grow<Element>(
    _ storage: inout Storage<Element>, to count: Int, _ value: Element
  ) {
    if storage.count < count { storage = Storage(count: count, repeating: value) }
  }
}
