import Foundation
import Mathematics
import Networks
import Testing

/// The digital twin's gradients against finite differences of its losses.
///
/// A step of Adam with rate 0 and β₁ = 0 leaves the weights where they are and the gradient of the
/// mean loss in the first moment; a step from perturbed weights tells the loss there. Both go
/// through the same training step as a run's.
@Suite struct GradientTests {
  private func plan(_ generator: [Int], _ discriminator: [Int]) -> TrainingPlan {
    Trainers.plan(.digital, generator: generator, discriminator: discriminator, batch: 8) {
      $0.optimizer = .adam(rate: 0, beta1: 0, beta2: 0.999)
      $0.inputNoise = 0.3
    }
  }

  /// One step from a state: what it lost, and the state with the moments it left.
  private func step(
    _ plan: TrainingPlan, from state: TrainerState
  ) throws -> (summary: EpochSummary, state: TrainerState) {
    var trainer = try GANTrainer(
      plan: plan, device: try Trainers.device(), workers: .one, restoring: state)
    let summary = try #require(try trainer.epoch())
    return (summary, trainer.state)
  }

  private func relativeError(
    _ plan: TrainingPlan, layer: String, loss: KeyPath<EpochSummary, Double>
  ) throws -> Double {
    let start = try Trainers.make(plan, try Trainers.device()).state
    let gradient = try step(plan, from: start).state.values(layer + ".first-moment")
    let weights = start.values(layer + ".weights")
    #expect(gradient.count == weights.count && gradient.contains { $0 != 0 })
    let h: Float = 2e-3
    var (error, norm) = (0.0, 0.0)
    for index in weights.indices {
      let losses = try [h, -h].map { change in
        var moved = weights
        moved[index] += change
        return try step(plan, from: start.replacing(layer + ".weights", moved))
          .summary[keyPath: loss]
      }
      let slope = (losses[0] - losses[1]) / Double(2 * h)
      error += (slope - Double(gradient[index])) * (slope - Double(gradient[index]))
      norm += slope * slope
    }
    return (error / norm).squareRoot()
  }

  @Test("Discriminator, two and three layers")
  func discriminator() throws {
    for sizes in [[12, 5, 1], [12, 6, 4, 1]] {
      let plan = plan([3, 4, 12], sizes)
      for layer in 0..<sizes.count - 1 {
        let error = try relativeError(
          plan, layer: "discriminator.\(layer)", loss: \.discriminatorLoss)
        #expect(error < 5e-3)
      }
    }
  }

  @Test("Generator, through the discriminator, two and three layers")
  func generator() throws {
    for sizes in [[3, 5, 12], [3, 4, 5, 12]] {
      let plan = plan(sizes, [12, 5, 1])
      for layer in 0..<sizes.count - 1 {
        let error = try relativeError(plan, layer: "generator.\(layer)", loss: \.generatorLoss)
        #expect(error < 5e-3)
      }
    }
  }

  @Test("Losses at zero logits are ln 2 each")
  func lossesOfAnUndecidedDiscriminator() throws {
    let plan = plan([3, 4, 12], [12, 5, 1])
    let start = try Trainers.make(plan, try Trainers.device()).state
    let undecided = start.replacing("discriminator.1.weights", [Float](repeating: 0, count: 6))
    let summary = try step(plan, from: undecided).summary
    #expect(abs(summary.generatorLoss - log(2)) < 1e-12)
    #expect(abs(summary.discriminatorLoss - 2 * log(2)) < 1e-12)
    #expect(summary.realProbability == 0.5 && summary.fakeProbability == 0.5)
  }

  @Test("Plain descent moves by the rate times the batch-summed gradient")
  func plainDescent() throws {
    let adam = plan([3, 4, 12], [12, 5, 1])
    var descent = adam
    descent.optimizer = .sgd(rate: 1e-3)
    let start = try Trainers.make(adam, try Trainers.device()).state
    let moments = try step(adam, from: start).state
    var trainer = try Trainers.make(descent, try Trainers.device())
    #expect(
      trainer.state.values("discriminator.0.weights") == start.values("discriminator.0.weights"))
    _ = try trainer.epoch()
    let gradient = moments.values("discriminator.0.first-moment")
    let moved = zip(
      trainer.state.values("discriminator.0.weights"), start.values("discriminator.0.weights"))
    for ((after, before), slope) in zip(moved, gradient) {
      #expect(abs(after - (before - 1e-3 * 8 * slope)) < 1e-6)
    }
  }
}
