import Ledger
import Primitives
import Testing

@Suite struct StakeQueryTests {
  @Test func aStakeIsWhatItsHolderMayTakeOut() throws {
    let network = try QueryNetwork.busy()
    let info = try network.ask(
      StakeInfoQuery(
        hotkey: QueryNetwork.validator, coldkey: QueryNetwork.nominator, netuid: QueryNetwork.netuid))
    let held = network.state.stake(
      of: QueryNetwork.nominator, on: QueryNetwork.validator, in: QueryNetwork.netuid)
    #expect(held > 0)
    #expect(info.stake == held)
    #expect(info.locked == 0)
    #expect(info.isRegistered)
    #expect(info.emission > 0)

    let available = try network.ask(StakeAvailabilityQuery([QueryNetwork.nominator], netuids: [QueryNetwork.netuid]))
    #expect(available.stakes.map(\.total) == [held])
    #expect(available.stakes.map(\.available) == [held])
  }

  @Test func stakesOfColdkeysComeInTheirOrderAndInPages() throws {
    let network = try QueryNetwork.busy()
    let coldkeys = [QueryNetwork.nominator, QueryNetwork.coldkey]
    let all = try network.ask(StakeInfosQuery(coldkeys)).stakes
    #expect(all.prefix(2).map(\.coldkey) == [QueryNetwork.nominator, QueryNetwork.nominator])
    #expect(all.prefix(2).map(\.netuid) == [.root, QueryNetwork.netuid])
    #expect(all.allSatisfy { $0.stake > 0 })
    #expect(all.last?.coldkey == QueryNetwork.coldkey)

    var paged: [StakeInfoAnswer] = []
    var cursor: [UInt8] = []
    repeat {
      let page = try network.ask(StakeInfosQuery(coldkeys, page: PageRequest(after: cursor, limit: 1)))
      #expect(page.stakes.count <= 1)
      paged += page.stakes
      cursor = page.nextCursor
    } while !cursor.isEmpty
    #expect(paged == all)
  }

  @Test func availabilityComesInPagesToo() throws {
    let network = try QueryNetwork.busy()
    let coldkeys = [QueryNetwork.nominator, QueryNetwork.coldkey]
    let all = try network.ask(StakeAvailabilityQuery(coldkeys)).stakes
    #expect(all.map(\.coldkey).prefix(2) == [QueryNetwork.nominator, QueryNetwork.nominator])
    var paged: [StakeAvailabilityRow] = []
    var cursor: [UInt8] = []
    repeat {
      let page = try network.ask(StakeAvailabilityQuery(coldkeys, page: PageRequest(after: cursor, limit: 1)))
      paged += page.stakes
      cursor = page.nextCursor
    } while !cursor.isEmpty
    #expect(paged == all)
  }

  @Test func aQuoteIsWhatTheSalePays() throws {
    var network = try QueryNetwork.busy()
    let (hotkey, coldkey, netuid) = (QueryNetwork.validator, QueryNetwork.nominator, QueryNetwork.netuid)
    let amount: UInt64 = 20_000_000_000
    let quote = try network.ask(StakeQuoteQuery(netuid: netuid, amount: amount))
    #expect(quote.input == amount)
    #expect(quote.fee > 0)
    #expect(quote.priceAfter < quote.pricePaid && quote.pricePaid < quote.priceBefore)
    #expect(quote.slippagePPM > 0 && quote.slippagePPM < 1_000_000)

    let before = try network.ask(AccountQuery(coldkey.account)).free
    try network.call(RemoveStake(hotkey: hotkey, netuid: netuid, amount: Rao(amount)), by: coldkey.account)
    let after = try network.ask(AccountQuery(coldkey.account)).free
    #expect(after.value - before.value == quote.output)
    #expect(try network.ask(StakeQuoteQuery(netuid: netuid, amount: 1_000_000)).priceBefore == quote.priceAfter)
  }

