import Primitives
import Testing

@testable import Keys

@Suite struct AddressTests {
  /// The development accounts that every Substrate tool prints.
  static let known = [
    (
      "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
      "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
    ),
    (
      "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48",
      "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"
    ),
    (
      "90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22",
      "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y"
    ),
    (
      "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
      "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu"
    ),
  ]

  @Test(arguments: known)
  func knownAccountsHaveTheirKnownAddress(key: String, address: String) throws {
    let account = try #require(AccountID([UInt8](hex: key)!))
    #expect(account.address == address)
    #expect(try AccountID(address: address) == account)
  }

  @Test func everyAccountGoesThereAndBack() throws {
    for number in UInt64(0)..<200 {
      let account = AccountID(Hash256(hashing: Array("\(number)".utf8)).value)
      #expect(try AccountID(address: account.address) == account)
    }
    #expect(try AccountID(address: AccountID.zero.address) == .zero)
  }

  @Test func everyMistypedCharacterIsNoticed() {
    let address = Array(AddressTests.known[0].1.utf8)
    for position in address.indices {
      for other in [UInt8(ascii: "2"), UInt8(ascii: "z")] where other != address[position] {
        var mistyped = address
        mistyped[position] = other
        #expect(throws: AddressError.self) { try AccountID(address: String(decoding: mistyped, as: UTF8.self)) }
      }
    }
  }

  @Test func eachDefectHasItsError() {
    let address = AddressTests.known[0].1
    #expect(throws: AddressError.badCharacter(position: 2)) { try AccountID(address: "5G0wva") }
    #expect(throws: AddressError.badCharacter(position: 0)) { try AccountID(address: "é") }
    for text in ["", "1", "5", "5Grwva", String(address.dropLast()), address + "1", "1" + address] {
      #expect(throws: AddressError.wrongLength) { try AccountID(address: text) }
    }
    #expect(throws: AddressError.wrongLength) { try AccountID(address: String(repeating: "z", count: 100_000)) }
    #expect(throws: AddressError.badChecksum) { try AccountID(address: address.dropLast() + "Z") }
    // The same key on Polkadot, whose prefix is 0, and on Kusama, whose prefix is 2.
    #expect(throws: AddressError.wrongPrefix(found: 0, expected: 42)) {
      try AccountID(address: "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5")
    }
    #expect(throws: AddressError.wrongPrefix(found: 2, expected: 42)) {
      try AccountID(address: "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F")
    }
  }

  @Test func aPrefixOfTwoBytesIsAnotherNetwork() {
    // Prefix 42 spelled over two bytes would be a second text for the same account.
    for (first, second, prefix) in [(UInt8(0x4A), UInt8(0x80), UInt16(42)), (0x58, 0x01, 0x160)] {
      let body = [first, second] + KeyPair.development(name: "Alice").account.bytes
      var hasher = Blake2bHasher(digestCount: 64)
      hasher.update(Array("SS58PRE".utf8) + body)
      let text = Base58.encode(body + hasher.finishBytes().prefix(2))
      #expect(throws: AddressError.wrongPrefix(found: prefix, expected: 42)) { try AccountID(address: text) }
    }
  }

  @Test func randomTextsNeverTrap() {
    var generator = SplitMix64(seed: 60)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      #expect(throws: AddressError.self) { try AccountID(address: String(decoding: bytes, as: UTF8.self)) }
    }
  }
}
