import Primitives
import TestThreads
import Testing
import Wire

@Suite(.computing) struct WireCodecTests {
  @Test(arguments: MessageName.all)
  func whatWasEncodedIsReadBackWithEveryDefault(message: MessageName) throws {
    var random = SplitMix64(seed: 1)
    for _ in 0..<40 {
      let fields = Fields.random(message, &random)
      let bytes = try WireCodec.encode(fields, as: message)
      #expect(try WireCodec.encodeByLibrary(fields, as: message) == bytes)
      var shuffled = fields
      shuffled.entries.shuffle(using: &random)
      #expect(try WireCodec.encode(shuffled, as: message) == bytes)
      #expect(try WireCodec.decode(bytes, as: message) == fields)
    }
  }

  @Test(arguments: MessageName.all)
  func nothingAtAllIsTheMessageOfDefaults(message: MessageName) throws {
    let fields = try WireCodec.decode([], as: message)
    #expect(try WireCodec.encode(fields, as: message) == [])
    #expect(fields.entries.map(\.name) == message.fields.filter { $0.isAlwaysThere }.map(\.name))
  }

  @Test(arguments: MessageName.roots)
  func randomBytesAreRefusedOrReadAsTheirOneEncoding(message: MessageName) throws {
    var random = SplitMix64(seed: 2)
    for round in 0..<400 {
      let bytes = random.bytes(round % 60)
      try expectRefusalOrOneEncoding(bytes, message)
    }
  }

  @Test(arguments: MessageName.roots)
  func damagedBytesAreRefusedOrReadAsTheirOneEncoding(message: MessageName) throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<60 {
      var bytes = try WireCodec.encode(.random(message, &random), as: message)
      for _ in 0..<8 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0 where !bytes.isEmpty:
          bytes[.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where !bytes.isEmpty: bytes.remove(at: .random(in: bytes.indices, using: &random))
        case 2: bytes.insert(.random(in: 0...255, using: &random), at: .random(in: 0...bytes.count, using: &random))
        default: bytes += bytes.suffix(Int.random(in: 0...12, using: &random))
        }
        try expectRefusalOrOneEncoding(bytes, message)
      }
    }
  }

  /// Decoding either throws a `WireError` or gives values whose encoding is these bytes again.
  private func expectRefusalOrOneEncoding(_ bytes: [UInt8], _ message: MessageName) throws {
    // The quick way must judge as the library does, down to the words of a refusal.
    #expect(
      verdict { () throws(WireError) in try WireCodec.decode(bytes, as: message) }
        == verdict { () throws(WireError) in try WireCodec.decodeByLibrary(bytes, as: message) })
    let fields: Fields
    do throws(WireError) {
      fields = try WireCodec.decode(bytes, as: message)
    } catch {
      #expect(error.status == .malformed || error.status == .tooLarge)
      return
    }
    guard !message.limits.skipsUnknownFields else { return }
    #expect(try WireCodec.encode(fields, as: message) == bytes)
  }

  private func verdict(_ decode: () throws(WireError) -> Fields) -> Result<Fields, WireError> {
    Result(catching: decode)
  }

  @Test(arguments: MessageName.all)
  func theQuickWayReadsWhatTheLibraryReads(message: MessageName) throws {
    var random = SplitMix64(seed: 4)
    for _ in 0..<40 {
      let bytes = try WireCodec.encode(.random(message, &random), as: message)
      for cut in [bytes, bytes + bytes, Array(bytes.dropLast()), bytes + [0x08, 0x80, 0x00]] {
        try expectRefusalOrOneEncoding(cut, message)
      }
    }
  }

  @Test func absentAndPresentSubMessagesDiffer() throws {
    let hotkey = [UInt8](repeating: 7, count: 32)
    let without: Fields = ["register_subnet": .group(["hotkey": .bytes(hotkey)])]
    let with: Fields = ["register_subnet": .group(["hotkey": .bytes(hotkey), "identity": .group([:])])]
    let absent = try WireCodec.decode(WireCodec.encode(without, as: .call), as: .call)
    let present = try WireCodec.decode(WireCodec.encode(with, as: .call), as: .call)
    guard case .group(let first) = absent["register_subnet"], case .group(let second) = present["register_subnet"]
    else {
      Issue.record("The call is gone.")
      return
    }
    #expect(first["identity"] == nil)
    #expect(second["identity"] != nil)
  }

  @Test func aMemberOfAOneofKeepsItsZero() throws {
    let value: Fields = ["u64": .unsigned(0)]
    let bytes = try WireCodec.encode(value, as: .parameterValue)
    #expect(bytes == [8, 0])
    #expect(try WireCodec.decode(bytes, as: .parameterValue) == value)
  }

  @Test func entriesMayStandInAnyOrder() throws {
    let straight: Fields = ["netuid": .unsigned(3), "tempo": .unsigned(9)]
    let turned: Fields = ["tempo": .unsigned(9), "netuid": .unsigned(3)]
    let message = try #require(MessageName("Call.SetTempo"))
    #expect(try WireCodec.encode(straight, as: message) == WireCodec.encode(turned, as: message))
  }
}

extension MessageField {
  fileprivate var isAlwaysThere: Bool {
    guard case .message = kind, !isRepeated else { return !isOneof }
    return false
  }
}
