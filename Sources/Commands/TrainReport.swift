import Networks
import Reports
import Runs

/// Turns the events of a run into what the user sees: progress on standard error, results on
/// standard output.
final class TrainReport {
  private let run: TrainingRun
  private let threads: Int
  private let isQuiet: Bool
  private let printsJSON: Bool
  private let terminalWidth = Console.terminalWidth
  private var records: [EpochRecord] = []
  private var started = ContinuousClock.now
  private var lastDrawn = ContinuousClock.now - .seconds(3600)
  private var stepsAtStart = 0
  private var hasOpenLine = false

  init(run: TrainingRun, threads: Int, isQuiet: Bool, printsJSON: Bool) {
    self.run = run
    self.threads = threads
    self.isQuiet = isQuiet
    self.printsJSON = printsJSON
  }

  func take(_ event: TrainingRun.Event) {
    switch event {
    case .notice(let line): say("crossbar-gan: \(line)")
    case .prepared(let headline): begin(headline)
    case .step(let epoch, let step): draw(epoch: epoch, step)
    case .epoch(let record): finish(record)
    case .alreadyFinished: say("\(run.directory.path): all epochs are done")
    }
  }

  /// Leaves the terminal on a fresh line after a failure.
  func abort() { clearLine() }

  private func say(_ line: String) {
    guard !isQuiet else { return }
    clearLine()
    Console.error(line)
  }

  private func clearLine() {
    guard hasOpenLine else { return }
    Console.errorText("\r\u{1b}[K")
    hasOpenLine = false
  }
}

extension TrainReport {
  private func begin(_ headline: TrainingRun.Headline) {
    for line in HeadlineText.lines(run, headline, threads: threads) { say(line) }
    started = .now
    lastDrawn = .now - .seconds(3600)
    stepsAtStart = -1
  }

  /// Redraws ten times a second on a terminal, and writes a line every ten seconds elsewhere.
  private func draw(epoch: Int, _ step: StepProgress) {
    guard !isQuiet else { return }
    let now = ContinuousClock.now
    let done = (epoch - 1) * step.steps + step.step
    if stepsAtStart < 0 {
      stepsAtStart = done - 1
      if terminalWidth == nil { lastDrawn = now }
    }
    guard now - lastDrawn >= (terminalWidth == nil ? .seconds(10) : .milliseconds(100)) else {
      return
    }
    lastDrawn = now
    let plan = run.configuration.plan
    let rate = Double(done - stepsAtStart) / max(1e-9, (now - started) / .seconds(1))
    let line = ProgressLine(
      epoch: epoch, epochs: plan.epochs, step: step.step, steps: step.steps,
      generatorLoss: step.generatorLoss, discriminatorLoss: step.discriminatorLoss,
      imagesPerSecond: rate * Double(plan.batch),
      secondsLeft: Double(plan.epochs * step.steps - done) / rate)
    if let terminalWidth {
      Console.errorText("\r\u{1b}[K" + line.drawn(width: terminalWidth))
      hasOpenLine = true
    } else {
      Console.error(line.plain)
    }
  }

  private func finish(_ record: EpochRecord) {
    records.append(record)
    if printsJSON { Console.print(record.json.line) }
    say(HeadlineText.line(record, epochs: run.configuration.plan.epochs))
  }

  /// The closing table; nothing when the run had been finished before.
  func close(_ outcome: TrainingRun.Outcome?) {
    clearLine()
    guard let outcome, !printsJSON else { return }
    for line in ClosingText.lines(run, records, outcome) { Console.print(line) }
  }
}
