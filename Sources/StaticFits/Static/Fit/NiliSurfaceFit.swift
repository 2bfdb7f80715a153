import Devices
import Failures
import Foundation
import Mathematics
import Statistics

/// The Nili surfaces fitted to sweeps of many devices, with devices as random effects.
struct NiliSurfaceFit: Sendable {
  var device: NiliStatic
  /// In the file's units, by the names of ``NiliSurfaceModel``.
  var parameters: [FittedParameter]
  var correlations: [ParameterCorrelation]
  /// Posterior z per device with its index.
  var deviations: [Double]
  /// Factor on σ² beyond the instrument's.
  var dispersion: Double
  /// Sweeps left out because their device is held at the border of monotone curves there.
  var heldSweeps: Int
  /// Device of every sweep that is far off its own device's prediction.
  var outliers: [Int]

  static let units = [
    "S", "1", "S/°C", "V^-2", "S^-1 V^-2", "°C^1.33 S V^-2", "S", "1", "S/°C", "S^-1", "S V^-2",
    "V^-2", "S V^-2/°C", "S^-1 V^-2", "V^-2/°C", "1",
  ]

  /// - Throws: ``Failure`` of kind `badData` when there are too few states or devices.
  init(
    _ sweeps: [Sweep], noise: InstrumentNoise, readVoltage: Double, workers: Workers,
    at place: String
  ) throws(Failure) {
    var grouped = Self.grouped(sweeps, noise)
    let temperatures = NiliSurfaceModel.Temperatures(
      count: Set(grouped.flatMap { $0.map { $0.observation.celsius } }).count)
    let states = Set(grouped.flatMap { $0.map { $0.observation.conductance } })
    guard grouped.count >= 8, states.count >= 6 else {
      throw Failure(
        .badData, at: place,
        "\(grouped.count) devices in \(states.count) states cannot determine the surfaces",
        remedy: "measure at least 8 devices in 6 states, or use --model sinh")
    }
    var point = Self.start(grouped, temperatures)
    var fit: RandomEffectFit?
    var removed = (held: 0, outliers: [Int]())
    for _ in 0..<4 {
      let model = NiliSurfaceModel(
        devices: grouped.map { $0.map(\.observation) }, dispersion: 1,
        temperatures: temperatures)
      let found = try Self.annealed(model, from: point, workers, place)
      fit = found
      point = found.parameters
      let before = grouped.reduce(0) { $0 + $1.count }
      let judged = Self.judge(grouped, found, readVoltage)
      grouped = judged.kept
      removed.held += judged.held
      removed.outliers += judged.outliers
      if grouped.reduce(0, { $0 + $1.count }) == before { break }
    }
    guard let fit else { throw Failure(.internal, at: place, "no fit was made") }
    let freedom = Double(fit.observations - 16 - grouped.count)
    dispersion = max(1, fit.conditionalSquares / max(1, freedom))
    var final = fit
    if dispersion > 1.3 {
      let model = NiliSurfaceModel(
        devices: grouped.map { $0.map(\.observation) }, dispersion: dispersion,
        temperatures: temperatures)
      final = try RandomEffectFit(model, start: point, workers: workers, at: place)
    }
    device = NiliSurfaceModel.device(final.parameters, monotoneVoltage: readVoltage)
    parameters = Self.described(final, temperatures, devices: grouped.count)
    correlations = Self.correlations(final, temperatures)
    deviations = final.deviations
    heldSweeps = removed.held
    outliers = removed.outliers
  }

  /// What the fit takes of a sweep: large tables hold hundreds of thousands of them.
  struct Entry: Sendable {
    var device: Int
    var observation: NiliSurfaceModel.Observation
  }

