import ArrayOperations
import Devices
package import Mathematics

/// Which lines of an array are driven in a read.
package enum ReadDirection: Sendable {
  /// Word lines driven, pairs of bit lines sensed at virtual ground.
  case forward
  /// Bit lines driven (a pair with opposite signs), word lines sensed: the transposed product.
  case transposed
}

extension Crossbar {
  /// Driven lines handled by one block of work.
  private static let drivenBlock = 64
  /// Sensed lines whose noise is drawn by one block: with padded samples a multiple of 256 numbers.
  private static let sensedBlock = 16

  /// Reads a batch of voltage vectors.
  ///
  /// Current on sensed line j for sample b: Σₖ Σᵢ (aₖ⁺ − aₖ⁻)ᵢⱼ · φₖ(Vᵢᵦ) plus Johnson noise of both
  /// devices of every pair, drawn once per output: sums of independent Gaussians are Gaussian, so
  /// one number of variance 4·k_B·T·f·Σᵢ(I/V)ᵢⱼᵦ replaces one per device exactly. The part of that
  /// sum that depends on voltage is taken as (mean over i of φₖ(V)/V) · Σᵢ(aₖ⁺ + aₖ⁻), every line i
  /// weighted with its total conductance. Within ±0.2 V this is off by less than 1 % in σ (tested),
  /// unless pairs of which both devices are at one end of the window are arranged after the
  /// voltages on purpose: then by 1.4 %.
  ///
  /// Lines driven so weakly that curvature is below ``ReadOperation/curvatureTolerance`` are read with
  /// the mean curvature of their devices, which costs no product of matrices.
  ///
  /// - Parameters:
  ///   - voltages: volts, driven lines × samples.
  ///   - currents: amperes, sensed lines × samples.
  ///   - draw: names the noise of this read; the same number gives the same noise.
  /// - Returns: energy in joules dissipated in the devices over all samples.
  package func read(
    _ voltages: MatrixView, _ direction: ReadDirection, into currents: MatrixView,
    draw: UInt64, workers: Workers = .one
  ) -> Double {
    let isForward = direction == .forward
    precondition(
      voltages.rows == (isForward ? wordLines : outputs)
        && currents.rows == (isForward ? outputs : wordLines)
        && currents.columns == voltages.columns, "voltages or currents do not fit the array")
    let power = prepareTerms(
      voltages, totals: isForward ? rowTotals : columnTotals, workers: workers)
    for term in basis.indices {
      addCurrents(
        of: term, direction, lines: voltages.rows, to: currents, workers: workers)
    }
    if technology.noisePerSiemens > 0 {
      addNoise(
        to: currents, totals: isForward ? columnTotals : rowTotals,
        weights: (isForward ? rowTotals : columnTotals).part(0, voltages.rows), draw: draw,
        workers: workers)
    }
    addLeakage(to: currents, direction, draw: draw)
    return power * technology.conditions.read.time
  }

  /// Evaluates φₖ of every voltage, sums chords per sample, weighted with the conductance of their
  /// lines (the totals of the first term), and returns Σ V·I in watts.
  private func prepareTerms(
    _ voltages: MatrixView, totals: Storage<Double>, workers: Workers
  ) -> Double {
    let (lines, samples, basis) = (voltages.rows, voltages.columns, basis)
    let blocks = (lines + Self.drivenBlock - 1) / Self.drivenBlock
    scratch.prepareRead(
      basisValues: basis.count * lines * samples, chords: blocks * basis.count * samples,
      blocks: blocks, flags: basis.count * lines)
    let (values, chords, powers) = (scratch.basisValues, scratch.chords, scratch.powers)
    let meanNonlinearity = MeanNonlinearity(technology, totals: totals, scratch)
    workers.forEachBlock(of: lines, size: Self.drivenBlock) { range in
      let block = range.lowerBound / Self.drivenBlock
      powers[block] = 0
      for (term, function) in basis.enumerated() {
        let sums = chords.part((block * basis.count + term) * samples, samples)
        sums.update(repeating: 0)
        for line in range {
          let voltage = UnsafeBufferPointer(voltages.row(line))
          let target = values.part((term * lines + line) * samples, samples)
          function.values(of: voltage, into: target)
          function.addChords(of: voltage, times: Float(totals[line]), to: sums)
          let squares = BufferKernels.dot(voltage, UnsafeBufferPointer(target))
          powers[block] += totals[term * lines + line] * Double(squares)
        }
      }
      if let meanNonlinearity { for line in range { meanNonlinearity(line, of: voltages) } }
    }
    return powers.part(0, blocks).reduce(0, +)
  }

  /// Adds one Gaussian number per sensed line and sample.
  private func addNoise(
    to currents: MatrixView, totals: Storage<Double>,
    weights: UnsafeMutableBufferPointer<Double>, draw: UInt64, workers: Workers
  ) {
    let (lines, samples, terms) = (currents.rows, currents.columns, basis.count)
    let padded = (samples + 15) / 16 * 16
    scratch.prepareNoise(
      gaussians: (lines + Self.sensedBlock) * padded, variances: lines * samples)
    combineChords(samples: samples, weights: weights)
    let (gaussians, variances, chords) = (scratch.gaussians, scratch.variances, scratch.chords)
    let (factor, stream) = (technology.noisePerSiemens, readNoise)
    workers.forEachBlock(of: lines, size: Self.sensedBlock) { range in
      let first = range.lowerBound * padded
      stream.fillGaussian(
        gaussians.part(first, range.count * padded), from: first, substream: draw)
      for line in range {
        let variance = variances.part(line * samples, samples)
        variance.update(repeating: 0)
        for term in 0..<terms {
          BufferKernels.add(
            UnsafeBufferPointer(chords.part(term * samples, samples)),
            times: Float(factor * totals[term * lines + line]), to: variance)
        }
        BufferKernels.addNoise(
          variance: UnsafeBufferPointer(variance),
          gaussian: UnsafeBufferPointer(gaussians.part(line * padded, samples)),
          to: currents.row(line))
      }
    }
  }

  /// Leaves the mean chord per basis function and sample in the first block of chords.
  private func combineChords(samples: Int, weights: UnsafeMutableBufferPointer<Double>) {
    let stride = basis.count * samples
    let blocks = (weights.count + Self.drivenBlock - 1) / Self.drivenBlock
    let weight = weights.reduce(0, +)
    let scale = weight > 0 ? Float(1 / weight) : 0
    for index in 0..<stride {
      var total: Float = 0
      for block in 0..<blocks { total += scratch.chords[block * stride + index] }
      scratch.chords[index] = total * scale
    }
  }
}
