import Mathematics
import Reports

/// Versions of the program and of what its numbers come from.
package enum Versions {
  /// The program's own version.
  package static let program = "0.1.0"

  /// The compiler this was built with, as far as a program can know its own.
  static let swift: String = {
    #if compiler(>=6.5)
      "6.5 or newer"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }()

  static var json: JSON {
    [
      "crossbar-gan": .text(program), "swift": .text(swift),
      "openblas": .text(MatrixProduct.library),
      "blas_kernel": .text(MatrixProduct.kernel),
      "instruction_set": .text(MatrixProduct.instructionSet), "gsl": .text(LibraryVersions.gsl),
    ]
  }
}
