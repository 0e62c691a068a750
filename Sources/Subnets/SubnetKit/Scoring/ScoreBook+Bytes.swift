import Primitives

// Layout, integers big-endian: "SKSB" | version u16 | alpha f64 | count u32 | count times
// (hotkey 32 bytes | average f64 | score count u64 | last block u64), hotkeys ascending | CRC-32 of all before, u32.

extension ScoreBook {
  private static let magic = Array("SKSB".utf8)
  private static let formatVersion: UInt16 = 1
  private static let headSize = 4 + 2 + 8 + 4
  private static let entrySize = 32 + 8 + 8 + 8
  private static let checksumSize = 4

  /// The book as bytes for a file; equal books give equal bytes.
  public var serialized: [UInt8] {
    var bytes = ScoreBook.magic
    bytes.appendBigEndian(ScoreBook.formatVersion)
    bytes.appendBigEndian(alpha.bitPattern)
    bytes.appendBigEndian(UInt32(entries.count))
    for (hotkey, entry) in entries.sorted(by: { $0.key < $1.key }) {
      bytes += hotkey.bytes
      bytes.appendBigEndian(entry.average.bitPattern)
      bytes.appendBigEndian(entry.scoreCount)
      bytes.appendBigEndian(entry.lastScored.value)
    }
    bytes.appendBigEndian(crc32(of: bytes))
    return bytes
  }

  /// Reads a book back.
  ///
  /// - Throws: What is wrong with the bytes. Do not go on with an empty book then: saving it would forget everything.
  public init(serialized bytes: [UInt8]) throws(ScoreBookError) {
    guard bytes.starts(with: ScoreBook.magic) else { throw ScoreBookError(.notAScoreBook) }
    guard bytes.count >= ScoreBook.headSize + ScoreBook.checksumSize else { throw ScoreBookError(.damaged) }
    let content = bytes.dropLast(ScoreBook.checksumSize)
    var reader = content[4...]
    // The version comes first: a later one may place its checksum elsewhere.
    guard reader.takeBigEndian() as UInt16 == ScoreBook.formatVersion else { throw ScoreBookError(.unknownVersion) }
    var checksum = bytes.suffix(ScoreBook.checksumSize)
    guard checksum.takeBigEndian() == crc32(of: content) else { throw ScoreBookError(.damaged) }

    let alpha = Double(bitPattern: reader.takeBigEndian())
    let count = Int(reader.takeBigEndian() as UInt32)
    guard alpha > 0, alpha <= 1, count <= ScoreBook.capacity, reader.count == count * ScoreBook.entrySize else {
      throw ScoreBookError(.damaged)
    }
    self.init(alpha: alpha)
    var last: Hotkey?
    for _ in 0..<count {
      guard let hotkey = Hotkey(reader.prefix(32)) else { throw ScoreBookError(.damaged) }
      reader = reader.dropFirst(32)
      if let last, last >= hotkey { throw ScoreBookError(.damaged) }
      last = hotkey
      let average = Double(bitPattern: reader.takeBigEndian())
      guard average >= 0, average <= 1 else { throw ScoreBookError(.damaged) }
      entries[hotkey] = Entry(
        average: average, scoreCount: reader.takeBigEndian(), lastScored: BlockNumber(reader.takeBigEndian()))
    }
  }

  /// The same memory with another share for new scores.
  ///
  /// - Precondition: `0 < alpha <= 1`.
  public func withAlpha(_ alpha: Double) -> ScoreBook {
    var book = ScoreBook(alpha: alpha)
    book.entries = entries
    return book
  }
}

/// Why bytes are no score book.
public struct ScoreBookError: Error, Hashable, Sendable, CustomStringConvertible {
  public let code: Code

  init(_ code: Code) { self.code = code }

  public var description: String { code.sentence }

  public struct Code: Hashable, Sendable {
    let sentence: String

    public static let notAScoreBook = Code(sentence: "The file is no score book.")
    public static let unknownVersion = Code(sentence: "The score book was written by a newer version of this program.")
    public static let damaged = Code(
      sentence: "The score book is damaged. Put back a copy, or move it away to start without scores.")
  }
}

/// The CRC-32 of zlib and PNG: it notices every change of up to 32 bits in a row.
private func crc32(of bytes: some Sequence<UInt8>) -> UInt32 {
  ~bytes.reduce(UInt32.max) { remainder, byte in
    var remainder = remainder ^ UInt32(byte)
    for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 0 ? 0 : 0xedb8_8320) }
    return remainder
  }
}

extension [UInt8] {
  fileprivate mutating func appendBigEndian(_ integer: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: integer.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: integer >> shift))
    }
  }
}

extension ArraySlice<UInt8> {
  /// Takes an integer off the front; the caller has checked that it is there.
  fileprivate mutating func takeBigEndian<Integer: FixedWidthInteger & UnsignedInteger>() -> Integer {
    let size = Integer.bitWidth / 8
    let integer = prefix(size).reduce(Integer(0)) { $0 << 8 | Integer($1) }
    self = dropFirst(size)
    return integer
  }
}
