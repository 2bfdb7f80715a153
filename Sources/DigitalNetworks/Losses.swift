import Foundation
package import Mathematics

/// Classification from logits: −ln softmax(x)[label].
package enum SoftmaxCrossEntropy {
  /// The summed loss of a batch; writes its derivative by the logits, softmax − one-hot.
  ///
  /// - Parameters:
  ///   - logits: classes × B.
  ///   - labels: the class of each column, below `logits.rows`.
  package static func loss(
    logits: Matrix, labels: some Collection<UInt8>, delta: inout Matrix
  ) -> Double {
    precondition(labels.count == logits.columns, "a label for every sample")
    delta = logits
    Softmax.apply(to: &delta)
    var loss = 0.0
    for (sample, label) in labels.enumerated() {
      // The smallest normal number keeps the loss finite where softmax underflows.
      loss -= log(max(Double(delta[Int(label), sample]), Double(Float.leastNormalMagnitude)))
      delta[Int(label), sample] -= 1
    }
    return loss
  }
}

/// Probabilities from logits.
package enum Softmax {
  /// Replaces every column x by e^x / Σ e^x, without overflow.
  package static func apply(to values: inout Matrix) {
    let columns = values.columns
    for sample in 0..<columns {
      var largest = -Float.infinity
      for row in 0..<values.rows { largest = max(largest, values[row, sample]) }
      var total: Float = 0
      for row in 0..<values.rows {
        let power = exp(values[row, sample] - largest)
        values[row, sample] = power
        total += power
      }
      for row in 0..<values.rows { values[row, sample] /= total }
    }
  }
}

/// Two-way classification from one logit: −ln σ(x) for target 1, −ln(1 − σ(x)) for target 0.
package enum LogisticLoss {
  /// Sums over a batch.
  package struct Sums: Equatable, Sendable {
    /// Σ of the samples' losses; not a mean.
    package var loss: Double
    /// Σ σ(x).
    package var probability: Double
  }

  /// Loss and probability of some samples; writes the derivative by their logits, σ(x) − target.
  ///
  /// The loss is max(x, 0) − target · x + ln(1 + e^−|x|), which neither overflows nor cancels.
  ///
  /// - Parameters:
  ///   - logits: 1 × B.
  ///   - columns: the samples concerned; all by default. Other columns of `delta` stay.
  package static func loss(
    logits: Matrix, target: Float, columns: Range<Int>? = nil, delta: inout Matrix
  ) -> Sums {
    precondition(logits.rows == 1 && delta.rows == 1 && delta.columns == logits.columns)
    var sums = Sums(loss: 0, probability: 0)
    for sample in columns ?? 0..<logits.columns {
      let x = Double(logits[0, sample])
      let power = exp(-abs(x))
      let probability = x >= 0 ? 1 / (1 + power) : power / (1 + power)
      sums.loss += max(x, 0) - Double(target) * x + log1p(power)
      sums.probability += probability
      delta[0, sample] = Float(probability - Double(target))
    }
    return sums
  }
}
