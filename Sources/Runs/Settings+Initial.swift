import Failures
import Files
import Networks
import Reports

/// Settings of weights that were trained elsewhere.
extension Setting {
  static let initialWeights: [Setting] = [
    Setting(
      section: "weights", key: "initial_file",
      summary: "safetensors file with initial weights, named as in PyTorch's state_dict",
      read: { configuration, table, key throws(Failure) in
        guard let path = try table.optionalString(key) else { return }
        guard !path.isEmpty else { throw table.failure(key, "is empty") }
        let file = RunPath.absolute(path)
        do throws(Failure) {
          configuration.plan.imported = try ImportedWeights(
            try SafetensorsFile.read(file), for: configuration.plan.networks, at: file)
        } catch {
          // The place becomes the option's or the key's; the file is said beside it.
          throw Failure(error.kind, at: file, "\(path): \(error.cause)", remedy: error.remedy)
        }
        configuration.initialFile = file
        configuration.initialHash = Checksum.sha256(try InputFile.bytes(of: file))
      }, value: { $0.initialFile.map(JSON.text) }
    ).option(
      "initial", "W.safetensors",
      help: "Initial weights, named as in PyTorch's state_dict: generator.0.weight and so on."),
    Setting(
      section: "weights", key: "initial_sha256", summary: "SHA-256 of that file",
      read: { configuration, table, key throws(Failure) in
        guard let hash = try table.optionalString(key) else { return }
        guard hash == configuration.initialHash else {
          throw table.failure(
            key, "weights.initial_file is another file now",
            remedy: "give the file that the run began with")
        }
      }, value: { $0.initialHash.map(JSON.text) }),
  ]
}
