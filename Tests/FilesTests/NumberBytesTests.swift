import Files
import Foundation
import Testing

/// Numbers in files, held against the C library.
@Suite struct NumberBytesTests {
  /// Bit patterns, spread over all exponents and over those of measured quantities.
  private var samples: [Double] {
    var generator = SystemLikeGenerator(state: 20_250_101)
    let anywhere = (0..<40_000).map { _ in Double(bitPattern: generator.next()) }
    let usual = (0..<40_000).map { _ in
      Double(bitPattern: generator.next() % (1 << 52) | (1023 - 60 + generator.next() % 120) << 52)
    }
    let edges = [
      0, -0.0, 0.5, 0.1, 1e23, 9_007_199_254_740_992, 1e22, Double.leastNonzeroMagnitude,
      1.7976931348623157e308,
    ]
    let halves = (0..<2000).map { Double($0) + 0.5 } + (0..<60).map { pow(2, Double($0) - 30) }
    return (anywhere + usual + edges + halves).filter(\.isFinite)
  }

  private struct SystemLikeGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private func parsed(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { NumberParser.number($0) }
  }

  @Test("Decimals are rounded as strtod rounds them, whatever their digits")
  func reading() {
    for value in samples {
      for text in [
        String(format: "%.16e", value), "\(value)", String(format: "%.18e", value),
        String(format: "%.5g", value), String(format: "%.24e", value),
      ] {
        #expect(parsed(text)?.bitPattern == strtod(text, nil).bitPattern, "\(text)")
      }
    }
    // Half way between two numbers, and a last digit to either side.
    for text in [
      "9007199254740993", "9007199254740992.9999", "9007199254740993.0001", "1125899906842624.125",
      "1125899906842624.375", "4503599627370496.5", "4503599627370497.5", "1e23", "8.5e22",
    ] {
      #expect(parsed(text) == strtod(text, nil), "\(text)")
    }
  }

  @Test("What is no number is none")
  func refusals() {
    for text in ["", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1 2", "12a", "--1"] {
      #expect(parsed(text) == nil, "\(text)")
    }
    #expect(parsed(" -.5 ") == -0.5)
    #expect(parsed("+5.") == 5)
    #expect(parsed("-0")?.sign == .minus)
    #expect(parsed("0000000000000000000000001.50") == 1.5)
  }

  @Test("17 digits are those that printf writes")
  func writing() {
    for value in samples + [.infinity, .nan] {
      var text: [UInt8] = []
      NumberPrinter.append(value, to: &text)
      #expect(String(decoding: text, as: UTF8.self) == String(format: "%.16e", value))
    }
  }
}
