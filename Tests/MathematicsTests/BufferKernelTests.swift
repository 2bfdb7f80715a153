import Foundation
import Mathematics
import Testing

/// Every kernel against the line of mathematics it stands for; lengths with and without remainder.
@Suite struct BufferKernelTests {
  static let lengths = [0, 1, 7, 8, 9, 64, 1003]

  private func numbers(_ count: Int, _ name: String) -> [Float] {
    let stream = RandomStream(seed: 3, name: name)
    return (0..<count).map { stream.gaussian(at: $0, substream: 0) }
  }

  /// What `kernel` makes of a copy of `start`, reading `source`.
  private func result(
    _ source: [Float], _ start: [Float],
    _ kernel: (UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> [Float] {
    var target = start
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { kernel(source, $0) }
    }
    return target
  }

  private func isClose(_ a: [Float], _ b: [Float], _ tolerance: Float = 1e-6) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  @Test(arguments: lengths) func linearKernels(count: Int) {
    let (a, b) = (numbers(count, "a"), numbers(count, "b"))
    #expect(result(a, b) { BufferKernels.scale($0, by: 3, into: $1) } == a.map { 3 * $0 })
    #expect(result(a, b) { BufferKernels.scaleInPlace($1, by: 3) } == b.map { 3 * $0 })
    #expect(result(a, b) { BufferKernels.copy($0, into: $1) } == a)
    #expect(result(a, b) { BufferKernels.addConstant(2, to: $1) } == b.map { $0 + 2 })
    let added = result(a, b) { BufferKernels.add($0, times: -2, to: $1) }
    #expect(isClose(added, zip(a, b).map { $1 - 2 * $0 }))
  }

  @Test(arguments: lengths) func basisKernels(count: Int) {
    let (a, b) = (numbers(count, "a"), numbers(count, "b"))
    #expect(isClose(result(a, b) { BufferKernels.cube($0, into: $1) }, a.map { $0 * $0 * $0 }))
    #expect(
      isClose(
        result(a, b) { BufferKernels.addSquares(of: $0, to: $1) }, zip(a, b).map { $1 + $0 * $0 }))
    let sine = result(a, b) { BufferKernels.hyperbolicSine($0, slope: 1.5, into: $1) }
    #expect(isClose(sine, a.map { sinh(1.5 * $0) / 1.5 }))
    let chords = result(a, b) { BufferKernels.addHyperbolicSineChords(of: $0, slope: 1.5, to: $1) }
    #expect(isClose(chords, zip(a, b).map { $1 + sinh(1.5 * $0) / (1.5 * $0) }))
  }

  @Test(arguments: lengths) func activations(count: Int) {
    let (a, b) = (numbers(count, "a"), numbers(count, "b"))
    #expect(isClose(result(a, b) { BufferKernels.applyTanh($1) }, b.map { tanh($0) }))
    #expect(isClose(result(a, b) { BufferKernels.applyLogistic($1) }, b.map { 1 / (1 + exp(-$0)) }))
    #expect(
      result(a, b) { BufferKernels.applyLeakyRectifier($1, slope: 0.2) }
        == b.map { $0 > 0 ? $0 : 0.2 * $0 })
    #expect(
      isClose(
        result(a, b) { BufferKernels.multiplyByTanhDerivative($1, output: $0) },
        zip(a, b).map { $1 * (1 - $0 * $0) }))
    #expect(
      isClose(
        result(a, b) { BufferKernels.multiplyByLogisticDerivative($1, output: $0) },
        zip(a, b).map { $1 * ($0 * (1 - $0)) }))
    #expect(
      result(a, b) { BufferKernels.multiplyByLeakyRectifierDerivative($1, output: $0, slope: 0.2) }
        == zip(a, b).map { $1 * ($0 > 0 ? 1 : 0.2) })
  }

  @Test(arguments: lengths) func sums(count: Int) {
    let (a, b) = (numbers(count, "a"), numbers(count, "b"))
    let sum = a.withUnsafeBufferPointer { BufferKernels.sum($0) }
    let dot = a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { BufferKernels.dot(a, $0) }
    }
    let scale = max(1, Double(count).squareRoot())
    #expect(abs(Double(sum) - a.reduce(0) { $0 + Double($1) }) < 1e-6 * scale)
    #expect(
      abs(Double(dot) - zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }) < 1e-6 * scale)
  }

  @Test(arguments: lengths) func largestMagnitude(count: Int) {
    var a = numbers(count, "a")
    func found() -> Float { a.withUnsafeBufferPointer { BufferKernels.largestMagnitude($0) } }
    #expect(found() == a.map(\.magnitude).max() ?? 0)
    guard count > 1 else { return }
    a[count / 2] = -50
    a[0] = .nan
    #expect(found() == 50)
    a[count - 1] = -.infinity
    #expect(found() == .infinity)
  }

  @Test(arguments: lengths) func noiseOfVaryingStrength(count: Int) {
    var variance = numbers(count, "variance").map { $0 * $0 }
    if count > 1 { variance[1] = 0 }
    let gaussian = numbers(count, "gaussian")
    let noisy = result(variance, [Float](repeating: 1, count: count)) { variance, target in
      gaussian.withUnsafeBufferPointer {
        BufferKernels.addNoise(variance: variance, gaussian: $0, to: target)
      }
    }
    #expect(isClose(noisy, zip(variance, gaussian).map { 1 + $0.squareRoot() * $1 }))
    #expect(count < 2 || noisy[1] == 1)
  }

  /// Kingma and Ba (2015), algorithm 1, in double precision.
  @Test func adamSteps() {
    let count = 13
    var weights = numbers(count, "weights")
    var truth = weights.map(Double.init)
    var (first, second) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    var m = [Double](repeating: 0, count: count)
    var v = m
    for step in 1...5 {
      let gradient = numbers(count, "gradient \(step)")
      let constants = BufferKernels.AdamStep(
        scale: 0.25, beta1: 0.5, beta2: 0.999, epsilon: 1e-8,
        rate: Float(0.01 / (1 - pow(0.5, Double(step)))),
        rootCorrection: Float(1 / sqrt(1 - pow(0.999, Double(step)))))
      BufferKernels.adam(
        &weights, gradient: gradient, first: &first, second: &second, count: count,
        step: constants)
      for index in 0..<count {
        let slope = 0.25 * Double(gradient[index])
        m[index] = 0.5 * m[index] + 0.5 * slope
        v[index] = 0.999 * v[index] + 0.001 * slope * slope
        let unbiased = (
          m[index] / (1 - pow(0.5, Double(step))), v[index] / (1 - pow(0.999, Double(step)))
        )
        truth[index] -= 0.01 * unbiased.0 / (sqrt(unbiased.1) + 1e-8)
      }
    }
    #expect(zip(weights, truth).allSatisfy { abs(Double($0) - $1) < 1e-6 })
  }
}
