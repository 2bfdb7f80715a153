import Files
import Foundation
import Testing

/// SHA-256 against the examples of FIPS 180-4 and lengths around the padding's border.
@Suite struct ChecksumTests {
  @Test(
    "SHA-256",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func sha256(_ text: String, _ expected: String) {
    #expect(Checksum.sha256(Data(text.utf8)) == expected)
  }

  @Test("CRC-32 of the check string")
  func crc32() {
    #expect(Checksum.crc32(Data("123456789".utf8)) == 0xcbf4_3926)
  }
}
