import CGSL

/// Versions of the libraries that numbers come from, for manifests.
package enum LibraryVersions {
  /// The GNU Scientific Library's, such as "2.7.1".
  package static var gsl: String { String(cString: cgsl_version()) }
}
