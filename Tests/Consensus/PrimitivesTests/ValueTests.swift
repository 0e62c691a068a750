import Primitives
import Testing

/// The field's nouns: their order, their texts, and what they refuse.
@Suite struct ValueTests {
  @Test func thirtyTwoBytesComeBackAsTheyWere() throws {
    let bytes = (0..<32).map { UInt8($0 * 7) }
    let value = try #require(Bytes32(bytes))
    #expect(value.bytes == bytes)
    #expect(Bytes32(hex: value.hex) == value)
    #expect(Bytes32(hex: value.hex.uppercased()) == value)
  }

  @Test(arguments: [0, 1, 31, 33, 64])
  func anyOtherLengthIsRefused(count: Int) {
    #expect(Bytes32(Array(repeating: UInt8(1), count: count)) == nil)
    #expect(Bytes32(hex: String(repeating: "a", count: 2 * count)) == nil)
  }

  @Test(arguments: ["g0", "0", "0x00", " 00", "é0"])
  func whatIsNoHexadecimalIsRefused(text: String) {
    #expect([UInt8](hex: text) == nil)
  }

  @Test func keysAreOrderedByTheirBytes() {
    var state: UInt64 = 9
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: state >> 62)
    }
    let rows = (0..<200).map { _ in (0..<32).map { _ in next() } }
    let sorted = rows.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(rows.compactMap { Hotkey($0) }.sorted().map(\.bytes) == sorted)
  }

  @Test(arguments: [
    (UInt64(0), "0"), (1, "0.000000001"), (1_500_000_000, "1.5"), (12_000_000_000, "12"),
    (UInt64.max, "18446744073.709551615"),
  ])
  func anAmountIsShownInTAOAndReadBack(rao: UInt64, text: String) {
    #expect(Rao(rao).description == text)
    #expect(Rao(tao: text) == Rao(rao))
  }

  @Test func wholeRaoMayBeNamedByTheirUnit() {
    #expect(Rao(tao: "1500rao") == Rao(1500))
  }

  @Test(arguments: [
    "", ".", "1.", ".5", "1.0000000001", "-1", "1e3", "1,5", "18446744073.709551616", "99999999999", "rao",
  ])
  func whatIsNoAmountIsRefused(text: String) {
    #expect(Rao(tao: text) == nil)
  }

  @Test func aFieldIsFoundByItsName() {
    let fields: Fields = ["netuid": .unsigned(3), "on": .flag(true)]
    #expect(fields["netuid"] == .unsigned(3))
    #expect(fields["uid"] == nil)
  }
}