  @Test func aBuyersPriceRisesAndALimitCutsTheTrade() throws {
    let network = try QueryNetwork.busy()
    let netuid = QueryNetwork.netuid
    let whole = try network.ask(StakeQuoteQuery(netuid: netuid, amount: Rao.tao(100).value, buy: true))
    #expect(whole.priceBefore < whole.pricePaid && whole.pricePaid < whole.priceAfter)
    let limit = Rao(whole.priceBefore.value + 10_000_000)
    let part = try network.ask(
      StakeQuoteQuery(netuid: netuid, amount: Rao.tao(100).value, buy: true, limitPrice: limit, allowPartial: true))
    #expect(part.input > 0 && part.input < whole.input)
    #expect(part.priceAfter <= limit)
    #expect(throws: LedgerError.slippageTooHigh) {
      try StakeQuoteQuery(netuid: netuid, amount: Rao.tao(100).value, buy: true, limitPrice: limit)
        .answer(from: network.state, with: QueryNetwork.host)
    }
  }

  @Test func onRootAUnitIsAUnit() throws {
    let network = try QueryNetwork()
    let quote = try network.ask(StakeQuoteQuery(netuid: .root, amount: 77))
    #expect(quote.output == 77)
    #expect(quote.slippagePPM == 0)
    #expect(quote.priceAfter == .tao(1))
  }

  @Test func aPortfolioIsWorthMoreThanItsSaleWouldGive() throws {
    let network = try QueryNetwork.busy()
    let stakes = try network.ask(StakeWorthQuery(QueryNetwork.nominator)).stakes
    #expect(stakes.map(\.netuid) == [.root, QueryNetwork.netuid])
    #expect(stakes[0].worth.value == stakes[0].stake)
    #expect(stakes[0].proceeds == stakes[0].worth)
    let proceeds = try #require(stakes[1].proceeds)
    #expect(proceeds > .zero && proceeds < stakes[1].worth)
  }

  @Test func delegatesShowTheirNominatorsByPage() throws {
    let network = try QueryNetwork.busy()
    let delegate = try network.ask(DelegateQuery(QueryNetwork.validator))
    #expect(delegate.owner == QueryNetwork.coldkey)
    #expect(delegate.take == 11796)
    #expect(delegate.registrations == [.root, QueryNetwork.netuid])
    #expect(delegate.validatorPermits == [QueryNetwork.netuid])
    #expect(delegate.nominators.map(\.coldkey) == [QueryNetwork.coldkey, QueryNetwork.nominator])
    #expect(delegate.nominators[1].stakes.map(\.netuid) == [.root, QueryNetwork.netuid])
    #expect(delegate.totalDailyReturn > .zero)
    #expect(delegate.returnPer1000 > .zero)

    let first = try network.ask(DelegateQuery(QueryNetwork.validator, page: PageRequest(after: [], limit: 1)))
    #expect(first.nominators == Array(delegate.nominators.prefix(1)))
    let rest = try network.ask(DelegateQuery(QueryNetwork.validator, page: PageRequest(after: first.nextCursor)))
    #expect(rest.nominators == Array(delegate.nominators.suffix(1)))
    #expect(throws: LedgerError.hotKeyAccountNotExists) {
      try DelegateQuery(Hotkey(key(99))).answer(from: network.state, with: QueryNetwork.host)
    }
  }

  @Test func everyHotkeyIsADelegateAndColdkeysFindTheirs() throws {
    let network = try QueryNetwork.busy()
    let all = try network.ask(DelegatesQuery()).delegates.map(\.hotkey)
    #expect(all == [QueryNetwork.ownerHotkey, QueryNetwork.validator, QueryNetwork.miner])
    let first = try network.ask(DelegatesQuery(page: PageRequest(after: [], limit: 2)))
    let rest = try network.ask(DelegatesQuery(page: PageRequest(after: first.nextCursor, limit: 2)))
    #expect(first.delegates.map(\.hotkey) + rest.delegates.map(\.hotkey) == all)
    #expect(try network.ask(DelegatedQuery(QueryNetwork.nominator)).delegates.map(\.hotkey) == [QueryNetwork.validator])
  }
}
