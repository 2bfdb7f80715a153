// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The run script beside this folder sets the address of a copy of the repository with a tag; in your
// own package it is the repository's address.
let address = ProcessInfo.processInfo.environment["CROSSBAR_GAN_REPOSITORY"] ?? "../../.."

let package = Package(
  name: "device-curve",
  dependencies: [.package(url: address, from: "0.2.0")],
  targets: [
    .executableTarget(
      name: "device-curve",
      dependencies: [.product(name: "CrossbarGAN", package: "crossbar-gan")])
  ]
)
