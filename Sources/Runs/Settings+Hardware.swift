import ArrayOperations
import Devices
import Failures
import Files
import Networks
import Reports

/// Settings of the arrays and of the digital twin.
extension Setting {
  static let read: [Setting] = [
    number(
      "read", "voltage_V", \.plan.read.voltage, in: 1e-6...10,
      "voltage that the largest signal of a layer maps to"),
    number(
      "read", "bandwidth_Hz", \.plan.read.bandwidth, in: 0...1e15,
      "bandwidth of the read-out: sets the read noise"),
    Setting(
      section: "read", key: "discriminator_bandwidth_Hz", kind: .number, values: span(0...1e15),
      summary: "bandwidth of the discriminator's first array: its read noise is input noise",
      read: { configuration, table, key throws(Failure) in
        guard let bandwidth = try table.optionalNumber(key, in: 0...1e15) else { return }
        configuration.plan.discriminatorBandwidth = bandwidth
      }, value: { .number($0.plan.discriminatorBandwidth ?? $0.plan.read.bandwidth) }),
    number(
      "read", "nonlinearity_tolerance", \.plan.read.curvatureTolerance, in: 0...1,
      "share of the current up to which a line's nonlinearity is the mean of its devices; 0 is exact"
    ),
    number("read", "time_s", \.plan.read.time, in: 0...1, "duration of one read"),
    Setting(
      section: "read", key: "temperature_C", kind: .number,
      values: span(-273.15...1000), summary: "temperature of the arrays",
      read: { configuration, table, key throws(Failure) in
        guard let celsius = try table.optionalNumber(key, in: -273.15...1000) else { return }
        configuration.plan.read.temperature = celsius + PhysicalConstants.zeroCelsius
      }, value: { .number(celsius($0.plan.read.temperature)) }),
  ]

  static let weights: [Setting] = [
    choice("weights", "pairing", \.plan.program.pairing, "how devices hold a signed weight"),
    interval(
      "weights", "window_S", \.plan.program.window, in: 0...1,
      "conductances between which weights are mapped"),
    interval(
      "weights", "conductance_bounds_S", \.plan.program.conductanceBounds, in: 0...1,
      "conductances beyond which no pulse moves a device"),
    scales("generator_scale", \.plan.program.generatorScale),
    scales("discriminator_scale", \.plan.program.discriminatorScale),
    number(
      "weights", "bias_input", \.plan.program.biasInput, in: 1e-6...1e6,
      "signal that bias lines always carry; a bias moves by as many times a weight's step"),
    choice("weights", "program", \.plan.program.initial, "how initial weights are written"),
    integer(
      "weights", "zero_shift_pulse_pairs", \.plan.program.zeroShiftPulsePairs, in: 0...1_000_000,
      "SET and RESET pulses that find the symmetry point of devices, to which references (one-fixed,"
        + " referenced-pair) are written"),
  ]

