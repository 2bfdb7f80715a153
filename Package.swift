// swift-tools-version: 6.3
import Foundation
import PackageDescription

/// Whether another package depends on this one by a version: SwiftPM then refuses unsafe flags, and
/// checks every package out into a folder of this name.
let isDependency = Context.packageDirectory.contains("/checkouts/")

/// Instruction-set flags for the numerical kernels.
///
/// Swift targets the oldest x86-64 by default, which quarters the width of every SIMD loop. The
/// processor that builds is the processor that runs: code is made for it, and results are the same
/// bits, because nothing in the sources depends on the width of a register.
/// `CROSSBAR_GAN_CPU=baseline` builds for any processor, another value is handed to `-march=` as it
/// is. All Swift targets share one setting because SIMD types cross modules. A dependency is built
/// without any, for whatever processor the depending package chooses (`-Xcc -march=native`).
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

let swiftSettings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (isDependency ? [] : [.treatAllWarnings(as: .error), .unsafeFlags(instructionSet)])

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
    name: subject + "Tests", dependencies: dependencies,
    exclude: exclude, swiftSettings: swiftSettings)
}

let package = Package(
  name: "crossbar-gan",
  products: [
    .executable(name: "crossbar-gan", targets: ["crossbar-gan"]),
    .library(name: "CrossbarGAN", targets: ["CrossbarGAN"]),
    .library(name: "crossbargan", type: .dynamic, targets: ["CInterface"]),
  ],
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
    .target(name: "CHDF5", linkerSettings: [.linkedLibrary("hdf5_serial")]),
    .target(name: "CMatio", linkerSettings: [.linkedLibrary("matio")]),
    .target(name: "CIsolation"),
    .target(name: "CSuiteSparse", linkerSettings: [.linkedLibrary("cholmod")]),
    .target(name: "CProcessor"),
    // The header of CInterface, which the compiler holds its functions against.
    .target(name: "CCrossbarGAN"),

    // Imports point upwards in this list only.
    module("Failures", []),
    module("Files", ["Failures", "CZlib", "CPCRE2", tomlKit]),
    module("Mathematics", ["Failures", "CGSL", "COpenBLAS", "CProcessor"]),
    module("Devices", ["Failures", "Mathematics"]),
    module("Calibration", ["Failures", "Files", "Devices"]),
    module("ArrayOperations", ["Devices"]),
    module("NodalAnalysis", ["Failures", "Mathematics", "Devices", "CSuiteSparse"]),
    module("Statistics", ["Failures", "Mathematics"]),
    module("Reports", ["Failures", "Files", "CPNG"]),
    module(
      "MeasuredTables",
      ["Failures", "Files", "Mathematics", "CZlib", "CHDF5", "CMatio", "CIsolation"]),
    module(
      "VirtualLaboratory",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "NodalAnalysis",
        "Statistics", "Reports", "MeasuredTables", "CHDF5", "CMatio",
      ]),
    module(
      "FitResults",
      ["Failures", "Files", "Devices", "Calibration", "Statistics", "MeasuredTables"]),
    module(
      "StaticFits",
      [
        "Failures", "Files", "Mathematics", "Devices", "NodalAnalysis", "Statistics", "Reports",
        "MeasuredTables", "FitResults",
      ]),
    module(
      "DynamicFits",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "Statistics",
        "MeasuredTables", "FitResults", "StaticFits",
      ]),
    module(
      "NoiseFits", ["Failures", "Mathematics", "Statistics", "MeasuredTables", "FitResults"]),
    module(
      "Crossbars",
      ["Failures", "Mathematics", "Devices", "ArrayOperations", "NodalAnalysis", "CProcessor"]),
    module("DigitalNetworks", ["Mathematics"]),
    module("NoiseSources", ["Failures", "Files", "Mathematics", "Devices", "ArrayOperations"]),
    module(
      "Networks",
      [
        "Failures", "Files", "Mathematics", "Devices", "ArrayOperations", "Crossbars",
        "DigitalNetworks", "NoiseSources",
      ]),
    module("HardwareEstimates", ["Failures", "Files", "Devices", "Crossbars", "Networks"]),
    module("Images", ["Failures", "Files", "Mathematics", "Reports"]),
    module("Evaluation", ["Failures", "Files", "Mathematics", "DigitalNetworks"]),
    module(
      "Runs",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "ArrayOperations", "Reports",
        "Crossbars", "DigitalNetworks", "NoiseSources", "Networks", "Images", "Evaluation",
      ]),
    module(
      "Studies",
      [
        "Failures", "Files", "Mathematics", "Calibration", "ArrayOperations", "Reports", "Networks",
        "Images", "Runs", database,
      ]),
    module(
      "Commands",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "ArrayOperations",
        "NodalAnalysis", "Statistics", "Reports", "MeasuredTables", "VirtualLaboratory",
        "FitResults", "StaticFits", "DynamicFits", "NoiseFits", "Crossbars", "NoiseSources",
        "Networks", "HardwareEstimates", "Images", "Evaluation", "Runs", "Studies", argumentParser,
      ]),
    module(
      "CrossbarGAN",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "ArrayOperations",
        "NodalAnalysis", "Reports", "Crossbars", "Networks", "Runs",
      ]),
    module(
      "CInterface",
      [
        "Failures", "Files", "Mathematics", "Devices", "Calibration", "ArrayOperations",
        "NodalAnalysis", "Reports", "Crossbars", "NoiseSources", "Networks", "Runs", "Commands",
        "CCrossbarGAN",
      ]),
    .executableTarget(
      name: "crossbar-gan", dependencies: ["Commands", "CProcessor"],
      swiftSettings: swiftSettings),

    // Shared by the test targets: fixtures, statistics, the location of data that is not committed.
    module("_TestSupport", []),
    tests("Architecture", []),
    tests("Files", ["Failures", "Files", "_TestSupport", "CZlib"]),
    tests("Mathematics", ["Failures", "Mathematics", "_TestSupport"]),
    tests("CInterface", ["CCrossbarGAN", "CInterface"]),
    tests("Devices", ["Devices"]),
    tests("Calibration", ["Failures", "Files", "Devices", "Calibration", "_TestSupport"]),
    tests(
      "NodalAnalysis", ["Failures", "Mathematics", "Devices", "NodalAnalysis", "_TestSupport"],
      exclude: ["Fixtures"]),
    tests(
      "Crossbars",
      [
        "Failures", "Mathematics", "Devices", "Calibration", "ArrayOperations", "NodalAnalysis",
        "Crossbars", "_TestSupport",
      ]),
    tests(
      "Networks",
      [
        "Failures", "Mathematics", "Devices", "Calibration", "ArrayOperations", "Crossbars",
        "Networks",
      ]),
    tests(
      "HardwareEstimates",
      ["Failures", "Files", "Calibration", "Crossbars", "Networks", "HardwareEstimates"]),
    tests("Images", ["Failures", "Files", "Mathematics", "Images", "_TestSupport"]),
    tests("DigitalNetworks", ["Mathematics", "DigitalNetworks"]),
    tests("Evaluation", ["Failures", "Files", "Mathematics", "Evaluation", "_TestSupport"]),
    tests(
      "Runs",
      [
        "Failures", "Files", "Mathematics", "Calibration", "ArrayOperations", "Reports",
        "Crossbars", "Networks", "Images", "Runs", "_TestSupport",
      ]),
    tests("Statistics", ["Failures", "Mathematics", "Statistics"]),
    tests("Reports", ["Reports", "_TestSupport"]),
    tests(
      "MeasuredTables", ["Failures", "Files", "MeasuredTables", "CIsolation", "_TestSupport"]),
    tests(
      "VirtualLaboratory",
      ["Failures", "Devices", "Calibration", "MeasuredTables", "VirtualLaboratory", "_TestSupport"]),
    tests(
      "Fitting",
      [
        "Failures", "Mathematics", "Devices", "Calibration", "NodalAnalysis", "Statistics",
        "MeasuredTables", "VirtualLaboratory", "FitResults", "StaticFits", "DynamicFits",
        "NoiseFits", "_TestSupport",
      ]),
    tests(
      "NoiseSources",
      [
        "Failures", "Mathematics", "Devices", "Calibration", "ArrayOperations", "NoiseSources",
        "_TestSupport",
      ]),
    tests(
      "Studies",
      [
        "Failures", "Files", "Reports", "NoiseSources", "Networks", "Runs", "Studies",
        "_TestSupport",
      ]),
    tests("CrossbarGAN", ["CrossbarGAN", "_TestSupport"]),
    tests(
      "Commands", ["Files", "Commands", "_TestSupport", "crossbar-gan"], exclude: ["Fixtures"]),
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

// Fuzzing, see Tests/Fuzz/run: the parsers behind libFuzzer, which needs its own build folder.
if ProcessInfo.processInfo.environment["CROSSBAR_GAN_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CFuzzer", "Failures", "Files", "Calibration", "MeasuredTables", "NoiseSources", "Reports",
        "Images", "Runs", "Studies",
      ],
      path: "Tests/Fuzz/Driver", swiftSettings: swiftSettings),
  ]
}
