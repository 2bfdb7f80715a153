import ArrayOperations
import Foundation
import Reports
import Runs
import Testing
import _TestSupport

@Suite("Manifest")
struct ManifestTests {
  private static let manifest: Manifest = {
    var ledger = EnergyLedger()
    ledger.forward = .nan
    var manifest = Manifest(
      configuration: ["run": ["epochs": 3, "noise": "gaussian"]], seed: 1 << 62,
      versions: ["crossbar-gan": "0"], calibrationHash: "c", trainingHash: "a", testHash: "b",
      start: "2025-01-01T00:00:00Z")
    manifest.status = .failed
    manifest.exitCode = 70
    manifest.reason = "so"
    manifest.completedEpochs = 2
    manifest.divergedEpoch = 1
    manifest.kernels = [
      KernelRecord(afterEpoch: 0, kernel: "Haswell", instructionSet: "AVX2"),
      KernelRecord(afterEpoch: 1, kernel: "SkylakeX", instructionSet: "AVX-512"),
    ]
    manifest.initialLedger = EnergyLedger()
    manifest.trainingLedger = ledger
    return manifest
  }()

  @Test func `A diverged run's manifest is JSON and says what null means`() throws {
    let data = Data(Self.manifest.json.document.utf8)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let ledger = try #require(object["ledger"] as? [String: [String: Any]])
    #expect(ledger["training"]?["energy_forward_J"] is NSNull)
    #expect(ledger["training"]?["reason"] is String)
    #expect(ledger["initial"]?["reason"] == nil)
    #expect(object["seed"] as? Int == 1 << 62)
  }

  @Test func `A manifest is read back without its ledger`() throws {
    let folder = try TemporaryFolder()
    try Self.manifest.write(to: folder.file("manifest.json"))
    var expected = Self.manifest
    expected.initialLedger = nil
    expected.trainingLedger = nil
    #expect(try Manifest(contentsOf: folder.file("manifest.json")) == expected)
  }
}
