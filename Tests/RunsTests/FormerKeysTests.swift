import Failures
import Files
import Networks
import Reports
import Runs
import Testing

@Suite("Keys of earlier versions")
struct FormerKeysTests {
  private static func resolve(_ text: String) throws(Failure) -> ResolvedConfiguration {
    try RunConfiguration.resolve(file: TOMLDocument(text: text, name: "run.toml"))
  }

  private static let former = """
    [read]
    curvature_tolerance = 0.01
    [weights]
    pairing = "two-sided"
    clip_S = [4e-6, 200e-6]
    zero_shift_turns = 17
    [update]
    method = "manhattan"
    rule = "per-sample"
    selection = "proportional"
    share_first = 0.3
    share_last = 0.1
    discriminator_share_first = 0.2
    discriminator_share_last = 0.05
    generator_pace = 0.25
    """

  private static let present = """
    [read]
    nonlinearity_tolerance = 0.01
    [weights]
    pairing = "two-sided"
    conductance_bounds_S = [4e-6, 200e-6]
    zero_shift_pulse_pairs = 17
    [update]
    rule = "manhattan"
    granularity = "per-sample"
    sampling = "significance"
    update_probability_first = 0.3
    update_probability_last = 0.1
    discriminator_update_probability_first = 0.2
    discriminator_update_probability_last = 0.05
    generator_update_ratio = 0.25
    """

  @Test func `A file of an earlier version gives the same configuration, with notices`() throws {
    let (former, present) = (try Self.resolve(Self.former), try Self.resolve(Self.present))
    #expect(former.configuration == present.configuration)
    #expect(present.notices.isEmpty)
    #expect(former.notices.count == 11)
    #expect(former.notices.allSatisfy { !$0.contains("\n") })
    for notice in [
      "run.toml: update.generator_pace is called update.generator_update_ratio now",
      "run.toml: update.rule is called update.granularity now",
      "run.toml: update.method is called update.rule now",
    ] { #expect(former.notices.contains(notice)) }
  }

  @Test func `Each former key alone is understood`() throws {
    let plain = try Self.resolve("").configuration
    var sections: [String: [Substring]] = [:]
    var section = ""
    for line in Self.former.split(separator: "\n") {
      if line.hasPrefix("[") {
        section = String(line)
      } else {
        sections[section, default: []].append(line)
      }
    }
    for (section, lines) in sections {
      for line in lines where !line.hasPrefix("pairing") && !line.hasPrefix("method") {
        let pairs = line.contains("per-sample") ? "[weights]\npairing = \"two-sided\"\n" : ""
        let resolved = try Self.resolve("\(pairs)\(section)\n\(line)")
        #expect(resolved.notices.count == 1, "\(line)")
        let isDefault = line.contains("selection")
        #expect((resolved.configuration == plain) == isDefault, "\(line)")
      }
    }
  }

  @Test func `The present meaning of a name that was another key's goes before`() throws {
    let resolved = try Self.resolve(
      "[weights]\npairing = \"two-sided\"\n[update]\nrule = \"proportional\"")
    #expect(resolved.notices.isEmpty)
    #expect(resolved.configuration.plan.program.rule == .proportional)
    #expect(resolved.configuration.plan.program.granularity == .batch)
  }

  @Test(arguments: [
    ("[update]\ngenerator_pace = 1\ngenerator_update_ratio = 1", "update.generator_pace"),
    ("[update]\nmethod = \"manhattan\"\nrule = \"manhattan\"", "update.method"),
  ])
  func `A key under both names is refused`(text: String, key: String) throws {
    let failure = try #require(throws: Failure.self) { try Self.resolve(text) }
    #expect(failure.kind == .badData)
    #expect(failure.place == "run.toml: \(key)")
    #expect(failure.cause.contains("former name"))
  }

  @Test func `A wrong value of a former key is placed at the present one`() throws {
    let failure = try #require(throws: Failure.self) {
      try Self.resolve("[update]\nshare_first = 2.0")
    }
    #expect(failure.place == "run.toml: update.update_probability_first")
  }
}

@Suite("Reference of keys")
struct KeyReferenceTests {
  @Test func `Every key says what it takes and what it means, once`() throws {
    let keys = try RunConfiguration.reference()
    #expect(Set(keys.map(\.name)).count == keys.count)
    #expect(keys.allSatisfy { !$0.values.isEmpty && !$0.meaning.isEmpty })
    #expect(try #require(keys.first { $0.name == "run.epochs" }).standard == "10")
    #expect(try #require(keys.first { $0.name == "run.epochs" }).values.contains("1 to 100000"))
    #expect(try #require(keys.first { $0.name == "update.rule" }).option == "--update")
  }

  @Test func `An option takes what its key takes`() throws {
    #expect(try CommandOption.of("run.epochs").given("7").value == 7)
    #expect(try CommandOption.of("run.input_noise").given("0.5").value == .number(0.5))
    #expect(try CommandOption.of("wires.set").given("off").value == .text("off"))
    for (key, text) in [
      ("run.epochs", "three"), ("run.seed", "9223372036854775808"), ("run.input_noise", "nan"),
    ] {
      let failure = try #require(throws: Failure.self) { try CommandOption.of(key).given(text) }
      #expect(failure.kind == .usage)
    }
  }

  @Test func `A rule of a longer list is a word of the configuration`() throws {
    let toy = UpdateRule("toy", "does what proportional does", make: UpdateRule.proportional.make)
    let text = "[update]\nrule = \"toy\""
    func resolve() throws -> RunConfiguration {
      try RunConfiguration.resolve(file: TOMLDocument(text: text, name: "run.toml")).configuration
    }
    let plan = try UpdateRule.$all.withValue(UpdateRule.all + [toy]) { try resolve().plan }
    #expect(plan.program.rule == toy)
    #expect(throws: Failure.self) { try resolve() }
  }
}
