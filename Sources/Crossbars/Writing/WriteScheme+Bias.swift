package import ArrayOperations
import Devices
package import NodalAnalysis

extension WriteScheme {
  /// The same scheme for the solver of wired arrays.
  package var bias: BiasScheme { self == .half ? .half : .third }
}
