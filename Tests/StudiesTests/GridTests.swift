import Failures
import Files
import Foundation
import Networks
import NoiseSources
import Reports
import Runs
import Studies
import Testing

@Suite("Grid of a study")
struct GridTests {
  private static let base = """
    name = "noise"
    [run]
    epochs = 2

    """

  private static func study(_ text: String) throws(Failure) -> Study {
    try Study(document: TOMLDocument(text: text, name: "study.toml"))
  }

  @Test func `Axes multiply, repetitions slowest`() throws {
    let study = try Self.study(
      Self.base + """
        [grid]
        run.noise = ["gaussian", "uniform"]
        "variation.static" = [true, false]
        run.seed = [7, 8, 9]
        """)
    #expect(study.grid.points.count == 12)
    #expect(study.grid.axes.map(\.name) == ["run.seed", "run.noise", "variation.static"])
    #expect(study.grid.points[0].title == "seed=7, noise=gaussian, static=true")
    #expect(study.grid.points[1].title == "seed=7, noise=gaussian, static=false")
    #expect(study.grid.points[11].title == "seed=9, noise=uniform, static=false")
    let last = study.configurations[11].plan
    #expect(last.seed == 9)
    #expect(last.deviceSeed == 9, "the chip follows the seed")
    #expect(last.noise.source == NoiseSpecification(.uniform))
    #expect(!last.program.staticVariation)
    #expect(last.epochs == 2)
    #expect(study.grid.points[11].condition.map(\.value) == ["uniform", "false"])
    #expect(study.grid.points[11].replicate.map(\.value) == ["9"])
  }

  @Test func `A study of an earlier version has the same points under the same names`() throws {
    let former = try Self.study(
      Self.base + """
        [update]
        share_last = 0.02
        [grid]
        update.generator_pace = [0.5, 1.0]
        "update.selection" = ["random", "proportional"]
        [[grid.rule]]
        name = "one pulse"
        update.method = "manhattan"
        [[grid.rule]]
        name = "in proportion"
        update.method = "proportional"
        [[exclude]]
        update.generator_pace = 1.0
        update.selection = "proportional"
        """)
    let present = try Self.study(
      Self.base + """
        [update]
        update_probability_last = 0.02
        [grid]
        update.generator_update_ratio = [0.5, 1.0]
        "update.sampling" = ["random", "significance"]
        [[grid.rule]]
        name = "one pulse"
        update.rule = "manhattan"
        [[grid.rule]]
        name = "in proportion"
        update.rule = "proportional"
        [[exclude]]
        update.generator_update_ratio = 1.0
        update.sampling = "significance"
        """)
    #expect(former.configurations == present.configurations)
    #expect(former.grid.points == present.grid.points)
    #expect(former.grid.points.count == 6)
    #expect(former.notices.count == 4)
    #expect(present.notices.isEmpty)
  }

  @Test func `A chip of its own axis repeats conditions too`() throws {
    let study = try Self.study(
      Self.base + "[grid]\nrun.seed = [1, 2]\nrun.device_seed = [5, 6]\n")
    #expect(study.configurations.map(\.plan.deviceSeed) == [5, 5, 6, 6])
    #expect(study.configurations.map(\.plan.seed) == [1, 2, 1, 2])
    #expect(Set(study.grid.points.map(\.condition)) == [[]])
  }

  @Test func `Named cases move several keys together`() throws {
    let study = try Self.study(
      Self.base + """
        [grid]
        weights.window_S = [[30e-6, 90e-6], [20e-6, 80e-6]]
        [[grid.device]]
        name = "plain"
        [[grid.device]]
        name = "ideal"
        run.calibration = "ideal"
        "variation.static" = false
        """)
    #expect(study.grid.points.count == 4)
    #expect(study.configurations.map(\.calibration) == ["nili2020", "nili2020", "ideal", "ideal"])
    #expect(study.configurations.map(\.plan.program.staticVariation) == [true, true, false, false])
    #expect(study.configurations[1].plan.program.window == 20e-6...80e-6)
    #expect(study.grid.points[2].condition.map(\.text)[0] == "device=ideal")
  }

