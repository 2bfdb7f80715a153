import Foundation
import Mathematics

/// A sine of one frequency in a trace: an instrument's or the mains', as no device keeps time.
struct SineLine {
  /// Hz.
  var frequency: Double
  /// Amplitudes of cosine and sine, with the phase counted from the middle of the trace.
  var cosine = 0.0
  var sine = 0.0
  /// Density of the noise around the line, in square units per Hz.
  var background = 0.0
  /// Seconds that the trace lasts.
  let duration: Double

  var amplitude: Double { (cosine * cosine + sine * sine).squareRoot() }
  var variance: Double { amplitude * amplitude / 2 }
  /// Standard error of the amplitude in noise of one density.
  ///
  /// Rife and Boorstyn, IEEE Trans. Inf. Theory 20, 591 (1974); so is that of the frequency.
  var amplitudeError: Double { (background / duration).squareRoot() }
  var frequencyError: Double {
    (12 * background / duration).squareRoot() / (2 * Double.pi * duration * amplitude)
  }

  /// Calls back with cos and sin at every sample.
  private func turn(_ count: Int, _ interval: Double, _ body: (Int, Double, Double) -> Void) {
    let step = 2 * Double.pi * frequency * interval
    let (stepCosine, stepSine) = (cos(step), sin(step))
    var (c, s) = (1.0, 0.0)
    for t in 0..<count {
      if t % 512 == 0 {
        // A recurrence is many times faster than a sine, and drifts: it begins anew now and then.
        let angle = step * (Double(t) - Double(count - 1) / 2)
        (c, s) = (cos(angle), sin(angle))
      }
      body(t, c, s)
      (c, s) = (c * stepCosine - s * stepSine, s * stepCosine + c * stepSine)
    }
  }

  /// Adds a multiple of the line to a trace.
  func add(_ factor: Double, to trace: inout [Double], interval: Double) {
    turn(trace.count, interval) { trace[$0] += factor * (cosine * $1 + sine * $2) }
  }

  /// Least squares for frequency, amplitude and phase.
  ///
  /// A frequency that is off shows as cosine and sine that grow with time, 90° ahead of the line:
  /// the step is that of Gauss and Newton.
  mutating func fit(_ trace: [Double], interval: Double, steps: Int = 8) {
    let half = Double(trace.count - 1) / 2
    for _ in 0..<steps {
      let found = project(trace, interval, drifts: true)
      (cosine, sine) = (found[1], found[2])
      let square = cosine * cosine + sine * sine
      guard square > 0 else { break }
      // Radians from the middle to the end; beyond a right angle the tangent says nothing.
      let turn = max(-1.5, min(1.5, (found[3] * sine - found[4] * cosine) / square))
      frequency += turn / (2 * Double.pi * half * interval)
      if abs(turn) < 1e-4 { break }
    }
    let found = project(trace, interval, drifts: false)
    (cosine, sine) = (found[1], found[2])
  }

  /// Coefficients of a constant, cosine and sine, and of both times the time from the middle (1 at
  /// the end).
  private func project(_ trace: [Double], _ interval: Double, drifts: Bool) -> [Double] {
    let size = drifts ? 5 : 3
    let half = Double(trace.count - 1) / 2
    let mean = trace.reduce(0, +) / Double(trace.count)
    var products = [Double](repeating: 0, count: 25)
    var right = [Double](repeating: 0, count: 5)
    products.withUnsafeMutableBufferPointer { products in
      right.withUnsafeMutableBufferPointer { right in
        trace.withUnsafeBufferPointer { trace in
          turn(trace.count, interval) { t, c, s in
            let time = (Double(t) - half) / half
            let (x, cc, cs) = (trace[t] - mean, c * c, c * s)
            right[0] += x
            right[1] += x * c
            right[2] += x * s
            products[1] += c
            products[2] += s
            products[6] += cc
            products[7] += cs
            guard drifts else { return }
            right[3] += x * c * time
            right[4] += x * s * time
            products[3] += c * time
            products[4] += s * time
            products[8] += cc * time
            products[9] += cs * time
            products[18] += cc * time * time
            products[19] += cs * time * time
          }
        }
      }
    }
    return Self.solve(products, right, count: Double(trace.count), size: size)
  }

  /// Completes the products by cos² + sin² = 1, and solves.
  private static func solve(
    _ given: [Double], _ right: [Double], count: Double, size: Int
  ) -> [Double] {
    var products = given
    products[0] = count
    products[12] = count - products[6]
    products[13] = products[9]
    // Squares of the time add up to a third, and the time itself to nothing.
    products[14] = -products[8]
    products[24] = count / 3 * (count + 1) / (count - 1) - products[18]
    var matrix = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in i..<size {
        matrix[i * size + j] = products[i * 5 + j]
        matrix[j * size + i] = products[i * 5 + j]
      }
    }
    let inverse = InformationMatrix(matrix, size: size).inverse
    return (0..<size).map { i in
      (0..<size).reduce(0) { $0 + inverse[i * size + $1] * right[$1] }
    }
  }
}
