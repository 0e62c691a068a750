import Keys
import Primitives

/// The fixed words of a key file.
enum KeyFileText {
  static let format = "subnetkit-key "
  static let title = "subnetkit-key 1\n"
  static let plain = "none"
  static let sealed = "argon2id-xchacha20poly1305"
  static let checksum = "checksum "
  /// The word, 64 digits and the end of the line.
  static let checksumLineCount = checksum.utf8.count + 64 + 1
}

extension KeyFile {
  /// The bytes of the file, secret because a plain seed is among them.
  func encoded() -> SecretBytes {
    let header = SecretBytes(KeyFile.header(role: role, account: account, isSealed: isSealed))
    var parts = [header]
    switch seed {
    case .plain(let secret):
      parts += [SecretBytes(Array("seed ".utf8)), secret.hexEncoded(), SecretBytes(Array("\n".utf8))]
    case .sealed(let box):
      let lines =
        "passes \(box.cost.passes)\nmemory-bytes \(box.cost.memoryBytes)\nsalt \(box.salt.hex)\n"
        + "nonce \(box.nonce.hex)\nsealed-seed \(box.ciphertext.hex)\n"
      parts.append(SecretBytes(Array(lines.utf8)))
    }
    var hasher = Blake2bHasher()
    for part in parts { part.withBytes { hasher.update($0) } }
    parts.append(SecretBytes(Array("\(KeyFileText.checksum)\(hasher.finish())\n".utf8)))
    return joined(parts)
  }

  /// Parses the bytes of a file; whatever they are, the answer is a key file or a defect.
  init(parsing bytes: UnsafeRawBufferPointer) throws(KeyFileDefect) {
    guard bytes.starts(with: KeyFileText.format.utf8) else { throw .notAKeyFile }
    guard bytes.starts(with: KeyFileText.title.utf8) else { throw .unknownVersion }
    var lines = KeyFileLines(try checkedBody(of: bytes))
    try lines.skip(KeyFileText.title)
    role = try lines.parse("role") { KeyRole(rawValue: text($0)) }
    account = try lines.parse("address") { try? AccountID(address: text($0)) }
    let isSealed = try lines.parse("protection") { (value: UnsafeRawBufferPointer) -> Bool? in
      switch text(value) {
      case KeyFileText.plain: false
      case KeyFileText.sealed: true
      default: nil
      }
    }
    seed = isSealed ? .sealed(try KeyFile.sealedSeed(&lines)) : .plain(try KeyFile.plainSeed(&lines))
    guard lines.isAtEnd else { throw .badLine("checksum") }
  }

  private static func plainSeed(_ lines: inout KeyFileLines) throws(KeyFileDefect) -> SecretBytes {
    try lines.parse("seed") { SecretBytes(hex: $0).flatMap { $0.count == KeyPair.seedCount ? $0 : nil } }
  }

  private static func sealedSeed(_ lines: inout KeyFileLines) throws(KeyFileDefect) -> SealedSecret {
    let passes = try lines.parse("passes") { decimal($0) }
    let memoryBytes = try lines.parse("memory-bytes") { decimal($0) }
    guard let cost = PasswordCost(passes: passes, memoryBytes: memoryBytes) else { throw .badLine("memory-bytes") }
    let salt = try lines.parse("salt") { hexBytes($0, count: SealedSecret.saltCount) }
    let nonce = try lines.parse("nonce") { hexBytes($0, count: SealedSecret.nonceCount) }
    let sealedCount = KeyPair.seedCount + SealedSecret.tagCount
    let ciphertext = try lines.parse("sealed-seed") { hexBytes($0, count: sealedCount) }
    guard let box = SealedSecret(cost: cost, salt: salt, nonce: nonce, ciphertext: ciphertext) else {
      throw .badLine("sealed-seed")
    }
    return box
  }
}

/// Reads `name value` lines in the one order they may have.
private struct KeyFileLines {
  private var rest: Slice<UnsafeRawBufferPointer>

  init(_ body: UnsafeRawBufferPointer) { rest = body[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ line: String) throws(KeyFileDefect) {
    guard rest.starts(with: line.utf8) else { throw .notAKeyFile }
    rest = rest.dropFirst(line.utf8.count)
  }

  mutating func parse<Value>(
    _ name: String, _ convert: (UnsafeRawBufferPointer) -> Value?
  ) throws(KeyFileDefect) -> Value {
    guard
      rest.starts(with: name.utf8 + [UInt8(ascii: " ")]), let end = rest.firstIndex(of: UInt8(ascii: "\n")),
      let value = convert(UnsafeRawBufferPointer(rebasing: rest[..<end].dropFirst(name.utf8.count + 1)))
    else { throw .badLine(name) }
    rest = rest[(end + 1)...]
    return value
  }
}

/// Everything before the checksum line, once the checksum is found right.
private func checkedBody(of bytes: UnsafeRawBufferPointer) throws(KeyFileDefect) -> UnsafeRawBufferPointer {
  guard bytes.count > KeyFileText.checksumLineCount else { throw .badLine("checksum") }
  let body = UnsafeRawBufferPointer(rebasing: bytes.dropLast(KeyFileText.checksumLineCount))
  let line = bytes.suffix(KeyFileText.checksumLineCount)
  guard line.elementsEqual("\(KeyFileText.checksum)\(Hash256(hashing: body))\n".utf8) else { throw .badChecksum }
  return body
}

private func joined(_ parts: [SecretBytes]) -> SecretBytes {
  SecretBytes(count: parts.reduce(0) { $0 + $1.count }) { bytes in
    var offset = 0
    for part in parts {
      part.withBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]).copyMemory(from: $0) }
      offset += part.count
    }
  }
}

private func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

private func hexBytes(_ value: UnsafeRawBufferPointer, count: Int) -> [UInt8]? {
  [UInt8](hex: text(value)).flatMap { $0.count == count ? $0 : nil }
}

/// Digits only: the standard parser also takes a sign.
private func decimal(_ value: UnsafeRawBufferPointer) -> UInt64? {
  value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? UInt64(text(value)) : nil
}
