import Keys
import TestThreads
import Primitives
import Testing

@testable import Wallets

@Suite(.computing) struct KeyFileTests {
  let pair = KeyPair.generate()
  let password = SecretBytes(Array("correct horse".utf8))

  private func bytes(sealed: Bool) throws -> [UInt8] {
    let file = try KeyFile(pair, role: .hotkey, password: sealed ? password : nil, cost: .least)
    return file.encoded().withBytes { Array($0) }
  }

  private func parse(_ bytes: [UInt8]) throws -> KeyFile {
    try bytes.withUnsafeBytes { (bytes) throws(KeyFileDefect) in try KeyFile(parsing: bytes) }
  }

  /// The lines with a checksum that fits them, as somebody who wants to harm us would write.
  private func forged(_ lines: [String]) -> [UInt8] {
    let body = Array(lines.map { $0 + "\n" }.joined().utf8)
    return body + Array("checksum \(Hash256(hashing: body))\n".utf8)
  }

  private func lines(sealed: Bool) throws -> [String] {
    String(decoding: try bytes(sealed: sealed), as: UTF8.self).split(separator: "\n").dropLast().map(String.init)
  }

  @Test(arguments: [false, true])
  func aFileGoesThereAndBack(sealed: Bool) throws {
    let file = try parse(bytes(sealed: sealed))
    #expect(file.role == .hotkey)
    #expect(file.isSealed == sealed)
    #expect(file.account == pair.account)
    #expect(try file.open(password: sealed ? password : nil).account == pair.account)
    let names = try lines(sealed: sealed).map { String($0.prefix { $0 != " " }) }
    #expect(
      names == ["subnetkit-key", "role", "address", "protection"]
        + (sealed ? ["passes", "memory-bytes", "salt", "nonce", "sealed-seed"] : ["seed"]))
  }

  @Test(arguments: [false, true])
  func everyFlippedByteIsNoticed(sealed: Bool) throws {
    let good = try bytes(sealed: sealed)
    for index in good.indices {
      for mask: UInt8 in [0x01, 0x20, 0x80, 0xFF] {
        var damaged = good
        damaged[index] ^= mask
        #expect(throws: KeyFileDefect.self) { try parse(damaged) }
      }
    }
  }

  @Test(arguments: [false, true])
  func everyCutAndEveryTailIsNoticed(sealed: Bool) throws {
    let good = try bytes(sealed: sealed)
    for count in good.indices { #expect(throws: KeyFileDefect.self) { try parse(Array(good.prefix(count))) } }
    for tail in ["\n", "x", "seed 00\n"] { #expect(throws: KeyFileDefect.self) { try parse(good + Array(tail.utf8)) } }
  }

  @Test func everyMissingOrMovedLineIsNoticedThoughTheChecksumFits() throws {
    for sealed in [false, true] {
      let good = try lines(sealed: sealed)
      #expect(try parse(forged(good)).account == pair.account)
      for index in good.indices {
        var missing = good
        missing.remove(at: index)
        #expect(throws: KeyFileDefect.self) { try parse(forged(missing)) }
        #expect(throws: KeyFileDefect.self) { try parse(forged(good + [good[index]])) }
        var emptied = good
        emptied[index] = String(good[index].prefix { $0 != " " }) + " "
        #expect(throws: KeyFileDefect.self) { try parse(forged(emptied)) }
      }
    }
  }

  @Test(arguments: [
    ("passes", "1"), ("passes", "11"), ("passes", "18446744073709551616"), ("passes", "+3"), ("passes", "-3"),
    ("memory-bytes", "107374182400"), ("memory-bytes", "1024"), ("memory-bytes", "18446744073709551615"),
  ])
  func aFileCannotAskForAnotherCost(name: String, value: String) throws {
    let hostile = try lines(sealed: true).map { $0.hasPrefix(name + " ") ? "\(name) \(value)" : $0 }
    #expect(throws: KeyFileDefect.self) { try parse(forged(hostile)) }
  }

  @Test func anExchangedAddressIsNoticedThoughTheChecksumFits() throws {
    let other = KeyPair.generate().account
    let plain = try lines(sealed: false).map { $0.hasPrefix("address ") ? "address \(other.address)" : $0 }
    #expect(throws: KeyFileOpenError.wrongAddress) { try parse(forged(plain)).open(password: nil) }
    let sealed = try lines(sealed: true).map { $0.hasPrefix("address ") ? "address \(other.address)" : $0 }
    #expect(throws: KeyFileOpenError.sealed(.wrongPasswordOrAltered)) {
      try parse(forged(sealed)).open(password: password)
    }
  }

  @Test func anExchangedRoleDoesNotOpenASealedFile() throws {
    let exchanged = try lines(sealed: true).map { $0 == "role hotkey" ? "role coldkey" : $0 }
    #expect(throws: KeyFileOpenError.sealed(.wrongPasswordOrAltered)) {
      try parse(forged(exchanged)).open(password: password)
    }
  }

  @Test func eachDefectHasItsName() throws {
    var good = try lines(sealed: false)
    #expect(throws: KeyFileDefect.notAKeyFile) { try parse(Array("{}".utf8)) }
    #expect(throws: KeyFileDefect.badChecksum) { try parse(bytes(sealed: false).dropLast(2) + Array("x\n".utf8)) }
    good[1] = "role owner"
    #expect(throws: KeyFileDefect.badLine("role")) { try parse(forged(good)) }
    good[0] = "subnetkit-key 2"
    #expect(throws: KeyFileDefect.unknownVersion) { try parse(forged(good)) }
  }

  @Test func randomBytesNeverTrap() {
    var generator = SplitMix64(seed: 300)
    for _ in 0..<2000 {
      let noise = (0..<Int.random(in: 0..<300, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      #expect(throws: KeyFileDefect.self) { try parse(noise) }
      let body = Array("subnetkit-key 1\n".utf8) + noise
      #expect(throws: KeyFileDefect.self) { try parse(body + Array("checksum \(Hash256(hashing: body))\n".utf8)) }
    }
  }

  @Test func noDescriptionShowsTheSeed() throws {
    let seed = pair.seed().withBytes { Array($0).hex }
    var shown = ""
    let file = try parse(bytes(sealed: false))
    dump(file, to: &shown)
    shown += "\(file) \(String(reflecting: file))"
    #expect(!shown.contains(seed.prefix(16)) && !shown.contains(seed.suffix(16)))
  }
}
