// The names are those of the C header.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import ArrayOperations
import CCrossbarGAN
import Calibration
import Crossbars
import Failures
import Foundation
import Mathematics
import NoiseSources

/// A noise source behind a handle: bits and latent numbers are sequences of their own.
private struct OpenNoise {
  let specification: NoiseSpecification
  let conditions: (_ purpose: String) -> NoiseConditions
  var bits: BitStream?
  var latents: (any NoiseSource)?
  var ledger = EnergyLedger()
}

private typealias Guard = Guarded<OpenNoise>

@c @implementation
public func cgan_noise_open(
  _ source: UnsafePointer<CChar>?, _ calibration: UnsafePointer<CChar>?, _ seed: UInt64,
  _ deviceSeed: UInt64, _ keepsGoing: Int32, _ noise: UnsafeMutablePointer<UInt64>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let handle = try present(noise, "noise")
    handle.pointee = 0
    let specification = try NoiseSpecification(parsing: try text(source, "source"))
    let device = try Calibration.load(try text(calibration, "calibration")).device
    let open = OpenNoise(specification: specification) { purpose in
      var conditions = NoiseConditions(
        device: device, seed: seed, deviceSeed: deviceSeed, purpose: purpose)
      conditions.keepsGoing = keepsGoing != 0
      return conditions
    }
    handle.pointee = Registry.add(Guard(open))
  }
}

@c @implementation
public func cgan_noise_bits(
  _ noise: UInt64, _ count: Int, _ bytes: UnsafeMutablePointer<UInt8>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let count = try CInterface.count(of: count, at: "bits")
    try Registry.object(noise, as: Guard.self).use { open throws(Failure) in
      let target = try present(bytes, "bytes")
      let conditions = open.conditions("bits")
      var stream: BitStream
      if let begun = open.bits {
        stream = begun
      } else {
        stream = try BitStream(
          try open.specification.bitSource(conditions), keepsGoing: conditions.keepsGoing)
        stream.start(ledger: &open.ledger)
      }
      open.bits = nil
      for (index, byte) in try stream.bytes(count, ledger: &open.ledger).enumerated() {
        target[index] = byte
      }
      open.bits = stream
    }
  }
}

@c @implementation
public func cgan_noise_latent(
  _ noise: UInt64, _ count: Int, _ numbers: UnsafeMutablePointer<Float>?,
  _ problem: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  reporting(problem) { () throws(Failure) in
    let count = try CInterface.count(of: count, at: "numbers")
    try Registry.object(noise, as: Guard.self).use { open throws(Failure) in
      let target = try present(numbers, "numbers")
      var source: any NoiseSource
      if let begun = open.latents {
        source = begun
      } else {
        source = try open.specification.latentSource(
          open.conditions("training"), encoding: LatentEncoding())
        source.restart(at: 0)
      }
      var latent = Matrix(rows: 1, columns: count)
      try source.fill(&latent, ledger: &open.ledger)
      for (index, value) in latent.elements.enumerated() { target[index] = value }
      open.latents = source
    }
  }
}
