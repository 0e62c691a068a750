import Primitives
import Testing
import Wire

/// Bytes that a parser may take and this one must not.
@Suite struct RefusedBytesTests {
  private static let setTempo = MessageName("Call.SetTempo")!

  private func error(decoding bytes: [UInt8], as message: MessageName, limits: WireLimits? = nil) -> WireError? {
    do throws(WireError) {
      _ = try WireCodec.decode(bytes, as: message, limits: limits)
      return nil
    } catch { return error }
  }

  @Test(arguments: [
    ([16, 9, 8, 3], "fields out of order"), ([8, 3, 8, 3, 16, 9], "a field twice"),
    ([8, 0, 16, 9], "a default written out"),
    ([8, 0x83, 0, 16, 9], "a number longer than it need be"),
    ([8, 0x83, 0x80, 0x80, 0x80, 0x10, 16, 9], "33 bits in 32"),
  ])
  func aSecondEncodingOfTheSameValuesIsRefused(bytes: [UInt8], reason: String) {
    #expect(
      error(decoding: bytes, as: RefusedBytesTests.setTempo) == .notCanonical(message: "Call.SetTempo"), "\(reason)")
  }

  @Test func unpackedListsAndTwoMembersOfAOneofAreRefused() throws {
    let list = try #require(MessageName("ShortList"))
    #expect(error(decoding: [8, 1, 8, 2], as: list) == .notCanonical(message: "ShortList"))
    #expect(error(decoding: [8, 1, 24, 1], as: .parameterValue) == .notCanonical(message: "ParameterValue"))
  }

  @Test func anUnknownFieldIsRefusedAtEveryLevel() throws {
    #expect(
      error(decoding: [8, 3, 120, 1], as: RefusedBytesTests.setTempo)
        == .unknownField(message: "Call.SetTempo", number: 15))
    let call = try WireCodec.encode(["set_tempo": .group(["netuid": .unsigned(3)])], as: .call)
    #expect(call == [0xE2, 0x01, 2, 8, 3])
    #expect(
      error(decoding: [0xE2, 0x01, 4, 8, 3, 120, 1], as: .call) == .unknownField(message: "Call.SetTempo", number: 15))
  }

  @Test func aReplyMayHaveFieldsThatOnlyNewerNodesKnow() throws {
    let known = try WireCodec.encode(["at_block": .unsigned(5)], as: .queryReply)
    let fields = try WireCodec.decode(known + [0xF8, 0x3F, 1], as: .queryReply)
    #expect(fields["at_block"] == .unsigned(5))
  }

  @Test func anEnumeratorThatNobodyDefinedIsRefused() throws {
    let addProxy = try #require(MessageName("Call.AddProxy"))
    #expect(error(decoding: [16, 99], as: addProxy) == .unknownEnumerator(field: "type", number: 99))
    #expect(throws: WireError.unfitValue(message: "Call.AddProxy", field: "type")) {
      try WireCodec.encode(["type": .unsigned(99)], as: addProxy)
    }
  }

  @Test func oversizeIsRefusedBeforeParsing() {
    let bytes = [UInt8](repeating: 0xFF, count: WireLimits.extrinsicBytes + 1)
    #expect(error(decoding: bytes, as: .call) == .tooLarge(message: "Call", count: 65537, limit: 65536))
  }

  @Test func aBombOfEmptySubMessagesIsRefusedWithinItsMemory() throws {
    let items = try #require(MessageName("Call.BatchSetWeights"))
    let bomb = Array(repeatElement([UInt8]([10, 0]), count: 32_000).joined())
    let limits = WireLimits(bytes: 1 << 20, items: 4096, groups: 4096)
    #expect(error(decoding: bomb, as: items, limits: limits)?.status == .tooLarge)
    // A row of the largest struct, two bytes each.
    let page = try #require(MessageName("NeuronPage"))
    #expect(error(decoding: bomb, as: page)?.status == .tooLarge)
  }

  @Test func listsAndGroupsHaveTheirCaps() throws {
    let items = try #require(MessageName("Call.BatchSetWeights"))
    let three: [UInt8] = [10, 0, 10, 0, 10, 0]
    let tight = WireLimits(bytes: 100, items: 2, groups: 100)
    #expect(error(decoding: three, as: items, limits: tight) == .tooManyItems(field: "items", count: 3, limit: 2))
    let few = WireLimits(bytes: 100, items: 100, groups: 2)
    #expect(error(decoding: three, as: items, limits: few) == .tooManyGroups(message: "Call.BatchSetWeights", limit: 2))
  }

  @Test func everyHonestPageOfSmallRowsFits() throws {
    var page = Fields()
    page.append("neurons", .groupList(Array(repeating: Fields(), count: WireLimits.pageRows)))
    let name = try #require(MessageName("NeuronPage"))
    guard case .groupList(let rows) = try WireCodec.decode(WireCodec.encode(page, as: name), as: name)["neurons"] else {
      Issue.record("The rows are gone.")
      return
    }
    #expect(rows.count == WireLimits.pageRows)
  }

  @Test func valuesThatDoNotFitAreNotEncoded() throws {
    func error(_ fields: Fields) -> WireError? {
      do throws(WireError) {
        _ = try WireCodec.encode(fields, as: RefusedBytesTests.setTempo)
        return nil
      } catch { return error }
    }
    #expect(error(["speed": .unsigned(1)]) == .noSuchField(message: "Call.SetTempo", field: "speed"))
    #expect(error(["tempo": .flag(true)]) == .unfitValue(message: "Call.SetTempo", field: "tempo"))
    #expect(error(["tempo": .unsigned(1 << 32)]) == .unfitValue(message: "Call.SetTempo", field: "tempo"))
    let twice = Fields([.init(name: "tempo", value: .unsigned(1)), .init(name: "tempo", value: .unsigned(1))])
    #expect(error(twice) == .givenTwice(message: "Call.SetTempo", field: "tempo"))
    #expect(throws: WireError.givenTwice(message: "Call", field: "pause")) {
      try WireCodec.encode(["remove_sudo_key": .group([:]), "pause": .group([:])], as: .call)
    }
  }
}