  static let updates: [Setting] = [
    rule,
    choice(
      "update", "granularity", \.plan.program.granularity,
      "what a gradient is summed over before it moves a weight"),
    choice(
      "update", "sampling", \.plan.program.sampling,
      "which weights a step pulses: each with the update probability p, or with p · significance²"),
    number(
      "update", "rate", \.plan.program.rate, in: 1e-12...1e6,
      "learning rate of proportional updates, on the batch-summed gradient"),
    number(
      "update", "set_voltage_V", \.plan.program.setPulse.voltage, in: 1e-6...100, "SET pulse"),
    number("update", "set_width_s", \.plan.program.setPulse.width, in: 1e-15...1e3, "its duration"),
    number(
      "update", "reset_voltage_V", \.plan.program.resetPulse.voltage, in: -100 ... -1e-6,
      "RESET pulse"),
    number(
      "update", "reset_width_s", \.plan.program.resetPulse.width, in: 1e-15...1e3, "its duration"),
    lastPulse(
      "set_voltage_last_V", \.setPulse, \.lastSetPulse, \.voltage, in: 1e-6...100,
      "SET pulse of the last epoch, geometric between; held for an epoch"),
    lastPulse(
      "set_width_last_s", \.setPulse, \.lastSetPulse, \.width, in: 1e-15...1e3,
      "its duration, likewise"),
    lastPulse(
      "reset_voltage_last_V", \.resetPulse, \.lastResetPulse, \.voltage, in: -100 ... -1e-6,
      "RESET pulse of the last epoch"),
    lastPulse(
      "reset_width_last_s", \.resetPulse, \.lastResetPulse, \.width, in: 1e-15...1e3,
      "its duration"),
    number(
      "update", "update_probability_first", \.plan.program.updateProbability.first, in: 1e-9...1,
      "probability that the first step pulses a weight"),
    number(
      "update", "update_probability_last", \.plan.program.updateProbability.last, in: 1e-9...1,
      "the same in the last step, geometric between"),
    number(
      "update", "generator_update_ratio", \.plan.program.generatorUpdateRatio, in: 1e-6...100,
      "factor on both in the generator"),
    discriminatorProbability("first", \.first),
    discriminatorProbability("last", \.last),
    integer(
      "update", "accumulated_batches", \.plan.program.accumulatedBatches, in: 1...1_000_000,
      "batches whose gradients are summed before the sign is taken"),
    number(
      "update", "gradient_threshold", \.plan.program.gradientThreshold, in: 0...100,
      "significance up to which there is no pulse, in standard deviations of noise"),
    integer(
      "update", "refresh_interval", \.plan.program.refreshInterval, in: 1...1_000_000_000,
      "steps between refreshes of saturated pairs, for SET-only pairing"),
    flag(
      "update", "interpolates_response", \.plan.program.interpolatesResponse,
      "interpolate the pulse response over ln G between bins"),
    choice(
      "update", "scheme", \.plan.program.scheme,
      "V/2 or V/3 on lines that a pulse does not select"),
    Setting(
      section: "update", key: "disturbs_half_selected", kind: .flag,
      summary: "half-selected devices drift by the model's tail at V/2 or V/3; true with wires",
      read: { configuration, table, key throws(Failure) in
        guard let disturbs = try table.optionalBoolean(key) else { return }
        configuration.plan.program.disturbsHalfSelected = disturbs
      }, value: { .boolean($0.plan.program.disturbs) }),
  ]

  /// A rule of the list, by its name.
  private static var rule: Setting {
    let known = UpdateRule.all.map(\.name)
    return Setting(
      section: "update", key: "rule", values: known.joined(separator: ", "),
      summary: UpdateRule.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; "),
      read: { configuration, table, key throws(Failure) in
        guard let name = try table.optionalString(key) else { return }
        guard let rule = UpdateRule.all.first(where: { $0.name == name }) else {
          let known = UpdateRule.all.map { "\"\($0.name)\"" }.joined(separator: ", ")
          throw table.failure(key, "unknown value \"\(name)\"", remedy: "expected \(known)")
        }
        configuration.plan.program.rule = rule
      }, value: { .text($0.plan.program.rule.name) }
    ).option(
      "update", known.joined(separator: "|"), words: known,
      help: "How far a gradient moves a weight on crossbars: one pulse, or a write in proportion.")
  }

  static let variation: [Setting] = [
    flag(
      "variation", "static", \.plan.program.staticVariation,
      "frozen spread of the current-voltage characteristic"),
    flag(
      "variation", "pulse", \.plan.program.pulseVariation, "frozen spread of the pulse response"),
    flag("variation", "read_noise", \.plan.program.readNoise, "noise of the read-out"),
  ]

  /// One end of the discriminator's own schedule; the generator's where it is not given.
  private static func discriminatorProbability(
    _ step: String, _ end: any WritableKeyPath<Schedule, Double> & Sendable
  ) -> Setting {
    Setting(
      section: "update", key: "discriminator_update_probability_\(step)", kind: .number,
      values: span(1e-9...1),
      summary: "the same in the \(step) step, in the discriminator alone"
    ) { configuration, table, key throws(Failure) in
      guard let share = try table.optionalNumber(key, in: 1e-9...1) else { return }
      var schedule =
        configuration.plan.program.discriminatorUpdateProbability
        ?? configuration.plan.program.updateProbability
      schedule[keyPath: end] = share
      configuration.plan.program.discriminatorUpdateProbability = schedule
    } value: {
      let program = $0.plan.program
      return .number(
        (program.discriminatorUpdateProbability ?? program.updateProbability)[keyPath: end])
    }
  }

  /// A number of the last epoch's pulse; the first epoch's where it is not given.
  private static func lastPulse(
    _ key: String, _ first: any KeyPath<ProgrammingPlan, Pulse> & Sendable,
    _ last: any WritableKeyPath<ProgrammingPlan, Pulse?> & Sendable,
    _ number: any WritableKeyPath<Pulse, Double> & Sendable, in range: ClosedRange<Double>,
    _ summary: String
  ) -> Setting {
    Setting(
      section: "update", key: key, kind: .number, values: span(range), summary: summary
    ) {
      configuration, table, key throws(Failure) in
      guard let value = try table.optionalNumber(key, in: range) else { return }
      let program = configuration.plan.program
      var pulse = program[keyPath: last] ?? program[keyPath: first]
      pulse[keyPath: number] = value
      configuration.plan.program[keyPath: last] = pulse
    } value: {
      let program = $0.plan.program
      return .number((program[keyPath: last] ?? program[keyPath: first])[keyPath: number])
    }
  }

