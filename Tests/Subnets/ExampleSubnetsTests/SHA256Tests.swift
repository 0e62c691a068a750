@testable import ExampleSubnets
import Primitives
import Testing

@Suite struct SHA256Tests {
  /// Messages and digests of FIPS 180-4's examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func knownMessagesHaveTheirKnownDigests(message: String, digest: String) {
    #expect(SHA256.digest(of: Array(message.utf8)).hex == digest)
  }

  @Test func aMessageInPartsHasTheDigestOfTheWhole() {
    let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let whole = SHA256.digest(of: message)
    for cut in [0, 1, 55, 56, 63, 64, 65, 119, 128, 299] {
      var hash = SHA256()
      hash.update(Array(message[..<cut]))
      let copy = hash
      hash.update(Array(message[cut...]))
      #expect(hash.digest == whole)
      #expect(copy.digest == SHA256.digest(of: Array(message[..<cut])))
    }
  }

  @Test func secretsForDifferentPurposesHaveNothingInCommon() {
    let secret = TaskSecret(key: SHA256.digest(of: [1]))
    let digests = [
      secret.digest(for: "a"), secret.digest(for: "b"), secret.digest(for: "a", [0]), secret.digest(for: "a", [1]),
      TaskSecret(key: SHA256.digest(of: [2])).digest(for: "a"),
    ]
    #expect(Set(digests).count == digests.count)
    #expect(secret.digest(for: "a") == TaskSecret(key: SHA256.digest(of: [1])).digest(for: "a"))
  }
}
