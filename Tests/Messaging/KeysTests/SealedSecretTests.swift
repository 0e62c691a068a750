import Primitives
import Testing

@testable import Keys

@Suite(.serialized) struct SealedSecretTests {
  let secret = SecretBytes(Array(0..<32))
  let password = SecretBytes(Array("correct horse".utf8))
  let header = Array("role coldkey".utf8)

  private func sealed() throws -> SealedSecret {
    try SealedSecret(sealing: secret, password: password, header: header, cost: .least)
  }

  @Test func theRightPasswordOpens() throws {
    let opened = try sealed().open(password: password, header: header)
    #expect(opened.withBytes { Array($0) } == Array(0..<32))
  }

  @Test func aWrongPasswordOrHeaderDoesNotOpen() throws {
    let box = try sealed()
    #expect(throws: SealedSecretError.wrongPasswordOrAltered) {
      try box.open(password: SecretBytes(Array("correct hors".utf8)), header: header)
    }
    #expect(throws: SealedSecretError.wrongPasswordOrAltered) {
      try box.open(password: password, header: header + [0])
    }
    #expect(throws: SealedSecretError.emptyPassword) { try box.open(password: SecretBytes([]), header: header) }
    #expect(throws: SealedSecretError.emptyPassword) {
      try SealedSecret(sealing: secret, password: SecretBytes([]), header: header, cost: .least)
    }
  }

  @Test func alteredPartsDoNotOpen() throws {
    let box = try sealed()
    func altered(_ bytes: [UInt8], at index: Int) -> [UInt8] {
      var bytes = bytes
      bytes[index] ^= 1
      return bytes
    }
    let (cost, salt, nonce, ciphertext) = (box.cost, box.salt, box.nonce, box.ciphertext)
    let dearer = try #require(PasswordCost(passes: 3, memoryBytes: 64 << 20))
    let variants = [
      SealedSecret(cost: cost, salt: altered(salt, at: 15), nonce: nonce, ciphertext: ciphertext),
      SealedSecret(cost: cost, salt: salt, nonce: altered(nonce, at: 23), ciphertext: ciphertext),
      SealedSecret(cost: cost, salt: salt, nonce: nonce, ciphertext: altered(ciphertext, at: 0)),
      SealedSecret(cost: cost, salt: salt, nonce: nonce, ciphertext: altered(ciphertext, at: 47)),
      SealedSecret(cost: cost, salt: salt, nonce: nonce, ciphertext: Array(ciphertext.dropLast())),
      SealedSecret(cost: dearer, salt: salt, nonce: nonce, ciphertext: ciphertext),
    ]
    for variant in variants {
      let variant = try #require(variant)
      #expect(throws: SealedSecretError.wrongPasswordOrAltered) { try variant.open(password: password, header: header) }
    }
  }

  @Test func partsOfTheWrongLengthAreRefused() {
    let (salt, nonce) = ([UInt8](repeating: 0, count: 16), [UInt8](repeating: 0, count: 24))
    #expect(SealedSecret(cost: .least, salt: salt, nonce: nonce, ciphertext: salt) != nil)
    #expect(SealedSecret(cost: .least, salt: nonce, nonce: nonce, ciphertext: salt) == nil)
    #expect(SealedSecret(cost: .least, salt: salt, nonce: salt, ciphertext: salt) == nil)
    #expect(SealedSecret(cost: .least, salt: salt, nonce: nonce, ciphertext: Array(salt.dropLast())) == nil)
  }

  @Test func aCostOutsideItsBoundsIsNoCost() {
    #expect(PasswordCost(passes: 1, memoryBytes: 64 << 20) == nil)
    #expect(PasswordCost(passes: 2, memoryBytes: (64 << 20) - 1) == nil)
    #expect(PasswordCost(passes: 11, memoryBytes: 64 << 20) == nil)
    #expect(PasswordCost(passes: 2, memoryBytes: 100 << 30) == nil)
    #expect(PasswordCost(passes: .max, memoryBytes: .max) == nil)
    #expect(PasswordCost.moderate.memoryBytes == 256 << 20)
  }

  @Test func theSameSecretIsSealedDifferentlyEachTime() throws {
    let (first, second) = (try sealed(), try sealed())
    #expect(first.salt != second.salt && first.nonce != second.nonce && first.ciphertext != second.ciphertext)
  }
}
