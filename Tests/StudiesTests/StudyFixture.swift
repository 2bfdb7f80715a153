import Failures
import Files
import Foundation
import Reports
import Runs
import Studies
import _TestSupport

/// A study folder whose runs were written by hand.
struct StudyFixture {
  let temporary: TemporaryFolder
  let folder: StudyFolder
  let study: Study

  init(grid: String = "run.noise = [\"gaussian\", \"uniform\"]\nrun.seed = [1, 2, 3]\n") throws {
    temporary = try TemporaryFolder()
    folder = StudyFolder(temporary.file("study"))
    study = try Study(
      document: TOMLDocument(
        text: "name = \"s\"\nsummary = \"a < b\"\n[run]\nepochs = 2\n[grid]\n" + grid,
        name: "study.toml"))
    try folder.prepare(for: study)
    try folder.write(study)
  }

  func point(_ title: String) -> StudyPoint? { study.grid.points.first { $0.title == title } }

  /// Writes a run directory with a row of metrics per Fréchet distance.
  func write(
    _ point: StudyPoint, _ status: String = "finished", frechet: [Double], energy: Double
  ) throws {
    let directory = folder.run(point.id)
    try FileManager.default.createDirectory(
      atPath: directory.samples, withIntermediateDirectories: true)
    let manifest: JSON = [
      "format": 1, "status": .text(status), "exit": .null,
      "reason": status == "failed" ? "nothing works" : .null,
      "start": "2026-01-01T00:00:00Z", "end": "2026-01-01T00:01:40Z", "seed": 1,
      "completed_epochs": .integer(frechet.count), "versions": ["crossbar-gan": "0"],
      "hashes": [
        "calibration_sha256": .text(point.calibrationHash), "training_images_sha256": "t",
        "test_images_sha256": "u",
      ],
      "configuration": point.configuration,
      "ledger": [
        "total": ["energy_forward_J": .number(energy / 4), "energy_total_J": .number(energy)]
      ],
    ]
    try AtomicFile.write(manifest.document, to: directory.manifest)
    let rows = frechet.enumerated().map { "\($0 + 1),\($1.isNaN ? "" : "\($1)"),\(energy),500.0" }
    let header = "epoch,frechet,energy_forward_J,images_per_s"
    try AtomicFile.write(
      ([header] + rows).joined(separator: "\n") + "\n", to: directory.metrics)
    try AtomicFile.write("sheet \(point.id)", to: directory.sheet(epoch: frechet.count))
  }

  /// Finishes every run: Fréchet distance 10, 12, 14 for gaussian noise, 1, 2, 3 less for uniform.
  func finishAll() throws {
    for (index, point) in study.grid.points.enumerated() {
      let seed = Double(index / 2)
      let isUniform = index % 2 == 1
      try write(
        point, frechet: [50, 10 + 2 * seed - (isUniform ? 1 + seed : 0)],
        energy: isUniform ? 4 : 8)
    }
  }
}
