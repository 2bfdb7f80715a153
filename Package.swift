// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Instruction-set flags for the numerical kernels.
///
/// Swift targets the oldest x86-64 by default, which quarters the width of every SIMD loop. The
/// processor that builds is the processor that runs: code is made for it, and results are the same
/// bits, because nothing in the sources depends on the width of a register.
/// `CROSSBAR_GAN_CPU=baseline` builds for any processor, another value is handed to `-march=` as it
/// is. All Swift targets share one setting because SIMD types cross modules.
let instructionSet: [String] = {
  let requested = ProcessInfo.processInfo.environment["CROSSBAR_GAN_CPU"]
  if requested == "baseline" { return [] }
  if let requested { return ["-Xcc", "-march=\(requested)"] }
  #if arch(x86_64)
    return ["-Xcc", "-march=native"]
  #else
    return []
  #endif
}()

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
  .unsafeFlags(instructionSet),
]

let tomlKit: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")
let database: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(
  _ subject: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: subject + "Tests", dependencies: dependencies + [.target(name: "_TestSupport")],
    exclude: exclude, swiftSettings: swiftSettings)
}

let package = Package(
  name: "crossbar-gan",
  products: [.executable(name: "crossbar-gan", targets: ["crossbar-gan"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Debian libraries. C targets hide the vendor's header behind a few plain functions; OpenBLAS
    // and GSL both declare CBLAS and cannot be imported side by side.
    .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("openblas")]),
    .target(name: "CPCRE2", linkerSettings: [.linkedLibrary("pcre2-8")]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
    .target(name: "CSuiteSparse", linkerSettings: [.linkedLibrary("cholmod")]),
    .target(name: "CProcessor"),

    // Imports point upwards in this list only.
    module("Failures", []),
    module("Files", ["Failures", "CPCRE2", "CZlib", tomlKit]),
    module("Mathematics", ["Failures", "COpenBLAS", "CGSL", "CProcessor"]),
    module("Devices", ["Failures", "Mathematics"]),
    module("Calibration", ["Failures", "Files", "Devices"]),
    module("NodalAnalysis", ["Failures", "Mathematics", "Devices", "CSuiteSparse"]),
    module("Statistics", ["Failures", "Mathematics"]),
    module("Reports", ["Failures", "Files"]),
    module("MeasuredTables", ["Failures", "Files", "CZlib"]),
    module(
      "VirtualLaboratory",
      [
        "Failures", "Mathematics", "Statistics", "Reports", "Devices", "Calibration",
        "NodalAnalysis",
      ]),
    module(
      "Fitting",
      [
        "Failures", "Files", "Mathematics", "Statistics", "Reports", "MeasuredTables", "Devices",
        "Calibration", "NodalAnalysis",
      ]),
    module("Crossbars", ["Failures", "Mathematics", "Devices", "NodalAnalysis", "CProcessor"]),
    module("DigitalNetworks", ["Failures", "Mathematics"]),
    module(
      "NoiseSources", ["Failures", "Files", "Mathematics", "Devices", "Crossbars"]),
    module(
      "Networks",
      ["Failures", "Mathematics", "Devices", "Crossbars", "NoiseSources", "DigitalNetworks"]),
    module(
      "HardwareEstimates", ["Failures", "Files", "Devices", "Crossbars", "Networks"]),
    module("Images", ["Failures", "Files", "Mathematics", "CPNG"]),
    module(
      "Evaluation", ["Failures", "Files", "Mathematics", "DigitalNetworks", "Images"]),
    module(
      "Runs",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "Crossbars", "NoiseSources",
        "DigitalNetworks", "Networks", "Images", "Evaluation",
      ]),
    module(
      "Studies",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "Crossbars", "Networks",
        "Images", "Evaluation", "Runs", database,
      ]),
    module(
      "Commands",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "NodalAnalysis", "Crossbars",
        "NoiseSources", "Networks", "Images", "Evaluation", "Runs", "Statistics", "MeasuredTables",
        "VirtualLaboratory", "Fitting", "Studies", "HardwareEstimates", argumentParser,
      ]),
    .executableTarget(
      name: "crossbar-gan", dependencies: ["Commands"], swiftSettings: swiftSettings),

    // Shared by the test targets: fixtures, statistics, the location of data that is not committed.
    module("_TestSupport", ["Failures", "Files", "Mathematics"]),
    tests("Files", ["Failures", "Files", "CZlib"]),
    tests("Mathematics", ["Failures", "Mathematics"]),
    tests("Devices", ["Failures", "Mathematics", "Devices"]),
    tests("Calibration", ["Failures", "Files", "Devices", "Calibration"]),
    tests(
      "NodalAnalysis", ["Failures", "Mathematics", "Devices", "NodalAnalysis"],
      exclude: ["Fixtures"]),
    tests("Crossbars", ["Failures", "Mathematics", "Devices", "Calibration", "Crossbars"]),
    tests(
      "Networks",
      [
        "Failures", "Mathematics", "Devices", "Calibration", "Crossbars", "NoiseSources",
        "DigitalNetworks", "Networks",
      ]),
    tests(
      "HardwareEstimates",
      ["Failures", "Files", "Calibration", "Networks", "HardwareEstimates"]),
    tests("Images", ["Failures", "Files", "Mathematics", "Images"]),
    tests("DigitalNetworks", ["Failures", "Mathematics", "DigitalNetworks"]),
    tests(
      "Evaluation",
      ["Failures", "Files", "Mathematics", "DigitalNetworks", "Images", "Evaluation"]),
    tests(
      "Runs",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "Crossbars", "Networks",
        "Images", "Evaluation", "Runs",
      ]),
    tests("Statistics", ["Failures", "Mathematics", "Statistics"]),
    tests("MeasuredTables", ["Failures", "Files", "MeasuredTables"]),
    tests(
      "Fitting",
      [
        "Failures", "Files", "Mathematics", "Statistics", "MeasuredTables", "Devices",
        "Calibration", "NodalAnalysis", "VirtualLaboratory", "Fitting",
      ]),
    tests(
      "NoiseSources",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "Crossbars", "NoiseSources",
      ]),
    tests("Studies", ["Failures", "Files", "NoiseSources", "Networks", "Runs", "Studies"]),
    tests(
      "Commands", ["Failures", "Files", "Commands", "crossbar-gan"], exclude: ["Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)

// Benchmarks are built only on request: CROSSBAR_GAN_BENCHMARKS=1 swift run -c release kernels
if ProcessInfo.processInfo.environment["CROSSBAR_GAN_BENCHMARKS"] != nil {
  package.targets.append(
    .executableTarget(
      name: "kernels",
      dependencies: ["Failures", "Mathematics", "Devices", "Calibration", "Crossbars"],
      path: "Benchmarks/Kernels", swiftSettings: swiftSettings))
}
