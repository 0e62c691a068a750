import Primitives
import SubnetKit
import Testing

@Suite struct MessageCoderTests {
  struct Everything: Codable, Equatable {
    enum Kind: String, Codable { case small, large }
    enum Shape: Codable, Equatable {
      case point
      case circle(radius: Double)
    }

    var text = "grüße"
    var small: Int8 = -128
    var big = UInt64.max
    var least = Int64.min
    var flag = true
    var bytes: [UInt8] = [0, 1, 255]
    var words: [UInt16] = [0, 23, 24, 255, 256, 65535]
    var numbers: [Double] = [0, -0.5, 1.1, 1e300, .leastNonzeroMagnitude, 65504, 100_000]
    var singles: [Float] = [0.1, -3]
    var signed: [Int] = [.min, -1, 0, .max]
    var nested: [[UInt16]] = [[], [1], [2, 3]]
    var optional: String?
    var optionals: [Int?] = [1, nil, 3]
    var kind = Kind.large
    var shapes = [Shape.point, .circle(radius: 2.5)]
    var table = ["b": 1, "aa": 2, "a": 3]
    var numbered = [7: "seven", -1: "minus one"]
    var strings = ["", "x"]
    var flags = [true, false]
  }

  struct Reordered: Codable, Equatable {
    var bb = 1
    var a = 2
    var c = 3
  }

  struct Empty: Codable, Equatable {}

  @Test func everyValueComesBackAsItWas() throws {
    let coder = MessageCoder()
    for value in [Everything(), Everything(text: "", optional: "here", optionals: [], table: [:])] {
      #expect(try coder.decode(Everything.self, from: coder.encode(value)) == value)
    }
    #expect(try coder.decode(Empty.self, from: coder.encode(Empty())) == Empty())
    #expect(try coder.decode([Empty].self, from: coder.encode([Empty(), Empty()])).count == 2)
    #expect(try coder.decode(Int?.self, from: coder.encode(Int?.none)) == nil)
    #expect(try coder.decode([String].self, from: coder.encode([String]())) == [])
  }

