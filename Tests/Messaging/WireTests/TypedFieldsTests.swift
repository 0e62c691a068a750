import Primitives
import Testing
import Wire

@Suite struct TypedFieldsTests {
  private func decoded(_ fields: Fields, as name: String) throws -> Fields {
    let message = try #require(MessageName(name))
    return try WireCodec.decode(WireCodec.encode(fields, as: message), as: message)
  }

  @Test func aNumberCountsOnlyWithItsCompanion() throws {
    let absent = try decoded([:], as: "Call.RegisterNeuron")
    #expect(try absent.optionalNumber("max_price") == nil)
    let zero = try decoded(["has_max_price": .flag(true)], as: "Call.RegisterNeuron")
    #expect(try zero.optionalNumber("max_price") == 0)
    let stray = try decoded(["max_price": .unsigned(5)], as: "Call.RegisterNeuron")
    #expect(throws: WireError.outOfRange(field: "max_price")) { try stray.optionalNumber("max_price") }
  }

  @Test func narrowNumbersAndKeysMustFit() throws {
    let fields = try decoded(["netuid": .unsigned(65_536), "hotkey": .bytes([1, 2])], as: "Call.RegisterNeuron")
    #expect(throws: WireError.outOfRange(field: "netuid")) { try fields.number("netuid", as: UInt16.self) }
    #expect(try fields.number("netuid", as: UInt32.self) == 65_536)
    #expect(throws: WireError.wrongLength(field: "hotkey", count: 2, expected: 32)) { try fields.account("hotkey") }
    #expect(throws: WireError.wrongLength(field: "hotkey", count: 2, expected: 32)) { try fields.hash("hotkey") }
  }

  @Test func aValueOfAnotherKindIsMissing() throws {
    let fields = try decoded(["netuid": .unsigned(1), "uids": .unsignedList([3])], as: "Call.SetWeights")
    #expect(try fields.numbers("uids") == [3])
    #expect(throws: WireError.missing(field: "netuid")) { try fields.bytes("netuid") }
    #expect(throws: WireError.missing(field: "uids")) { try fields.byteStrings("uids") }
    #expect(throws: WireError.missing(field: "stake")) { try fields.number("stake") }
    #expect(fields.group("netuid") == nil)
  }
}
