import Primitives
import Testing

@testable import Keys

@Suite struct HashTests {
  // RFC 7693 gives BLAKE2b-512 of "abc"; the 256-bit digests are those of its reference code.
  @Test func knownDigestsComeOut() {
    #expect(
      Hash256(hashing: []).description == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
    #expect(
      Hash256(hashing: Array("abc".utf8)).description
        == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
  }

  @Test func theWideDigestEqualsTheStandard() {
    var hasher = Blake2bHasher(digestCount: 64)
    hasher.update(Array("abc".utf8))
    #expect(
      hasher.finishBytes().hex == "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")
  }

  @Test func theCutsBetweenPiecesDoNotMatter() {
    let bytes = (0..<1000).map { UInt8($0 % 251) }
    let whole = Hash256(hashing: bytes)
    for cut in [0, 1, 127, 128, 129, 500, 999, 1000] {
      #expect(Hash256(hashing: Array(bytes[..<cut]), Array(bytes[cut...])) == whole)
    }
    #expect(bytes.withUnsafeBytes { Hash256(hashing: $0) } == whole)
    #expect(Hash256(hashing: bytes + [0]) != whole)
  }

  @Test func aClosureMayFeedTheHasher() {
    func feed(_ sink: ([UInt8]) -> Void) { for byte in UInt8(0)..<10 { sink([byte]) } }
    var hasher = Blake2bHasher()
    feed { hasher.update($0) }
    #expect(hasher.finish() == Hash256(hashing: Array(0..<10)))
  }

  @Test func derivedAccountsAreHashesOfTheirNames() {
    #expect(AccountID.burnAccount.key == Hash256(hashing: Array("burn-account/1".utf8)).value)
    #expect(
      AccountID.subnetAccount(of: NetUID(0x0102)).key
        == Hash256(hashing: Array("subnet-account/1".utf8) + [0x02, 0x01]).value)
    #expect(Set((UInt16(0)..<300).map { AccountID.subnetAccount(of: NetUID($0)) }).count == 300)
  }
}
