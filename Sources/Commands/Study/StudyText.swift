import Files
import Reports
import Runs
import Studies

/// Runs of a study as lines and as JSON.
enum StudyText {
  /// What became of a run, in a few words.
  static func outcome(_ record: RunRecord) -> String {
    if let message = record.message { return message }
    var parts: [String] = []
    if let frechet = record.final("frechet") {
      parts.append("Fréchet \(NumberText.short(frechet))")
    }
    if let energy = record.final("energy_total_J") {
      parts.append("\(NumberText.short(energy)) J")
    }
    if let epoch = record.divergedEpoch { parts.append("diverged in epoch \(epoch)") }
    return parts.joined(separator: ", ")
  }

  /// Everything known of a run: labels, state, ledger and the last epoch.
  static func json(_ record: RunRecord) -> JSON {
    let final = record.ledger.keys.sorted() + record.qualityColumns
    return [
      "id": .text(record.point.id), "status": .text(record.status.rawValue),
      "message": record.message.map(JSON.text) ?? .null,
      "labels": .object(record.point.labels.map { .init($0.axis, .text($0.value)) }),
      "epochs": .integer(record.point.epochs),
      "completed_epochs": .integer(record.completedEpochs),
      "diverged_epoch": record.divergedEpoch.map(JSON.integer) ?? .null,
      "wall_s": record.wallSeconds.map(JSON.number) ?? .null,
      "final": .object(final.map { .init($0, record.final($0).map(JSON.number) ?? .null) }),
    ]
  }

  /// `12 finished, 2 running, 1 failed, 3 left`.
  static func counts(_ records: [RunRecord]) -> String {
    RunRecord.Status.allCases.compactMap { status in
      let count = records.filter { $0.status == status }.count
      return count > 0 ? "\(count) \(status.rawValue)" : nil
    }.joined(separator: ", ")
  }
}
