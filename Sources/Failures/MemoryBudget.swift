#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The one limit on how much memory a request may need, asked before anything is allocated.
///
/// A file can ask for more than any machine has. What would not fit is refused with a sentence
/// instead of the system's signal. The limit is the machine's memory, or what `ulimit -v` leaves of
/// it; the environment's `CROSSBAR_GAN_MEMORY`, in bytes or as `8G` or `500M`, replaces it.
package enum MemoryBudget {
  /// The variable that replaces the limit.
  package static let variable = "CROSSBAR_GAN_MEMORY"

  /// Bytes that may be used.
  package static let bytes: Double = {
    if let text = getenv(variable), let bytes = parsed(String(cString: text)) { return bytes }
    let pages = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
    let machine = pages > 0 ? pages : 0x1p33
    var limit = rlimit()
    guard getrlimit(addressSpace, &limit) == 0, limit.rlim_cur != rlim_t.max else { return machine }
    // Libraries and thread stacks take a part before anything is computed.
    return min(machine, max(0, Double(limit.rlim_cur) - 0x1p29))
  }()

  /// A number of bytes from `8000000000`, `500M` or `8G`; nil when it is none.
  package static func parsed(_ text: String) -> Double? {
    let factors: [Character: Double] = ["K": 0x1p10, "M": 0x1p20, "G": 0x1p30, "T": 0x1p40]
    let factor = text.last.flatMap { factors[Character($0.uppercased())] }
    guard let number = Double(factor == nil ? text : String(text.dropLast())), number > 0,
      number.isFinite
    else { return nil }
    return number * (factor ?? 1)
  }

  /// Refuses what needs more than the limit.
  ///
  /// - Parameters:
  ///   - needed: bytes, by a lower bound.
  ///   - what: what needs them, as the beginning of a sentence: `a 100 × 100 array`.
  /// - Throws: ``Failure`` of the kind given, `badData` by default.
  package static func check(
    _ needed: Double, for what: String, at place: String, kind: Failure.Kind = .badData,
    remedy: String? = nil
  ) throws(Failure) {
    guard !(needed <= bytes) else { return }
    throw Failure(
      kind, at: place,
      "\(what) needs \(spelled(needed)) of memory, \(spelled(bytes)) may be used",
      remedy: remedy ?? "ask for less, or raise \(variable)")
  }

  /// `1.5 GiB`.
  private static func spelled(_ bytes: Double) -> String {
    guard bytes.isFinite else { return "more than any amount" }
    let gibibytes = bytes / 0x1p30
    guard gibibytes < 1e6 else { return "over a million GiB" }
    let tenths = (gibibytes * 10).rounded()
    return tenths >= 1
      ? "\(tenths / 10) GiB" : "\((bytes / 0x1p20).rounded(.up)) MiB"
  }

  #if canImport(Glibc)
    private static let addressSpace = __rlimit_resource_t(RLIMIT_AS.rawValue)
  #else
    private static let addressSpace = RLIMIT_AS
  #endif
}
