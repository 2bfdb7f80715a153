import ArrayOperations
import Crossbars
import Failures
import Mathematics
import Networks
import Testing

/// Raises every weight by one pulse, whatever the gradient.
private struct RaisingUpdate: WeightUpdate {
  mutating func update(
    _ array: ProgrammedArray, _ slopes: BatchSlopes, _ context: inout StepContext
  ) throws(Failure) {
    var signs = SignMatrix(rows: array.inputs + 1, columns: array.outputs)
    for index in signs.elements.indices { signs.elements[index] = 1 }
    context.ledger += array.crossbar.program(
      signs, step: context.step, workers: context.workers)
  }

  static let rule = UpdateRule("raise", "every weight goes up") { _, _ in RaisingUpdate() }
}

/// Fails at its first update.
private struct FailingUpdate: WeightUpdate {
  mutating func update(
    _ array: ProgrammedArray, _ slopes: BatchSlopes, _ context: inout StepContext
  ) throws(Failure) { throw Failure(.internal, at: "toy", "does not update") }
}

@Suite struct UpdateRuleTests {
  @Test("A rule that no list has trains")
  func toy() throws {
    let plan = Trainers.plan { $0.program.rule = RaisingUpdate.rule }
    var trainer = try Trainers.make(plan, try Trainers.device())
    let before = trainer.state
    let summary = try #require(try trainer.epoch())
    #expect(summary.ledger.pulses > 0)
    for layer in ["generator.0", "discriminator.1"] {
      let moves = zip(before.values(layer + ".plus"), trainer.state.values(layer + ".plus"))
      #expect(moves.allSatisfy { $1 >= $0 } && moves.contains { $1 > $0 }, "\(layer)")
    }
  }

  @Test("An update that fails ends the epoch with its failure")
  func failing() throws {
    let plan = Trainers.plan {
      $0.program.rule = UpdateRule("failing", "fails") { _, _ in FailingUpdate() }
    }
    var trainer = try Trainers.make(plan, try Trainers.device())
    let failure = try #require(throws: Failure.self) { try trainer.epoch() }
    #expect(failure.cause == "does not update")
  }

  @Test("Names tell rules apart and are unique")
  func names() {
    #expect(UpdateRule.manhattan != .proportional)
    #expect(Set(UpdateRule.all.map(\.name)).count == UpdateRule.all.count)
    #expect(UpdateRule.all.allSatisfy { !$0.granularities.isEmpty && !$0.summary.isEmpty })
  }

  @Test("A granularity that a rule does not have is refused")
  func granularity() throws {
    let plan = Trainers.plan {
      $0.program.rule = .proportional
      $0.program.granularity = .perSample
    }
    let failure = try #require(throws: Failure.self) { try plan.validate() }
    #expect(failure.place == "update.granularity")
  }
}