  private static func scales(_ key: String, _ path: Path<[Double]>) -> Setting {
    Setting(
      section: "weights", key: key, kind: .list,
      summary: "largest weight per layer; the last serves deeper layers"
    ) { configuration, table, key throws(Failure) in
      guard let scales = try table.optionalNumbers(key, in: 1e-9...1e9) else { return }
      guard !scales.isEmpty else { throw table.failure(key, "is empty") }
      configuration[keyPath: path] = scales
    } value: {
      JSON($0[keyPath: path])
    }
  }

  /// Celsius of a temperature in kelvin, in the fewest digits that give the same kelvin back.
  private static func celsius(_ kelvin: Double) -> Double {
    let exact = kelvin - PhysicalConstants.zeroCelsius
    let short = (exact * 1e9).rounded() / 1e9
    return short + PhysicalConstants.zeroCelsius == kelvin ? short : exact
  }
}

extension Setting {
  static let digital: [Setting] = [
    Setting(
      section: "digital", key: "optimizer", summary: "update rule of the digital twin: adam, sgd",
      read: { configuration, table, key throws(Failure) in
        switch try table.optionalChoice(key, of: OptimizerName.self) {
        case .adam: configuration.plan.optimizer = .adam()
        case .sgd: configuration.plan.optimizer = .sgd()
        case nil: break
        }
      }, value: { .text($0.plan.optimizer.name.rawValue) }
    ).option(
      "optimizer", "adam|sgd", words: ["adam", "sgd"],
      help: "Update rule of --backend digital."),
    optimizer("rate", in: 1e-12...1e6, "learning rate", \.rate),
    optimizer("beta1", in: 0...0.999_999, "Adam's decay of the mean", \.beta1),
    optimizer("beta2", in: 0...0.999_999_9, "Adam's decay of the square", \.beta2),
  ]

  /// A number of the optimiser in force; one that it does not have is refused.
  private static func optimizer(
    _ key: String, in range: ClosedRange<Double>, _ summary: String,
    _ path: any WritableKeyPath<DigitalOptimizer, Float?> & Sendable
  ) -> Setting {
    Setting(
      section: "digital", key: key, kind: .number, values: span(range), summary: summary
    ) {
      configuration, table, key throws(Failure) in
      guard let value = try table.optionalNumber(key, in: range) else { return }
      // The file's numbers go with the optimizer it names; an option may have chosen another.
      let named = try table.optionalChoice("optimizer", of: OptimizerName.self)
      if let named, named != configuration.plan.optimizer.name { return }
      guard configuration.plan.optimizer[keyPath: path] != nil else {
        let name = configuration.plan.optimizer.name.rawValue
        throw table.failure(key, "the optimizer \(name) has no such number", remedy: "remove it")
      }
      configuration.plan.optimizer[keyPath: path] = Float(value)
    } value: {
      $0.plan.optimizer[keyPath: path].map { JSON(shortest: $0) }
    }
  }
}

/// The words for update rules in files and options.
package enum OptimizerName: String, Sendable, CaseIterable {
  case adam
  case sgd
}

extension DigitalOptimizer {
  var name: OptimizerName {
    switch self {
    case .adam: .adam
    case .sgd: .sgd
    }
  }

  fileprivate var rate: Float? {
    get {
      switch self {
      case .adam(let rate, _, _), .sgd(let rate): rate
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .adam(_, let beta1, let beta2):
        self = .adam(rate: newValue, beta1: beta1, beta2: beta2)
      case .sgd: self = .sgd(rate: newValue)
      }
    }
  }

  fileprivate var beta1: Float? {
    get {
      if case .adam(_, let beta1, _) = self { beta1 } else { nil }
    }
    set {
      guard let newValue, case .adam(let rate, _, let beta2) = self else { return }
      self = .adam(rate: rate, beta1: newValue, beta2: beta2)
    }
  }

  fileprivate var beta2: Float? {
    get {
      if case .adam(_, _, let beta2) = self { beta2 } else { nil }
    }
    set {
      guard let newValue, case .adam(let rate, let beta1, _) = self else { return }
      self = .adam(rate: rate, beta1: beta1, beta2: newValue)
    }
  }
}