  @Test func extremeNumbersComeBackBitForBit() throws {
    let coder = MessageCoder()
    var random = SeededRandom(seed: 1)
    for _ in 0..<2000 {
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { continue }
      let back = try coder.decode(Double.self, from: coder.encode(number))
      #expect(back.bitPattern == number.bitPattern)
      let integer = Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<64, using: &random)
      #expect(try coder.decode(Int64.self, from: coder.encode(integer)) == integer)
    }
    for bits in UInt16(0)...UInt16.max where bits & 0x7c00 != 0x7c00 {
      let bytes = [0xf9, UInt8(bits >> 8), UInt8(bits & 255)]
      #expect(try coder.encode(coder.decode(Double.self, from: bytes)) == bytes)
    }
  }

  /// RFC 8949 appendix A.
  @Test(
    arguments: [
      (0, "00"), (23, "17"), (24, "1818"), (100, "1864"), (1000, "1903e8"), (1_000_000, "1a000f4240"),
      (1_000_000_000_000, "1b000000e8d4a51000"), (-1, "20"), (-100, "3863"), (-1000, "3903e7"),
    ] as [(Int, String)])
  func integersAreWrittenAsTheStandardSays(_ value: Int, _ hex: String) throws {
    #expect(try MessageCoder().encode(value).hex == hex)
  }

  /// RFC 8949 appendix A.
  @Test(
    arguments: [
      (0.0, "f90000"), (-0.0, "f98000"), (1.0, "f93c00"), (1.1, "fb3ff199999999999a"), (1.5, "f93e00"),
      (65504.0, "f97bff"), (100000.0, "fa47c35000"), (3.4028234663852886e+38, "fa7f7fffff"),
      (1.0e+300, "fb7e37e43c8800759c"), (5.960464477539063e-8, "f90001"), (0.00006103515625, "f90400"),
      (-4.0, "f9c400"), (-4.1, "fbc010666666666666"),
    ] as [(Double, String)])
  func numbersTakeTheShortestForm(_ value: Double, _ hex: String) throws {
    #expect(try MessageCoder().encode(value).hex == hex)
  }

  @Test func keysStandInTheOrderOfTheirBytesWhateverTheDeclaration() throws {
    #expect(try MessageCoder().encode(Reordered()).hex == "a3" + "616102" + "616303" + "62626201")
    #expect(try MessageCoder().encode(["z": 1, "b": 2, "aa": 3]).hex == "a3" + "616202" + "617a01" + "62616103")
    #expect(try MessageCoder().encode([UInt8]([1, 2])).hex == "420102")
    #expect(try MessageCoder().encode([UInt16]([1, 2])).hex == "820102")
    #expect(try MessageCoder().encode([[String]]()).hex == "80")
  }

  @Test func equalDictionariesGiveEqualBytes() throws {
    let keys = (0..<200).map { "key\($0)" }
    let forward = Dictionary(uniqueKeysWithValues: keys.map { ($0, $0.count) })
    let backward = Dictionary(uniqueKeysWithValues: keys.reversed().map { ($0, $0.count) })
    #expect(try MessageCoder().encode(forward) == MessageCoder().encode(backward))
  }

  @Test func unknownKeysAreSkippedAndWholeNumbersServeAsDoubles() throws {
    struct Narrow: Codable { var a: Double }
    #expect(try MessageCoder().decode(Narrow.self, from: MessageCoder().encode(Reordered())).a == 2)
  }

  @Test(
    arguments: [
      ("1817", .notDeterministic), ("190017", .notDeterministic), ("1a0000ffff", .notDeterministic),
      ("1b00000000ffffffff", .notDeterministic), ("fa3f800000", .notDeterministic),
      ("fb3ff0000000000000", .notDeterministic), ("a2616202616101", .notDeterministic),
      ("a2616101616102", .notDeterministic), ("5801ff", .notDeterministic),
      ("f97e00", .unsupported), ("f97c00", .unsupported), ("fa7f800000", .unsupported),
      ("fb7ff8000000000000", .unsupported), ("f7", .unsupported), ("f800", .unsupported), ("c000", .unsupported),
      ("9fff", .unsupported), ("5fff", .unsupported), ("ff", .unsupported), ("1c", .unsupported),
      ("a10102", .unsupported), ("61ff", .invalidText), ("62c328", .invalidText),
      ("", .truncated), ("18", .truncated), ("4201", .truncated), ("8201", .truncated), ("a16161", .truncated),
      ("9b7fffffffffffffff", .truncated), ("5bffffffffffffffff", .truncated), ("bbffffffffffffffff", .truncated),
      ("9bffffffffffffffff00", .truncated), ("0000", .trailingBytes),
    ] as [(String, MessageError.Code)])
  func everyOtherFormIsRefusedWithItsReason(_ hex: String, _ code: MessageError.Code) throws {
    let bytes = try #require([UInt8](hex: hex))
    #expect(codeOf { () throws(MessageError) in _ = try MessageCoder().decode(Int.self, from: bytes) } == code)
  }

  @Test func keysThatOnlyLookEqualAreRefused() throws {
    // The letter é composed, and as e with a combining accent: one key to Swift, two byte sequences.
    let bytes = [0xa2, 0x62, 0xc3, 0xa9, 0x01, 0x63, 0x65, 0xcc, 0x81, 0x02] as [UInt8]
    let code = codeOf { () throws(MessageError) in _ = try MessageCoder().decode([String: Int].self, from: bytes) }
    #expect(code == .notDeterministic)
  }

  @Test func depthAndSizeAreBounded() throws {
    let deep = [UInt8](repeating: 0x81, count: 100_000) + [0]
    let coder = MessageCoder()
    #expect(codeOf { () throws(MessageError) in _ = try coder.decode(Int.self, from: deep) } == .tooDeep)
    let limit = MessageCoder(sizeLimit: 10)
    #expect(codeOf { () throws(MessageError) in _ = try limit.decode([UInt8].self, from: deep) } == .tooLarge)
    let long = String(repeating: "x", count: 10)
    #expect(codeOf { () throws(MessageError) in _ = try limit.encode(long) } == .tooLarge)
    #expect(try limit.encode(String(long.dropLast())).count == 10)

    indirect enum Chain: Codable { case end, link(Chain) }
    let chain = (0..<1000).reduce(Chain.end) { chain, _ in .link(chain) }
    #expect(codeOf { () throws(MessageError) in _ = try coder.encode(chain) } == .tooDeep)
  }

  @Test func numbersOutsideTheTypeAreRefused() throws {
    let coder = MessageCoder()
    let bytes = try coder.encode(256)
    #expect(codeOf { () throws(MessageError) in _ = try coder.decode(UInt8.self, from: bytes) } == .mismatch)
    let words = try coder.encode([65536, -1])
    #expect(codeOf { () throws(MessageError) in _ = try coder.decode([UInt16].self, from: words) } == .mismatch)
    let least = try #require([UInt8](hex: "3bffffffffffffffff"))
    #expect(codeOf { () throws(MessageError) in _ = try coder.decode(Int64.self, from: least) } == .mismatch)
    #expect(codeOf { () throws(MessageError) in _ = try coder.encode(Double.nan) } == .unsupported)
    #expect(codeOf { () throws(MessageError) in _ = try coder.encode([Double.infinity]) } == .unsupported)
  }

  @Test func alteredAndRandomBytesNeverTrap() throws {
    let coder = MessageCoder()
    let good = try coder.encode(Everything(optional: "o"))
    var random = SeededRandom(seed: 7)
    var decodedCount = 0
    for round in 0..<3000 {
      var bytes = good
      if round.isMultiple(of: 3) {
        bytes = (0..<Int.random(in: 0..<64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      } else {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
        }
        if round.isMultiple(of: 5) { bytes.removeLast(Int.random(in: 1...bytes.count, using: &random)) }
      }
      guard let value = try? coder.decode(Everything.self, from: bytes) else { continue }
      decodedCount += 1
      // Whatever is accepted has one encoding, up to the keys that were skipped.
      #expect(try coder.decode(Everything.self, from: coder.encode(value)) == value)
    }
    #expect(decodedCount > 0)
  }

  @Test func errorsCarryNoControlCharactersOfAStranger() throws {
    let bytes = try MessageCoder().encode(["\u{1b}[31m\n": "text"])
    let error = #expect(throws: MessageError.self) {
      try MessageCoder().decode([String: Int].self, from: bytes)
    }
    let description = try #require(error?.description)
    #expect(!description.unicodeScalars.contains { $0.value < 32 })
  }

  private func codeOf(_ body: () throws(MessageError) -> Void) -> MessageError.Code? {
    do throws(MessageError) {
      try body()
      return nil
    } catch {
      return error.code
    }
  }
}

