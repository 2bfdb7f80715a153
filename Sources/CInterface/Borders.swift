import Failures
import Foundation
import Mathematics

typealias CText = UnsafePointer<CChar>
typealias TextOut = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// Carries out a function of the interface: its code, and the sentence of a failure.
func reporting(_ problem: TextOut?, _ body: () throws(Failure) -> Void) -> Int32 {
  problem?.pointee = nil
  do throws(Failure) {
    try body()
    return 0
  } catch {
    problem?.pointee = strdup(error.description)
    return error.kind.rawValue
  }
}

/// The text of an argument that must be there, in UTF-8.
func text(_ argument: CText?, _ name: String) throws(Failure) -> String {
  guard let text = String(validatingCString: try present(argument, name)) else {
    throw Failure(.usage, at: name, "is no UTF-8 text")
  }
  return text
}

/// An argument that must not be NULL.
func present<Argument>(_ argument: Argument?, _ name: String) throws(Failure) -> Argument {
  guard let argument else { throw Failure(.usage, at: name, "is NULL") }
  return argument
}

/// Elements of an array at most: more is a slip of the caller.
private let mostElements = 1 << 34

/// The product of extents, which must not be zero.
func count(of extents: Int..., at name: String) throws(Failure) -> Int {
  guard let count = Int.product(extents), count > 0, count <= mostElements else {
    throw Failure(
      .usage, at: name,
      "\(extents.map(String.init).joined(separator: " × ")) is no number of elements",
      remedy: "one or more, and not beyond memory")
  }
  return count
}

/// The values of an argument that holds `count` numbers, none of them undefined.
///
/// - Throws: ``Failure`` of kind `badData` for NaN, and infinities unless they are allowed.
func numbers<Number: BinaryFloatingPoint>(
  _ argument: UnsafePointer<Number>?, _ count: Int, _ name: String
) throws(Failure) -> UnsafeBufferPointer<Number> {
  let values = UnsafeBufferPointer(start: try present(argument, name), count: count)
  // A sum tells at once whether all are finite; only then is the culprit looked for.
  var sum: Number = 0
  for value in values { sum += value * 0 }
  if sum != 0, let index = values.firstIndex(where: { !$0.isFinite }) {
    throw Failure(
      .badData, at: name, "number \(index + 1) is \(values[index]), expected a finite one")
  }
  return values
}

/// All threads of the machine.
let allWorkers = Workers(count: ProcessInfo.processInfo.activeProcessorCount)