  private static func grouped(_ sweeps: [Sweep], _ noise: InstrumentNoise) -> [[Entry]] {
    var devices: [Int: [Entry]] = [:]
    for sweep in sweeps {
      guard
        let cubic = CubicSweepFit(
          sweep, offset: noise.offset, floor: noise.floor, gain: noise.gain)
      else { continue }
      let observation = NiliSurfaceModel.Observation(
        conductance: sweep.conductance,
        celsius: sweep.temperature.isNaN ? 25 : sweep.temperature,
        coefficients: cubic.coefficients, information: cubic.normal)
      devices[sweep.device, default: []].append(
        Entry(device: sweep.device, observation: observation))
    }
    return devices.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Least squares of the means on their terms; spreads from what is left.
  private static func start(
    _ devices: [[Entry]], _ temperatures: NiliSurfaceModel.Temperatures
  ) -> [Double] {
    var first = [[Double]](repeating: Array(repeating: 0, count: 4), count: 3)
    var third = first
    for entry in devices.joined() {
      let seen = entry.observation
      let g = seen.conductance / NiliSurfaceModel.conductanceUnit
      let t = seen.celsius / NiliSurfaceModel.temperatureUnit
      let weight = 1 / (g * g)
      let unit = NiliSurfaceModel.conductanceUnit
      for (terms, value, isFirst) in [
        ([1, g, temperatures == .one ? 0 : t], seen.coefficients.0 / unit, true),
        ([g, g * g, 1 / t], seen.coefficients.1 / unit, false),
      ] {
        for a in 0..<3 {
          for b in 0..<3 {
            if isFirst {
              first[a][b] += weight * terms[a] * terms[b]
            } else {
              third[a][b] += weight * terms[a] * terms[b]
            }
          }
          if isFirst {
            first[a][3] += weight * terms[a] * value
          } else {
            third[a][3] += weight * terms[a] * value
          }
        }
      }
    }
    if temperatures == .one { first[2][2] = 1 }
    let a = Elimination.solve(first) ?? [0, 1, 0]
    let b = Elimination.solve(third) ?? [1, 0, 0]
    return a + b + [0, 0.15, 0, 0, 0, b[0] == 0 ? 0.5 : abs(b[0]), 0, 0, 0]
      + [temperatures == .more ? -1 : NiliSurfaceModel.Temperatures.assumedExponent]
  }

  /// Fits from a wide noise down to the instrument's, so that the narrow valley is entered slowly.
  private static func annealed(
    _ model: NiliSurfaceModel, from start: [Double], _ workers: Workers, _ place: String
  ) throws(Failure) -> RandomEffectFit {
    var model = model
    var point = start
    let signal = model.devices.joined().reduce(0.0) {
      $0 + $1.information.0 * $1.coefficients.0 * $1.coefficients.0
    }
    let count = Double(model.devices.joined().count)
    var dispersion = max(1, 0.01 * signal / max(1, count))
    while true {
      model.dispersion = dispersion
      let fit = try RandomEffectFit(
        model, start: point, workers: workers, tolerance: dispersion > 1 ? 0.1 : 0.01,
        mustSettle: dispersion <= 1, at: place)
      guard dispersion > 1 else { return fit }
      point = fit.parameters
      dispersion = max(1, dispersion / 30)
    }
  }
}

/// What is left out, and what is said.
extension NiliSurfaceFit {
  /// Sweeps in which the device is held at the border of monotone curves follow another law, and
  /// sweeps ten times further off their device's prediction than the others are outliers.
  private static func judge(
    _ devices: [[Entry]], _ fit: RandomEffectFit, _ readVoltage: Double
  ) -> (kept: [[Entry]], held: Int, outliers: [Int]) {
    let model = NiliSurfaceModel.device(fit.parameters, monotoneVoltage: readVoltage)
    func state(_ entry: Entry) -> StaticCoefficients {
      model.coefficients(
        conductance: entry.observation.conductance,
        temperature: entry.observation.celsius + PhysicalConstants.zeroCelsius)
    }
    func distance(_ entry: Entry, z: Double) -> Double {
      let expected = state(entry).values(z: z)
      let seen = entry.observation
      let (x, y) = (seen.coefficients.0 - expected[0], seen.coefficients.1 - expected[1])
      let (a, b, c) = seen.information
      return (a * x * x + 2 * b * x * y + c * y * y) / 2
    }
    let distances = zip(devices, fit.deviations).flatMap { device, z in
      device.map { distance($0, z: z) }
    }
    let limit = 100 * max(1, distances.median ?? 1)
    var held = 0
    var outliers: [Int] = []
    let kept = zip(devices, fit.deviations).map { device, z in
      device.filter { entry in
        if z < state(entry).admissible.lowerBound + 0.02 {
          held += 1
          return false
        }
        guard distance(entry, z: z) > limit else { return true }
        outliers.append(entry.device)
        return false
      }
    }
    return (kept.filter { !$0.isEmpty }, held, outliers)
  }

  /// In the file's units, of which only that of b₂ depends on another parameter.
  private static func correlations(
    _ fit: RandomEffectFit, _ temperatures: NiliSurfaceModel.Temperatures
  ) -> [ParameterCorrelation] {
    var jacobian = (0..<16).map { i in (0..<16).map { $0 == i ? 1.0 : 0 } }
    jacobian[5][15] = -fit.parameters[5] * log(NiliSurfaceModel.temperatureUnit)
    return ParameterCorrelation.all(
      NiliSurfaceModel.names,
      covariance: ParameterCorrelation.transformed(covariance: fit.covariance, by: jacobian),
      without: fit.undetermined + temperatures.held)
  }

  private static func described(
    _ fit: RandomEffectFit, _ temperatures: NiliSurfaceModel.Temperatures, devices: Int
  ) -> [FittedParameter] {
    let n = 16
    let factors = NiliSurfaceModel.factors(exponent: fit.parameters[15])
    let quantile = CumulativeFunctions.studentTQuantile(
      0.975, freedom: max(1, Double(devices - 8)))
    return (0..<n).map { k in
      var variance = fit.covariance[k * n + k]
      if k == 5 {
        // b₂ in the file's unit moves with the exponent.
        let slope = -fit.parameters[5] * log(NiliSurfaceModel.temperatureUnit)
        variance +=
          2 * slope * fit.covariance[5 * n + 15] + slope * slope * fit.covariance[15 * n + 15]
      }
      let isOpen = fit.undetermined.contains(k) || temperatures.held.contains(k)
      let value = isOpen && k != 15 ? 0 : fit.parameters[k]
      return FittedParameter(
        NiliSurfaceModel.names[k], value * factors[k], unit: units[k],
        standardError: isOpen ? .infinity : abs(factors[k]) * max(0, variance).squareRoot(),
        quantile: quantile)
    }
  }
}
