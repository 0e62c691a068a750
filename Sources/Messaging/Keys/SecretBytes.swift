import CSodium

/// Secret bytes in guarded memory: kept out of swap and core files where the system allows it, wiped when released.
///
/// The only way to the bytes is `withBytes`; a description, a dump or a log line shows their number and nothing else.
/// Each one takes pages of its own: hold keys by the thousand, not by the hundred thousand.
///
/// Unchecked: the memory is written once, inside `init`, then made read-only by the page table until `deinit`.
package final class SecretBytes: @unchecked Sendable {
  package let count: Int
  private let memory: UnsafeMutableRawPointer

  /// Allocates `count` zeroed bytes and lets `fill` write them, once.
  package init(count: Int, filledBy fill: (UnsafeMutableRawBufferPointer) -> Void) {
    Sodium.start()
    guard let memory = sodium_malloc(max(count, 1)) else { preconditionFailure("no memory left for a secret") }
    sodium_memzero(memory, max(count, 1))
    fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
    sodium_mprotect_readonly(memory)
    self.count = count
    self.memory = memory
  }

  deinit {
    // Overwrites the bytes with zeros before the pages are given back.
    sodium_free(memory)
  }

  /// Copies bytes; wiping the original is the caller's part.
  package convenience init(copying bytes: UnsafeRawBufferPointer) {
    self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
  }

  /// Copies bytes; the array itself cannot be wiped, so prefer the buffer form for long-lived secrets.
  package convenience init(_ bytes: [UInt8]) {
    self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
  }

  /// Parses lower-case hexadecimal text in constant time; nil for anything else and for nothing.
  package convenience init?(hex text: UnsafeRawBufferPointer) {
    guard !text.isEmpty, text.count.isMultiple(of: 2), text.allSatisfy(isLowerCaseHexDigit) else { return nil }
    self.init(count: text.count / 2) { bytes in
      let written = sodium_hex2bin(
        bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), bytes.count,
        text.baseAddress!.assumingMemoryBound(to: CChar.self), text.count, nil, nil, nil)
      precondition(written == 0, "hexadecimal digits were checked before")
    }
  }

  /// Fresh random bytes that only this object holds.
  package static func random(count: Int) -> SecretBytes {
    SecretBytes(count: count) { if let base = $0.baseAddress { randombytes_buf(base, count) } }
  }

  /// Lends the bytes for the length of `body`; never keep the pointer.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: memory, count: count))
  }

  /// The bytes as lower-case hexadecimal text, itself held as a secret.
  package func hexEncoded() -> SecretBytes {
    // The library writes a closing zero, which is cut off by the copy.
    let terminated = SecretBytes(count: count * 2 + 1) { text in
      withBytes { bytes in
        _ = sodium_bin2hex(
          text.baseAddress!.assumingMemoryBound(to: CChar.self), text.count,
          bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), bytes.count)
      }
    }
    return terminated.withBytes { SecretBytes(copying: UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "SecretBytes(\(count) bytes)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}

private func isLowerCaseHexDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}
