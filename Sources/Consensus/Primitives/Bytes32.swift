/// Thirty-two bytes in order: the storage that keys and hashes share.
///
/// Held as four big-endian words, so that comparing words compares bytes.
public struct Bytes32: Hashable, Comparable, Sendable {
  @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64)

  public static let count = 32
  public static let zero = Bytes32(words: (0, 0, 0, 0))

  private init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  /// Copies exactly 32 bytes; nil for any other length.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Bytes32.count else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    self.words = (
      UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2), UInt64(bigEndian: words.3)
    )
  }

  /// The same for an array, without a collection in between: keys and hashes are read by the thousand.
  public init?(_ bytes: [UInt8]) {
    guard let value = bytes.withUnsafeBytes({ Bytes32($0) }) else { return nil }
    self = value
  }

  /// The same for bytes in memory, at any alignment.
  public init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Bytes32.count else { return nil }
    func word(_ offset: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    words = (word(0), word(8), word(16), word(24))
  }

  /// Parses 64 hexadecimal digits of either case, without a prefix.
  public init?(hex: String) {
    guard let bytes = [UInt8](hex: hex) else { return nil }
    self.init(bytes)
  }

  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Bytes32.count) { buffer, count in
      let raw = UnsafeMutableRawPointer(buffer.baseAddress!)
      raw.storeBytes(of: words.0.bigEndian, toByteOffset: 0, as: UInt64.self)
      raw.storeBytes(of: words.1.bigEndian, toByteOffset: 8, as: UInt64.self)
      raw.storeBytes(of: words.2.bigEndian, toByteOffset: 16, as: UInt64.self)
      raw.storeBytes(of: words.3.bigEndian, toByteOffset: 24, as: UInt64.self)
      count = Bytes32.count
    }
  }

  /// Lends the 32 bytes in order, without an array for them.
  @inlinable
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var ordered = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    return withUnsafeBytes(of: &ordered) { body($0) }
  }

  /// The first two bytes as a number: an even spread over buckets for keys and hashes.
  public var prefix16: UInt16 { UInt16(truncatingIfNeeded: words.0 >> 48) }

  /// The 64 lower-case hexadecimal digits.
  public var hex: String { bytes.hex }

  public static func == (left: Bytes32, right: Bytes32) -> Bool { left.words == right.words }
  public static func < (left: Bytes32, right: Bytes32) -> Bool { left.words < right.words }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension Bytes32: CustomStringConvertible {
  public var description: String { hex }
}
