package import Devices
package import Failures
import Files
package import FitResults
import Foundation
package import Mathematics
package import MeasuredTables
import Statistics

/// `fit iv`: a static model from sweeps.
package struct StaticFit: Sendable {
  package var report: FitReport
  package var model: any StaticModel
  package var form: StaticForm
  /// S.
  package var conductance: ClosedRange<Double>
  /// °C.
  package var temperature: ClosedRange<Double>
  /// V.
  package var readVoltage: Double
  var reference: StaticForm.Reference
  /// Whether the table gives states; read off the sweeps themselves they leave no spread of devices.
  var knowsStates: Bool
  /// Relative errors by decade of current.
  var decades = DecadeErrors()

  /// Fits one form, or the one that predicts devices it has not seen best.
  ///
  /// - Parameter form: nil chooses by five-fold cross-validation across devices.
  /// - Throws: ``Failure``: `noInput`, or `badData` when the table does not determine a model.
  package init(
    _ reader: TableReader, form: StaticForm?, workers: Workers
  ) throws(Failure) {
    let place = reader.files[0]
    let (sweeps, read) = try Self.prepared(reader, place)
    var prepared = sweeps
    let fit = try Self.chosen(form, &prepared, workers, place)
    report = FitReport(kind: "iv", model: fit.form.rawValue)
    model = fit.model
    self.form = fit.form
    conductance = prepared.conductance
    temperature = prepared.temperature
    readVoltage = prepared.readVoltage
    reference = prepared.reference
    knowsStates = prepared.hasNominalState
    report.parameters = fit.parameters
    report.notes = prepared.notes + fit.notes
    report.leftOut = prepared.leftOut
    report.correlations = fit.correlations
    describe(prepared, read)
    // With the state read off the sweep itself nothing is left to differ between devices.
    if prepared.hasNominalState {
      report.addPopulation("device_z", fit.deviations, label: "deviation of a device (z)")
    }
    try check(prepared, place)
  }

  /// A form is accepted when its error is small in every decade of the current.
  private func check(_ prepared: PreparedSweeps, _ place: String) throws(Failure) {
    let remedy =
      "choose another --model, or auto; of sweeps that switch the device `fit switching` finds"
      + " thresholds and `fit states` states"
    guard let worst = decades.worst else {
      throw Failure(
        .badData, at: place,
        "no current stands out from the instrument's floor of"
          + " \(Quantity(prepared.noise.floor, "A"))", remedy: remedy)
    }
    let explained = report.statistic("r_squared") ?? 0
    guard decades.isAccepted, explained > Self.leastExplained else {
      let lowest = pow(10, Double(worst.decade))
      throw Failure(
        .badData, at: place,
        "\(form.rawValue) does not describe the sweeps: its median error is"
          + " \(NumberText.short(100 * worst.error)) % between \(Quantity(lowest, "A")) and"
          + " \(Quantity(10 * lowest, "A")), where \(NumberText.short(100 * DecadeErrors.limit)) %"
          + " is allowed"
          + " (R² = \(NumberText.short(explained)))", remedy: remedy)
    }
  }

  /// Sweeps made ready; what was read goes before the fit begins, for tables can be large.
  private static func prepared(
    _ reader: TableReader, _ place: String
  ) throws(Failure) -> (PreparedSweeps, ReadReport) {
    let collection = try SweepCollection(reader)
    return (try PreparedSweeps(collection, at: place), collection.report)
  }

  /// Share of the currents' squares below which a curve is no description of them, whatever its errors by
  /// decade.
  private static let leastExplained = 0.5

  /// A form with its fit.
  struct Candidate {
    var form: StaticForm
    var model: any StaticModel
    var parameters: [FittedParameter]
    var correlations: [ParameterCorrelation]
    /// z of every device.
    var deviations: [Double]
    var notes: [String]
  }

  private static func chosen(
    _ form: StaticForm?, _ prepared: inout PreparedSweeps, _ workers: Workers, _ place: String
  ) throws(Failure) -> Candidate {
    if let form { return try candidate(form, prepared.devices, prepared, workers, place) }
    guard prepared.devices.count >= 5 else {
      prepared.notes.append(
        "fewer than five devices: forms were compared on the devices they were fitted to")
      return try best(StaticForm.allCases, &prepared, folds: 1, workers, place)
    }
    return try best(StaticForm.allCases, &prepared, folds: 5, workers, place)
  }

  /// The form with the smallest error on devices left out of its fit.
  private static func best(
    _ forms: [StaticForm], _ prepared: inout PreparedSweeps, folds: Int, _ workers: Workers,
    _ place: String
  ) throws(Failure) -> Candidate {
    var scores: [Score] = []
    var failures: [String] = []
    for form in forms {
      do throws(Failure) {
        let errors = try Self.errors(of: form, prepared, folds: folds, workers, place)
        scores.append(Score(form: form, value: errors.score, isAccepted: errors.isAccepted))
      } catch {
        failures.append("\(form.rawValue) (\(error.cause))")
      }
    }
    if !failures.isEmpty {
      prepared.notes.append("forms that could not be fitted: \(failures.joined(separator: ", "))")
    }
    // What fails in a decade comes last, however well it does elsewhere.
    scores.sort { ($0.isAccepted ? 0 : 1, $0.value) < ($1.isAccepted ? 0 : 1, $1.value) }
    guard let first = scores.first else {
      throw Failure(
        .badData, at: place, "no static form could be fitted",
        remedy: "look at `fit inspect`, or name one with --model for its reason")
    }
    // A form with fewer parameters wins what is within 2 % of the best, or as good as exact.
    let near = scores.filter {
      $0.isAccepted == first.isAccepted
        && $0.value < max(1.02 * first.value, first.value + Self.asGoodAsExact)
    }
    let order = Dictionary(
      uniqueKeysWithValues: StaticForm.allCases.enumerated().map { ($1, $0) })
    // The Nili surfaces have the most parameters of all; of equally many the simpler form stands first.
    func rank(_ form: StaticForm) -> (Int, Int) {
      (form == .niliCubic ? Int.max : form.shape.count, order[form] ?? 0)
    }
    let chosen = near.min { rank($0.form) < rank($1.form) }
    let table = scores.map {
      "\($0.form.rawValue) \(String(format: "%.3g", 100 * $0.value)) %"
        + ($0.isAccepted ? "" : " (fails in a decade)")
    }
    prepared.notes.append(
      "relative error on devices left out, mean over decades of current: "
        + table.joined(separator: ", "))
    return try candidate(chosen?.form ?? first.form, prepared.devices, prepared, workers, place)
  }

  /// Relative error by which two forms do not differ: tables of simulated devices are coarser.
  private static let asGoodAsExact = 1e-4

  /// How a form did on devices left out.
  private struct Score {
    var form: StaticForm
    var value: Double
    var isAccepted: Bool
  }

  private static func errors(
    of form: StaticForm, _ prepared: PreparedSweeps, folds: Int, _ workers: Workers,
    _ place: String
  ) throws(Failure) -> DecadeErrors {
    var errors = DecadeErrors()
    for fold in 0..<folds {
      let seen = prepared.devices.enumerated().filter { folds == 1 || $0.offset % folds != fold }
      let held = prepared.devices.enumerated().filter { folds == 1 || $0.offset % folds == fold }
      let fit = try candidate(form, seen.map(\.element), prepared, workers, place)
      errors.add(prepared.errors(of: fit.model, on: held.map(\.element)))
    }
    guard errors.score.isFinite else {
      throw Failure(.badData, at: place, "no finite prediction")
    }
    return errors
  }

  private static func candidate(
    _ form: StaticForm, _ devices: [[Sweep]], _ prepared: PreparedSweeps, _ workers: Workers,
    _ place: String
  ) throws(Failure) -> Candidate {
    guard form == .niliCubic else {
      let fit = try ShapedFit(
        form, to: devices, noise: prepared.noise, reference: prepared.reference,
        workers: workers, at: place)
      return Candidate(
        form: form,
        model: fit.model(range: prepared.conductance, voltage: prepared.readVoltage),
        parameters: fit.parameters,
        correlations: fit.correlations, deviations: fit.deviations,
        notes: [Self.chiSquare(fit.dispersion)])
    }
    guard prepared.hasNominalState else {
      throw Failure(
        .badData, at: place, "the Nili surfaces need the nominal state of every sweep",
        remedy: "give a conductance column, or use --model sinh")
    }
    let fit = try NiliSurfaceFit(
      devices.flatMap { $0 }, noise: prepared.noise, readVoltage: prepared.readVoltage,
      workers: workers, at: place)
    var notes = [
      "devices are random effects: a mean over \(devices.count) devices cannot come closer to the"
        + " population's than its spread / √\(devices.count)"
    ]
    if prepared.isAtOneTemperature {
      notes.append(
        "one temperature: what depends on it cannot be told from what does not, so that a0 holds"
          + " a2·T, b2 its power of T, p0 p2·T and q0, q1 their parts; predictions hold there")
    }
    if fit.heldSweeps > 0 {
      notes.append(
        "\(fit.heldSweeps) sweeps set aside: their device is at the border of monotone curves there"
      )
    }
    if !fit.outliers.isEmpty {
      let names = fit.outliers.prefix(5).map { prepared.deviceNames[$0] }
      notes.append(
        "\(fit.outliers.count) outlying sweeps set aside, such as of device"
          + " \(Set(names).sorted().joined(separator: ", "))")
    }
    if fit.dispersion > 1.3 {
      notes.append(Self.chiSquare(fit.dispersion))
    }
    return Candidate(
      form: form, model: fit.device, parameters: fit.parameters, correlations: fit.correlations,
      deviations: fit.deviations, notes: notes)
  }

  private static func chiSquare(_ dispersion: Double) -> String {
    "reduced χ² \(NumberText.short(dispersion)), with the noise of the instrument as the sweeps'"
      + " scatter has it and no less than 1; errors are widened by its root"
  }

  /// Numbers and figures that every form has.
  private mutating func describe(_ prepared: PreparedSweeps, _ read: ReadReport) {
    let sweeps = prepared.devices.joined()
    report.statistics = [
      ("rows", Double(read.rows)), ("devices", Double(prepared.devices.count)),
      ("sweeps", Double(sweeps.count)), ("offset_A", prepared.noise.offset),
      ("noise_floor_A", prepared.noise.floor),
      ("noise_relative", prepared.noise.gain),
    ]
    report.notes += read.suspicions
    let open = report.undetermined
    if !open.isEmpty {
      report.notes.append(
        "95 % interval wider than 20 % of the value: \(open.joined(separator: ", "));"
          + " what the model predicts within the measured range may still be close")
    }
    if let sweep = sweeps.max(by: { $0.voltages.count < $1.voltages.count }) {
      let kelvin =
        (sweep.temperature.isNaN ? 25 : sweep.temperature) + PhysicalConstants.zeroCelsius
      report.figures.append(
        FitFigure(
          title: "Sweep of device \(prepared.deviceNames[sweep.device]) and mean device",
          xLabel: "voltage (V)", yLabel: "current (A)",
          points: zip(sweep.voltages, sweep.currents).map { ($0, $1) },
          curve: sweep.voltages.sorted().map {
            ($0, model.current(conductance: sweep.conductance, voltage: $0, temperature: kelvin))
          }))
    }
    addResiduals(prepared)
  }
}
