import ArrayOperations
import Calibration
import Crossbars
import Evaluation
import Files
import Networks
import NoiseSources
import Runs

/// What `train` says before the first step and after every epoch.
enum HeadlineText {
  static func lines(
    _ run: TrainingRun, _ headline: TrainingRun.Headline, threads: Int
  ) -> [String] {
    let configuration = run.configuration
    let plan = configuration.plan
    let accuracy = NumberText.fixed(100 * headline.classifierAccuracy, decimals: 2)
    var lines = [
      "data        \(configuration.data.source), classes \(configuration.data.classes):"
        + " \(headline.trainingImages) training and \(headline.testImages) test images",
      "networks    \(plan.networks.preset.rawValue): generator \(layers(plan.networks.generator)),"
        + " discriminator \(layers(plan.networks.discriminator))",
      "backend     \(backend(run))",
      "run         \(run.directory.path), \(plan.epochs) epochs, seed \(plan.seed),"
        + " \(threads) thread\(threads == 1 ? "" : "s")",
      "classifier  \(accuracy) % of the test images",
    ]
    if headline.completedEpochs > 0 {
      lines.append("resuming    after epoch \(headline.completedEpochs)")
    } else if headline.initialLedger.pulses > 0 {
      lines += InitialWritingText.lines(headline.initialLedger)
    }
    return lines + [""] + MetricsText.table(MetricsText.anchorRows(headline.anchors)).lines + [""]
  }

  static func line(_ record: EpochRecord, epochs: Int) -> String {
    let summary = record.summary
    return
      "epoch \(record.epoch)/\(epochs)"
      + "  G \(NumberText.fixed(summary.generatorLoss, decimals: 3))"
      + "  D \(NumberText.fixed(summary.discriminatorLoss, decimals: 3))"
      + "  D(x) \(NumberText.fixed(summary.realProbability, decimals: 3))"
      + "  D(G(z)) \(NumberText.fixed(summary.fakeProbability, decimals: 3))"
      + "  Fréchet \(NumberText.short(record.metrics.frechet))"
      + "  classes \(record.metrics.classesOverOnePercent)"
      + "  coverage \(NumberText.fixed(record.metrics.coverage, decimals: 3))"
      + "  \(NumberText.fixed(record.imagesPerSecond, decimals: 0)) images/s"
  }

  private static func layers(_ network: NetworkDescription) -> String {
    network.sizes?.map(String.init).joined(separator: "-")
      ?? network.words.joined(separator: ", ")
  }

  private static func backend(_ run: TrainingRun) -> String {
    let plan = run.configuration.plan
    switch plan.backend {
    case .crossbar:
      return "crossbar, calibration \(run.calibration.name), pairing"
        + " \(plan.program.pairing.rawValue), rule \(plan.program.granularity.rawValue)"
    case .digital:
      switch plan.optimizer {
      case .adam(let rate, let beta1, let beta2):
        return "digital, Adam, rate \(rate), betas \(beta1) and \(beta2)"
      case .sgd(let rate): return "digital, SGD, rate \(rate)"
      }
    }
  }
}

/// What `train` says of the first writing of the weights.
enum InitialWritingText {
  static func lines(_ ledger: EnergyLedger) -> [String] {
    let (devices, missed) = (ledger.devicesWritten, ledger.devicesMissed)
    var line =
      "writing     \(ledger.pulses) pulses for the initial weights,"
      + " \(NumberText.short(ledger.total)) J, \(NumberText.short(ledger.seconds)) s"
    guard devices > 0 else { return [line] }
    line += "; \(missed) of \(devices) devices missed their target"
    return [line]
  }
}

/// What `train` prints when all epochs are done.
enum ClosingText {
  private static let phases: [(name: String, path: any KeyPath<EnergyLedger, Double> & Sendable)] =
    [
      ("forward reads", \.forward), ("transposed reads", \.backward),
      ("pulses, selected", \.programSelected), ("pulses, half-selected", \.programHalf),
      ("noise", \.noise), ("periphery", \.periphery), ("total", \.total),
    ]

  static func lines(
    _ run: TrainingRun, _ records: [EpochRecord], _ outcome: TrainingRun.Outcome
  ) -> [String] {
    let rows = records.map { (name: "epoch \($0.epoch)", metrics: $0.json) }
    var lines = MetricsText.table(rows).lines
    if run.configuration.plan.backend == .crossbar {
      let (initial, training) = (outcome.initialLedger, outcome.trainingLedger)
      var table = AlignedTable(header: ["joules", "initial weights", "training"])
      for (name, path) in phases {
        table.append([
          name, NumberText.short(initial[keyPath: path]),
          NumberText.short(training[keyPath: path]),
        ])
      }
      lines += [""] + table.lines
      lines.append(
        "\(training.pulses) pulses in training, \(training.writes) changed a device;"
          + " arrays busy for \(NumberText.short(initial.seconds + training.seconds)) s"
          + (initial.seconds > 0
            ? ", \(NumberText.short(initial.seconds)) s of it for the initial weights" : ""))
      if training.noiseBits > 0 {
        lines.append(
          "\(training.noiseBits) bits of noise took \(training.noiseCycles) cycles,"
            + " \(NumberText.short(training.noise / Double(training.noiseBits))) J a bit")
      }
      lines += WireText.lines(records, training)
      if let first = records.first, let last = records.last, first.epoch > 1 {
        lines.append(
          "joules, pulses and half-selections are of the whole run; the table of epochs and the"
            + " shares of wires are of epochs \(first.epoch) to \(last.epoch), since the resume")
      }
      if training.periphery == 0 {
        lines.append(
          "periphery is zero: neither calibration nor configuration says what it costs")
      }
    }
    if let noise = outcome.noise { lines += NoiseText.closing(noise, outcome.trainingLedger) }
    if let epoch = outcome.divergedEpoch { lines.append("diverged in epoch \(epoch)") }
    return lines + ["", "run: \(run.directory.path)"]
  }
}
