import Primitives
import Testing

@testable import Keys

@Suite struct SignatureTests {
  let alice = KeyPair.development(name: "Alice")
  let bob = KeyPair.development(name: "Bob")
  let message = Array("seven rao to bob".utf8)

  @Test func aSignatureHoldsForItsSignerDomainAndBytesOnly() {
    let signature = alice.sign(.extrinsic, message)
    #expect(signature.verifies(.extrinsic, message, by: alice.account))
    #expect(!signature.verifies(.extrinsic, message, by: bob.account))
    for domain in SigningDomain.allCases where domain != .extrinsic {
      #expect(!signature.verifies(domain, message, by: alice.account))
    }
    #expect(!signature.verifies(.extrinsic, message + [0], by: alice.account))
    #expect(!signature.verifies(.extrinsic, [], by: alice.account))
  }

  @Test func everyAlteredBitOfASignatureIsRefused() throws {
    let signature = alice.sign(.envelope, message)
    for bit in 0..<Signature.count * 8 {
      var bytes = signature.bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(try !#require(Signature(bytes)).verifies(.envelope, message, by: alice.account))
    }
  }

  @Test func theTagStandsBeforeTheExactBytes() {
    let signature = alice.sign(.extrinsic, message)
    #expect(signature.verifies(untagged: Array("tx/1".utf8) + message, by: alice.account))
    #expect(!signature.verifies(untagged: message, by: alice.account))
  }

  @Test func noTagIsTheBeginningOfAnother() {
    for first in SigningDomain.allCases {
      for second in SigningDomain.allCases where first != second {
        #expect(!second.tag.starts(with: first.tag))
      }
    }
  }

  @Test func onlySixtyFourBytesAreASignature() {
    for count in [0, 1, 32, 63, 65, 128] {
      #expect(Signature([UInt8](repeating: 7, count: count)) == nil)
    }
    let bytes = alice.sign(.block, message).bytes
    #expect(Signature(bytes)?.bytes == bytes)
  }

  @Test(arguments: SignatureVector.rfc8032.indices)
  func theVectorsOfTheStandardAreSignedBitForBit(index: Int) throws {
    let (seed, vector) = SignatureVector.rfc8032[index]
    let pair = try #require(KeyPair(seed: SecretBytes([UInt8](hex: seed)!)))
    let signature = pair.sign(untagged: [UInt8](hex: vector.message)!)
    #expect(pair.account.description == vector.key)
    #expect(signature.description == vector.signature)
    #expect(signature.verifies(untagged: [UInt8](hex: vector.message)!, by: pair.account))
  }

  @Test(arguments: SignatureVector.speccheck + SignatureVector.wycheproof)
  func disputedSignaturesGetThePinnedVerdict(vector: SignatureVector) throws {
    let signature = try #require(Signature([UInt8](hex: vector.signature)!))
    let signer = try #require(AccountID([UInt8](hex: vector.key)!))
    #expect(signature.verifies(untagged: [UInt8](hex: vector.message)!, by: signer) == vector.isValid)
  }

  @Test func addingTheGroupOrderToSGivesNoSecondSignature() throws {
    for number in UInt8(0)..<32 {
      let signature = alice.sign(.extrinsic, [number])
      let sum = adding(PublicKeyRules.groupOrder, to: signature.s.bytes)
      let second = try #require(Signature(signature.r.bytes + sum))
      #expect(!PublicKeyRules.isCanonical(scalar: second.s))
      #expect(!second.verifies(.extrinsic, [number], by: alice.account))
    }
  }

  @Test func theIdentityKeySignsNothing() throws {
    // With the identity as key, S = 0 and R = identity satisfy the bare equation for every message.
    let identity = try #require(AccountID([UInt8](hex: SignatureVector.one)!))
    let signature = try #require(Signature([UInt8](hex: SignatureVector.one + SignatureVector.zero)!))
    for domain in SigningDomain.allCases { #expect(!signature.verifies(domain, message, by: identity)) }
  }

  private func adding(_ left: [UInt8], to right: [UInt8]) -> [UInt8] {
    var carry = 0
    return zip(left, right).map { pair in
      carry += Int(pair.0) + Int(pair.1)
      defer { carry >>= 8 }
      return UInt8(carry & 0xFF)
    }
  }
}

@Suite struct PublicKeyRulesTests {
  private static let ff = String(repeating: "f", count: 60)

  private static let smallOrderYs: [String] = [
    SignatureVector.zero,
    SignatureVector.one,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ec" + ff + "7f",
    "ed" + ff + "7f",
    "ee" + ff + "7f",
  ]

  /// Every encoding of the eight points of small order, canonical or not, with either sign.
  static let smallOrder: [String] = smallOrderYs + smallOrderYs.map(negated)

  private static func negated(_ key: String) -> String {
    var bytes = [UInt8](hex: key)!
    bytes[31] |= 0x80
    return bytes.hex
  }

  @Test(arguments: smallOrder)
  func pointsOfSmallOrderAreNoAccounts(key: String) throws {
    #expect(try !PublicKeyRules.isAcceptable(#require(AccountID([UInt8](hex: key)!))))
  }

  @Test func formsAtOrAboveTheFieldPrimeAreNoAccounts() throws {
    for low in UInt8(0xED)...0xFF {
      for top: UInt8 in [0x7F, 0xFF] {
        let bytes = [low] + [UInt8](repeating: 0xFF, count: 30) + [top]
        #expect(try !PublicKeyRules.isAcceptable(#require(AccountID(bytes))))
      }
    }
  }

  @Test func theLargestCanonicalFormThatIsNotSmallIsAccepted() throws {
    let bytes = [0xEB] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    #expect(try PublicKeyRules.isAcceptable(#require(AccountID(bytes))))
  }

  @Test func ordinaryAndDerivedAccountsAreAccepted() {
    #expect(PublicKeyRules.isAcceptable(KeyPair.development(name: "Alice").account))
    #expect(PublicKeyRules.isAcceptable(.burnAccount))
    for netuid in UInt16(0)..<64 { #expect(PublicKeyRules.isAcceptable(.subnetAccount(of: NetUID(netuid)))) }
  }

  @Test func theScalarBoundIsTheGroupOrderExactly() throws {
    #expect(PublicKeyRules.isCanonical(scalar: .zero))
    #expect(try PublicKeyRules.isCanonical(scalar: #require(Bytes32(hex: SignatureVector.orderMinusOne))))
    #expect(try !PublicKeyRules.isCanonical(scalar: #require(Bytes32(hex: SignatureVector.order))))
    #expect(try !PublicKeyRules.isCanonical(scalar: #require(Bytes32([UInt8](repeating: 0xFF, count: 32)))))
  }
}

@Suite struct SignatureCheckTests {
  @Test(arguments: [0, 1, 31, 32, 33, 64, 65, 300])
  func manyVerdictsComeInTheOrderOfTheChecks(count: Int) async throws {
    let alice = KeyPair.development(name: "Alice")
    let bob = KeyPair.development(name: "Bob")
    let checks = (0..<count).map { number in
      let bytes = [UInt8(number & 0xFF), UInt8(number >> 8)]
      let signer = number % 7 == 3 ? bob : alice
      return SignatureCheck(
        signature: signer.sign(.extrinsic, bytes), domain: .extrinsic, bytes: bytes, signer: alice.account)
    }
    let verdicts = await SignatureCheck.verifyAll(checks)
    #expect(verdicts == (0..<count).map { $0 % 7 != 3 })
  }

  @Test func chunksNeverFallBelowTheFloor() {
    #expect(SignatureCheck.chunkCount(of: 10, processors: 64) == 32)
    #expect(SignatureCheck.chunkCount(of: 4096, processors: 2) == 512)
    #expect(SignatureCheck.chunkCount(of: 4097, processors: 2) == 513)
  }
}
