import Ledger
import Primitives
import Testing

/// A table behaves as a dictionary does, in order, and a transaction leaves no trace when it is taken back.
@Suite struct LedgerTableTests {
  private func key(_ number: UInt64) -> Hotkey {
    // Few keys over few buckets, so that buckets fill, empty and come back.
    Hotkey(AccountID([UInt8(number % 5) << 6, UInt8(number)] + Array(repeating: 0, count: 30)) ?? .zero)
  }

  @Test func everyReadIsThatOfADictionary() {
    var random = SplitMix64(seed: 5)
    var table = LedgerTable<Hotkey, HotkeyRecord>()
    var model: [Hotkey: HotkeyRecord] = [:]
    for _ in 0..<5000 {
      let key = key(random.next() % 40)
      switch random.next() % 4 {
      case 0:
        table[key] = nil
        model[key] = nil
      case 1:
        let changed: Void? = table.modify(key) { $0.takeBlock += 1 }
        #expect((changed == nil) == (model[key] == nil))
        model[key]?.takeBlock += 1
      default:
        var record = HotkeyRecord()
        record.takeBlock = random.next() % 100
        table[key] = record
        model[key] = record
      }
      #expect(table[key] == model[key])
      #expect(table.read(key) { $0.takeBlock } == model[key]?.takeBlock)
      #expect(table.contains(key) == (model[key] != nil))
      #expect(table.count == model.count)
    }
    #expect(table.sortedKeys == model.keys.sorted())
    #expect(table.bucketNumbers.flatMap { table.keys(inBucket: $0) } == model.keys.sorted())
    #expect(Set(table.bucketNumbers) == Set(model.keys.map(\.bucket)))
  }

  @Test func aFailedTransactionLeavesTheTablesAsTheyWere() throws {
    var random = SplitMix64(seed: 6)
    var market = try MoneyFixture()
    try market.run(
      AddStake(hotkey: MoneyFixture.hotkey(100), netuid: MoneyFixture.subnet, amount: .tao(10)), by: MoneyFixture.alice)
    let before = market.state.canonicalBytes
    for _ in 0..<50 {
      market.state.beginTransaction()
      let start = market.state.savepoint()
      for _ in 0..<(random.next() % 20) {
        let number = UInt8(random.next() % 8)
        let coldkey = MoneyFixture.coldkey(number)
        switch random.next() % 3 {
        case 0: market.state.accounts[coldkey.account] = nil
        case 1: market.state.credit(random.next() % 1000, to: coldkey)
        default: market.state.subnets.modify(MoneyFixture.subnet) { $0.alphaIn += 1 }
        }
      }
      market.state.undo(to: start)
      market.state.endTransaction()
      #expect(market.state.canonicalBytes == before)
    }
  }
}