/// A message in a form of its own: text, reversed.
private struct Mirrored: ByteMessage, Equatable {
  struct Empty: Error {}
  var text: String

  init(text: String) { self.text = text }
  init(messageBytes: [UInt8]) throws {
    guard !messageBytes.isEmpty else { throw Empty() }
    text = String(decoding: messageBytes.reversed(), as: UTF8.self)
  }
  func messageBytes() -> [UInt8] { Array(text.utf8).reversed() }
}

@Suite struct ByteMessageTests {
  @Test func aMessageOfAnotherFormTravelsAsItsOwnBytes() throws {
    let bytes = try MessageCoder().encode(Mirrored(text: "abc"))
    // A byte string of three, and nothing else.
    #expect(bytes == [0x43] + Array("cba".utf8))
    #expect(try MessageCoder().decode(Mirrored.self, from: bytes) == Mirrored(text: "abc"))
    #expect(try MessageCoder().decode([Mirrored].self, from: [0x81] + bytes) == [Mirrored(text: "abc")])
  }

  @Test func whatItsTypeRefusesIsRefused() throws {
    for bytes in [[0x40], [0x63] + Array("abc".utf8), []] as [[UInt8]] {
      #expect(throws: MessageError.self) { try MessageCoder().decode(Mirrored.self, from: bytes) }
    }
  }
}
