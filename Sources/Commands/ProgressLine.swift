import Files

/// The line that shows where training stands; pure text, so that it can be tested.
package struct ProgressLine {
  package var epoch: Int
  package var epochs: Int
  /// Steps done in the epoch, and all of them.
  package var step: Int
  package var steps: Int
  package var generatorLoss: Double
  package var discriminatorLoss: Double
  package var imagesPerSecond: Double
  package var secondsLeft: Double

  package init(
    epoch: Int, epochs: Int, step: Int, steps: Int, generatorLoss: Double,
    discriminatorLoss: Double, imagesPerSecond: Double, secondsLeft: Double
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.step = step
    self.steps = steps
    self.generatorLoss = generatorLoss
    self.discriminatorLoss = discriminatorLoss
    self.imagesPerSecond = imagesPerSecond
    self.secondsLeft = secondsLeft
  }

  /// The line without a bar, for logs.
  package var plain: String { "\(head)  \(percent)  \(tail)" }

  /// The line with a bar that fills up a terminal of so many columns.
  package func drawn(width: Int) -> String {
    let room = width - head.count - percent.count - tail.count - 9
    guard room >= 8 else { return String(plain.prefix(max(0, width - 1))) }
    let filled = min(room, room * step / max(1, steps))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled)
    return "\(head)  [\(bar)]  \(percent)  \(tail)"
  }

  private var head: String { "epoch \(epoch)/\(epochs)" }

  private var percent: String {
    let value = String(100 * step / max(1, steps))
    return String(repeating: " ", count: max(0, 3 - value.count)) + value + " %"
  }

  private var tail: String {
    let rate = NumberText.fixed(imagesPerSecond, decimals: 0)
    let losses =
      "G \(NumberText.fixed(generatorLoss, decimals: 3))"
      + "  D \(NumberText.fixed(discriminatorLoss, decimals: 3))"
    return "\(rate) images/s  \(losses)  \(NumberText.duration(seconds: secondsLeft)) left"
  }
}
