import CFuzzer
import Foundation

// The target comes from the environment: libFuzzer starts itself anew with its own arguments.
let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
  print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
  exit(name.isEmpty ? 0 : 64)
}
let file = try ScratchFile(named: target.fileName)
FuzzTarget.chosen = (target, file)

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(LLVMFuzzerRunDriver(&count, &arguments, tryInput))
