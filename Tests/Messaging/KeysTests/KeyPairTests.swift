import Primitives
import Testing

@testable import Keys

@Suite struct KeyPairTests {
  @Test func developmentKeysAreTheSameEverywhere() {
    let seed = Hash256(hashing: Array("subnetkit-development-key/1Alice".utf8))
    let alice = KeyPair.development(name: "Alice")
    #expect(alice.account == KeyPair(seed: SecretBytes(seed.bytes))?.account)
    #expect(alice.account == KeyPair(developmentReference: "//Alice")?.account)
    #expect(alice.account != KeyPair.development(name: "alice").account)
    #expect(alice.isDevelopment)
    #expect(alice.developmentName == "Alice")
  }

  @Test(arguments: ["", "/", "//", "Alice", "/Alice", "//Al ice", "//Alice/x", "//Ä", "//a\0", "// Alice"])
  func otherTextsNameNoDevelopmentKey(text: String) {
    #expect(KeyPair(developmentReference: text) == nil)
  }

  @Test func aDevelopmentNameHasAtMostSixtyFourBytes() {
    #expect(KeyPair(developmentReference: "//" + String(repeating: "a", count: 64)) != nil)
    #expect(KeyPair(developmentReference: "//" + String(repeating: "a", count: 65)) == nil)
  }

  @Test func onlyThirtyTwoBytesAreASeed() {
    for count in [0, 31, 33, 64] { #expect(KeyPair(seed: SecretBytes([UInt8](repeating: 1, count: count))) == nil) }
  }

  @Test func generatedKeysDifferAndAreNotForDevelopment() {
    let first = KeyPair.generate()
    #expect(first.account != KeyPair.generate().account)
    #expect(!first.isDevelopment)
    #expect(PublicKeyRules.isAcceptable(first.account))
  }

  @Test func theSeedGivesThePairBack() {
    let pair = KeyPair.generate()
    #expect(KeyPair(seed: pair.seed())?.account == pair.account)
  }

  @Test func theFourAccountsOfALocalNetworkDiffer() {
    #expect(DevelopmentAccount.allCases.map(\.reference) == ["//owner", "//validator", "//miner", "//faucet"])
    #expect(Set(DevelopmentAccount.allCases.map(\.account)).count == 4)
    #expect(DevelopmentAccount.owner.account == KeyPair(developmentReference: "//owner")?.account)
  }

  @Test func noDescriptionShowsASecret() {
    let seed = (0..<32).map { UInt8(0xA0 + $0) }
    let secret = SecretBytes(seed)
    let pair = KeyPair(seed: secret)!
    let curve = CurveKeyPair(converting: pair)
    let curveSecret = curve.withSecret { Array($0) }
    var dumped = ""
    for value in [secret, pair, curve, pair.seed()] as [Any] {
      dumped += "\(value) \(String(reflecting: value)) "
      dump(value, to: &dumped)
    }
    #expect(dumped.contains(pair.account.address))
    for bytes in [seed, curveSecret] {
      #expect(!dumped.contains(bytes.hex) && !dumped.contains(bytes.hex.prefix(16)))
      #expect(!dumped.contains(bytes.prefix(8).map(String.init).joined(separator: ", ")))
    }
    #expect("\(KeyPair.development(name: "Alice"))".contains("unsafe development key //Alice"))
  }
}

@Suite struct SecretBytesTests {
  @Test func hexadecimalTextGoesThereAndBack() throws {
    let secret = SecretBytes([0, 1, 0xAB, 0xFF])
    let text = secret.hexEncoded()
    #expect(text.withBytes { String(decoding: $0, as: UTF8.self) } == "0001abff")
    let parsed = try #require(text.withBytes { SecretBytes(hex: $0) })
    #expect(parsed.withBytes { Array($0) } == [0, 1, 0xAB, 0xFF])
  }

  @Test(arguments: ["", "0", "0g", "AB", "00 1", "0x00", "00\n0"])
  func otherTextsAreNoHexadecimalSecret(text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { SecretBytes(hex: $0) } == nil)
  }

  @Test func randomBytesDifferEachTime() {
    let first = SecretBytes.random(count: 32).withBytes { Array($0) }
    #expect(first != SecretBytes.random(count: 32).withBytes { Array($0) })
    #expect(SecureRandom.bytes(count: 16) != SecureRandom.bytes(count: 16))
    #expect(SecureRandom.bytes(count: 0).isEmpty)
    #expect(SecureRandom.number() != SecureRandom.number())
  }

  @Test func theLibraryMayBeMetFirstByManyTasksAtOnce() async {
    let digests = await withTaskGroup(of: Hash256.self) { group in
      for _ in 0..<64 { group.addTask { Hash256(hashing: [1, 2, 3]) } }
      return await group.reduce(into: Set<Hash256>()) { $0.insert($1) }
    }
    #expect(digests.count == 1)
  }
}

@Suite struct CurveKeyPairTests {
  @Test func anybodyWhoKnowsTheHotkeyKnowsTheTransportKey() {
    for _ in 0..<16 {
      let pair = KeyPair.generate()
      #expect(CurvePublicKey(converting: pair.account) == CurveKeyPair(converting: pair).publicKey)
    }
  }

  @Test func conversionEqualsThePublishedPair() throws {
    // The pair of libsodium's own test `ed25519_convert`.
    let seed = [UInt8](hex: "421151a459faeade3d247115f94aedae42318124095afabe4d1451a559faedee")!
    let pair = try #require(KeyPair(seed: SecretBytes(seed)))
    let curve = CurveKeyPair(converting: pair)
    #expect(curve.publicKey.description == "f1814f0e8ff1043d8a44d25babff3cedcae6c22c3edaa48f857ae70de2baae50")
    #expect(
      curve.withSecret { Array($0).hex } == "8052030376d47112be7f73ed7a019293dd12ad910b654455798b4667d73de166")
  }

  @Test func keysThatAreNoPointHaveNoTransportKey() throws {
    for key in PublicKeyRulesTests.smallOrder {
      #expect(try CurvePublicKey(converting: #require(AccountID([UInt8](hex: key)!))) == nil)
    }
    // y = 2 is on no point of the curve.
    #expect(try CurvePublicKey(converting: #require(AccountID([2] + [UInt8](repeating: 0, count: 31)))) == nil)
  }

  @Test func freshPairsDiffer() {
    #expect(CurveKeyPair.generate().publicKey != CurveKeyPair.generate().publicKey)
  }
}