  @Test func `Exclusions take points out`() throws {
    let axes = """
      [grid]
      run.noise = ["gaussian", "uniform"]
      run.batch = [16, 32, 64]

      """
    let one = try Self.study(
      Self.base + axes + "[[exclude]]\nrun.noise = \"uniform\"\nrun.batch = 32\n")
    #expect(one.grid.points.count == 5)
    #expect(!one.grid.points.contains { $0.title == "batch=32, noise=uniform" })
    let several = try Self.study(
      Self.base + axes + "[[exclude]]\nrun.noise = \"uniform\"\nrun.batch = [16, 32]\n")
    #expect(several.grid.points.count == 4)
    #expect(try Self.study(Self.base).grid.points.count == 1)
  }

  @Test func `Equal runs have equal names in whatever study`() throws {
    let wide = try Self.study(
      Self.base + "[grid]\nrun.seed = [1, 2]\nrun.noise = [\"gaussian\", \"uniform\"]\n")
    let other = try Self.study(
      "name = \"other\"\n[grid]\nrun.seed = [2]\nrun.epochs = [2]\n[run]\nnoise = \"uniform\"\n")
    #expect(Set(wide.grid.points.map(\.id)).count == 4)
    #expect(other.grid.points[0].id == wide.grid.points[3].id)
    #expect(other.grid.points[0].id.count == 12)
  }

  /// `printf 'a.x = 1\na.y = "u"\nb.z = [0.5]' | sha256sum`, and the order does not matter.
  @Test func `A name is the checksum of the settings`() {
    let configuration: JSON = ["b": ["z": [0.5]], "a": ["y": "u", "x": 1]]
    #expect(StudyPoint.id(of: configuration) == "e0df890f7a47")
  }

  @Test(arguments: [
    ("nam = \"x\"", "name"), ("name = \"a/b\"", "cannot name a folder"),
    ("name = \"x\"\n[rum]\nepochs = 1", "did you mean run?"),
    ("name = \"x\"\n[gird]\nrun.seed = [1]", "did you mean grid?"),
    ("name = \"x\"\n[run]\nepoch = 1", "did you mean epochs?"),
    ("name = \"x\"\n[grid]\nrun.nois = [\"gaussian\"]", "did you mean noise?"),
    ("name = \"x\"\n[grid]\nrun.noise = [\"gausian\"]", "there is no source \"gausian\""),
    ("name = \"x\"\n[grid]\nrun.epochs = [1, 0]", "epochs=0"),
    ("name = \"x\"\n[grid]\nrun.seed = 1", "expected a list"),
    ("name = \"x\"\n[grid]\nrun.seed = []", "has no values"),
    ("name = \"x\"\n[grid]\nrun.seed = [1, 1]", "twice"),
    ("name = \"x\"\n[grid]\nseed = [1]", "section.key"),
    ("name = \"x\"\n[grid]\nrun.batch = [64, 6]\n[[exclude]]\nrun.bach = 6", "did you mean"),
    ("name = \"x\"\n[grid]\nrun.batch = [64, 6]\n[[exclude]]\nrun.batch = 7", "not on the axis"),
    (
      "name = \"x\"\n[[grid.a]]\nname = \"u\"\nrun.epochs = 1\n[grid.run]\nepochs = [2]", "two axes"
    ),
    (
      "name = \"x\"\n[[grid.a]]\nname = \"u\"\nrun.epochs = 1\n[[grid.a]]\nname = \"v\"\n"
        + "run.epochs = 1", "are the same run"
    ),
    ("name = \"x\"\n[[grid.a]]\nrun.epochs = 1", "grid.a[0].name"),
    ("name = \"x\"\n[run]\ncalibration = \"nili2021\"", "did you mean nili2020?"),
  ])
  func `Mistakes are named before anything starts`(text: String, hint: String) {
    let failure = #expect(throws: Failure.self) { try Self.study(text) }
    #expect(failure?.description.contains(hint) == true, "\(failure?.description ?? "")")
    #expect([.badData, .noInput].contains(failure?.kind))
  }
}
