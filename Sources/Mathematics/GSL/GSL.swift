import CGSL
import Failures

/// The border to the GNU Scientific Library: nothing outside this folder imports it.
enum GSL {
  /// Switches off GSL's error handler, which ends the process, before the first call.
  ///
  /// Every wrapper touches this; return codes are checked instead.
  static let errorHandlerIsOff: Void = { _ = gsl_set_error_handler_off() }()

  /// Turns a GSL return code into a failure that names the operation.
  static func check(_ code: Int32, _ operation: String) throws(Failure) {
    guard code != GSL_SUCCESS else { return }
    throw Failure(.internal, at: operation, String(cString: gsl_strerror(code)))
  }
}
