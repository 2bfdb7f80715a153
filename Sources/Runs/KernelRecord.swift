import Mathematics
import Reports

/// What the matrix products of a run were computed with: their last bits depend on it, and a run by
/// pulses, which follows signs, ends elsewhere.
package struct KernelRecord: Equatable, Sendable {
  /// Epochs done before these kernels were used.
  package var afterEpoch: Int
  /// The BLAS's name for its kernels.
  package var kernel: String
  /// The widest vector instructions of the processor.
  package var instructionSet: String

  /// A record of what computes products in this process.
  package static func current(afterEpoch: Int) -> KernelRecord {
    KernelRecord(
      afterEpoch: afterEpoch, kernel: MatrixProduct.kernel,
      instructionSet: MatrixProduct.instructionSet)
  }

  package init(afterEpoch: Int, kernel: String, instructionSet: String) {
    self.afterEpoch = afterEpoch
    self.kernel = kernel
    self.instructionSet = instructionSet
  }

  /// Whether products have the same bits as another record's.
  func computesLike(_ other: KernelRecord) -> Bool {
    kernel == other.kernel && instructionSet == other.instructionSet
  }

  /// The kernel and the processor's instructions for people.
  var name: String { "\(kernel) (\(instructionSet))" }

  /// An entry of a manifest's `kernels`.
  var json: JSON {
    [
      "after_epoch": .integer(afterEpoch), "blas_kernel": .text(kernel),
      "instruction_set": .text(instructionSet),
    ]
  }

  /// Reads an entry back; nil when it is none.
  init?(_ json: JSON) {
    guard let epoch = json["after_epoch"]?.integer, let kernel = json["blas_kernel"]?.text,
      let instructionSet = json["instruction_set"]?.text
    else { return nil }
    self.init(afterEpoch: epoch, kernel: kernel, instructionSet: instructionSet)
  }
}
