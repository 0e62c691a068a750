import Primitives
import Economy
import Testing

@Suite struct SharePoolTests {
  /// A pool with the shares of its holders, as a ledger keeps them.
  private struct Holders {
    var pool = SharePool()
    var shares: [UInt128] = Array(repeating: 0, count: 5)

    var stakes: [UInt64] { shares.map { pool.stake(ofShares: $0) } }

    mutating func deposit(_ amount: UInt64, by holder: Int) throws { shares[holder] += try pool.deposit(amount) }
    mutating func withdraw(_ amount: UInt64, by holder: Int) throws {
      shares[holder] -= try pool.withdraw(amount, holderShares: shares[holder])
    }
    mutating func credit(_ amount: UInt64, to holder: Int) { shares[holder] += pool.credit(amount) }
    mutating func addToAll(_ amount: UInt64) { shares[0] += pool.addToAll(amount) }
  }

  private func expectSound(_ holders: Holders) {
    #expect(holders.shares.reduce(0, +) == holders.pool.total)
    #expect((holders.pool.value == 0) == (holders.pool.total == 0))
    #expect(holders.pool.total <= UInt128(holders.pool.value) << 32)
    let paid = holders.stakes.reduce(0, +)
    let count = holders.shares.count { $0 > 0 }
    #expect(paid <= holders.pool.value)
    #expect(holders.pool.value - paid <= UInt64(max(0, count - 1)))
  }

  @Test(arguments: [41, 42, 43, 44])
  func everySequenceKeepsTheSumAndLowersNobodyElse(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var holders = Holders()
    for _ in 0..<3_000 {
      let before = holders
      let holder = Int.random(in: 0..<5, using: &random)
      let amount = random.amount(bits: 44)
      switch random.next() % 8 {
      case 0, 1: try? holders.deposit(amount, by: holder)
      case 2: try? holders.withdraw(amount, by: holder)
      case 3, 4: try? holders.withdraw(before.stakes[holder], by: holder)
      case 5: try? holders.withdraw(before.stakes[holder] / 2, by: holder)
      case 6: holders.credit(amount, to: holder)
      default: holders.addToAll(amount)
      }
      expectSound(holders)
      for other in 0..<5 where other != holder { #expect(holders.stakes[other] >= before.stakes[other]) }
      if holders.pool.value >= before.pool.value { #expect(holders.stakes[holder] >= before.stakes[holder]) }
    }
  }

  @Test func aSoleHolderOfFewSharesKeepsOneForTheValueThatStays() throws {
    var holders = Holders()
    try holders.deposit(1, by: 1)
    holders.addToAll(1 << 40)
    try holders.withdraw(holders.pool.value - 1, by: 1)
    #expect(holders.pool.value == 1)
    #expect(holders.pool.total > 0)
    expectSound(holders)
    try holders.withdraw(1, by: 1)
    #expect(holders.pool.isEmpty)
    #expect(holders.shares[1] == 0)
  }

  @Test func anAmountWorthNoShareIsRefusedOrGoesToAll() throws {
    let rich = try #require(SharePool(value: 1 << 40, total: 3))
    var pool = rich
    #expect(throws: SharePoolRefusal.amountTooLow) { try pool.deposit(1_000) }
    #expect(throws: SharePoolRefusal.amountTooLow) { try pool.deposit(0) }
    #expect(pool == rich)
    #expect(pool.credit(1_000) == 0)
    #expect(pool.value == rich.value + 1_000 && pool.total == 3)
  }

  @Test func moreThanTheStakeIsRefused() throws {
    var holders = Holders()
    try holders.deposit(10, by: 1)
    try holders.deposit(10, by: 2)
    let before = holders.pool
    #expect(throws: SharePoolRefusal.notEnoughStakeToWithdraw) { try holders.withdraw(11, by: 1) }
    #expect(throws: SharePoolRefusal.notEnoughStakeToWithdraw) { try holders.withdraw(1, by: 3) }
    #expect(holders.pool == before)
  }

  @Test func additionsToAnEmptyPoolBelongToTheOwner() {
    var holders = Holders()
    holders.addToAll(7)
    #expect(holders.shares == [7 << 32, 0, 0, 0, 0])
    holders.addToAll(0)
    #expect(holders.pool.value == 7)
  }

  @Test func aStoredPoolWithoutSharesMustBeEmpty() {
    #expect(SharePool(value: 5, total: 0) == nil)
    #expect(SharePool(value: 0, total: 5) == nil)
    #expect(SharePool(value: 0, total: 0) == SharePool())
  }

  @Test func thePoolOfTheWholeSupplyStaysExact() throws {
    var holders = Holders()
    try holders.deposit(EmissionSchedule.supply - 1, by: 1)
    try holders.deposit(1, by: 2)
    expectSound(holders)
    #expect(holders.stakes == [0, EmissionSchedule.supply - 1, 1, 0, 0])
    try holders.withdraw(EmissionSchedule.supply - 2, by: 1)
    expectSound(holders)
    #expect(holders.stakes == [0, 1, 1, 0, 0])
  }
}
