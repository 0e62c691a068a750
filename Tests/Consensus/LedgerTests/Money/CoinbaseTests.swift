import Ledger
import Primitives
import Testing

/// What a block mints and an epoch pays, through the whole ledger.
@Suite struct CoinbaseTests {
  @Test func byMovingPriceTheDearerSubnetGetsMoreInProportion() throws {
    var market = try MoneyFixture(subnets: 2) { $0.emissionMode = .price }
    // Only what is bought moves the prices; flows are equal and say nothing here.
    let first = AddStake(hotkey: MoneyFixture.hotkey(100), netuid: NetUID(1), amount: .tao(1))
    let second = AddStake(hotkey: MoneyFixture.hotkey(101), netuid: NetUID(2), amount: .tao(1))
    try market.run(first, by: MoneyFixture.alice)
    try market.run(second, by: MoneyFixture.alice)
    market.state.subnets.modify(NetUID(1)) { $0.emaPrice = 3 << 62 }
    market.state.subnets.modify(NetUID(2)) { $0.emaPrice = 1 << 62 }
    market.makeBlocks(1)
    #expect(market.state.subnets[NetUID(1)]?.taoInEmission == 750_000_000)
    #expect(market.state.subnets[NetUID(2)]?.taoInEmission == 250_000_000)
    #expect(market.state.brokenInvariant() == nil)
  }

  @Test func byMovingPriceASubnetThatRootSwitchedOffGetsNothing() throws {
    var market = try MoneyFixture(subnets: 2) { $0.emissionMode = .price }
    market.state.subnets.modify(NetUID(1)) {
      $0.emaPrice = 1 << 63
      $0.parameters.subnetEmissionEnabled = false
    }
    market.state.subnets.modify(NetUID(2)) { $0.emaPrice = 1 << 60 }
    market.makeBlocks(1)
    #expect(market.state.subnets[NetUID(1)]?.taoInEmission == 0)
    #expect(market.state.subnets[NetUID(1)]?.alphaOutEmission == 1_000_000_000)
    #expect(market.state.subnets[NetUID(2)]?.taoInEmission == 1_000_000_000)
  }

  @Test func withoutAnyInflowNothingIsMintedButAlphaIs() throws {
    var market = try MoneyFixture()
    let issuance = market.state.chain.issuance
    market.makeBlocks(3)
    #expect(market.state.chain.issuance == issuance)
    #expect(market.state.subnets[MoneyFixture.subnet]?.alphaOut == 3_000_000_000)
  }

  @Test func nominatorsGainInProportionAndTheOwnerOfTheHotkeyItsTakeBesides() throws {
    var market = try MoneyFixture()
    let hotkey = MoneyFixture.hotkey(7)
    try market.run(RegisterNeuron(netuid: MoneyFixture.subnet, hotkey: hotkey), by: MoneyFixture.alice)
    try market.run(
      AddStake(hotkey: hotkey, netuid: MoneyFixture.subnet, amount: .tao(30)), by: MoneyFixture.alice)
    try market.run(AddStake(hotkey: hotkey, netuid: MoneyFixture.subnet, amount: .tao(10)), by: MoneyFixture.bob)
    let (alice, bob) = (market.stake(MoneyFixture.alice, hotkey), market.stake(MoneyFixture.bob, hotkey))
    market.makeBlocks(10, dividends: [0, 1])
    let paid = try #require(market.state.slots[MoneyFixture.subnet]?.paidDividends[1])
    let take = UInt64(UInt128(paid) * 11_796 / 65_535)
    let gainOfBob = market.stake(MoneyFixture.bob, hotkey) - bob
    let gainOfAlice = market.stake(MoneyFixture.alice, hotkey) - alice
    #expect(paid > 1_000_000_000)
    // Both stand on the stake before the epoch; rounding down costs less than two units each.
    let rest = paid - take
    let fairToBob = UInt64(UInt128(rest) * UInt128(bob) / UInt128(alice + bob))
    #expect(fairToBob - gainOfBob <= 2)
    #expect(gainOfAlice + gainOfBob <= paid && paid - gainOfAlice - gainOfBob <= 2)
    #expect(market.state.brokenInvariant() == nil)
  }

  @Test func rootStakersGetTheirPartAsTAO() throws {
    var market = try MoneyFixture { $0.taoWeight = .max }
    let hotkey = MoneyFixture.hotkey(7)
    try market.run(RegisterNeuron(netuid: MoneyFixture.subnet, hotkey: hotkey), by: MoneyFixture.alice)
    try market.run(AddStake(hotkey: hotkey, netuid: .root, amount: .tao(5000)), by: MoneyFixture.bob)
    let rootTao = market.state.chain.rootTao
    let pool = try #require(market.state.subnets[MoneyFixture.subnet]).taoReserve
    market.makeBlocks(10, dividends: [0, 1])
    let gain = market.stake(MoneyFixture.bob, hotkey, .root) - Rao.tao(5000).value
    #expect(gain > 1_000_000)
    #expect(market.state.chain.rootTao == rootTao + gain)
    // Nothing is minted without flow, so what root got came out of the pool.
    #expect(market.state.subnets[MoneyFixture.subnet]?.taoReserve == pool - gain)
    #expect(market.stake(MoneyFixture.bob, hotkey) == 0)
    #expect(market.stake(MoneyFixture.alice, hotkey) > 0)
    #expect(market.state.brokenInvariant() == nil)
  }

  @Test func belowTheThresholdTheRootPartIsRecycled() throws {
    var market = try MoneyFixture {
      $0.taoWeight = .max
      $0.rootSellThreshold = 1 << 100
    }
    try market.run(
      AddStake(hotkey: MoneyFixture.hotkey(100), netuid: .root, amount: .tao(5000)), by: MoneyFixture.bob)
    market.makeBlocks(1)
    let subnet = try #require(market.state.subnets[MoneyFixture.subnet])
    #expect(subnet.pendingRoot == 0)
    #expect(subnet.alphaOut < subnet.alphaOutEmission)
    #expect(subnet.alphaOut == subnet.pendingOwner + subnet.pendingServer + subnet.pendingValidator)
  }

  @Test(arguments: [OwnerIncentive.burn, .recycle, .pay])
  func theIncentiveOfTheOwnersHotkeysIsWithheldAsTheSubnetSays(mode: OwnerIncentive) throws {
    var market = try MoneyFixture()
    market.state.subnets.modify(MoneyFixture.subnet) { $0.parameters.recycleOrBurn = mode }
    market.makeBlocks(10, incentive: [1], dividends: [1])
    let subnet = try #require(market.state.subnets[MoneyFixture.subnet])
    let incentive = try #require(market.state.slots[MoneyFixture.subnet]?.paidIncentive[0])
    #expect(incentive > 0)
    #expect(subnet.alphaBurned == (mode == .burn ? incentive : 0))
    let emitted = UInt64(10 * 1_000_000_000)
    #expect(subnet.alphaOut == (mode == .recycle ? emitted - incentive : emitted))
    let own = market.stake(MoneyFixture.owner, MoneyFixture.hotkey(100))
    #expect(own == (mode == .pay ? emitted : emitted - incentive))
    #expect(market.state.brokenInvariant() == nil)
  }

  @Test func aChildPaysItsParentsForTheStakeTheyLend() throws {
    var market = try MoneyFixture()
    let (parent, child) = (MoneyFixture.hotkey(7), MoneyFixture.hotkey(8))
    try market.run(RegisterNeuron(netuid: MoneyFixture.subnet, hotkey: child), by: MoneyFixture.bob)
    try market.run(AssociateHotkey(hotkey: parent), by: MoneyFixture.alice)
    for (hotkey, coldkey) in [(parent, MoneyFixture.alice), (child, MoneyFixture.bob)] {
      try market.run(AddStake(hotkey: hotkey, netuid: MoneyFixture.subnet, amount: .tao(10)), by: coldkey)
    }
    var lent = Relations()
    lent.children = [Relation(child, .max)]
    market.state.relations[HotkeyOnSubnet(MoneyFixture.subnet, parent)] = lent
    var borrowed = Relations()
    borrowed.parents = [Relation(parent, .max)]
    market.state.relations[HotkeyOnSubnet(MoneyFixture.subnet, child)] = borrowed
    #expect(market.state.brokenInvariant() == nil)
    let (alice, bob) = (market.stake(MoneyFixture.alice, parent), market.stake(MoneyFixture.bob, child))
    market.makeBlocks(10, dividends: [0, 1])
    let (toParent, toChild) = (
      market.stake(MoneyFixture.alice, parent) - alice, market.stake(MoneyFixture.bob, child) - bob
    )
    // The stakes differ by what the first purchase did to the price, and so do the parts.
    let fairToParent = UInt64(UInt128(toChild) * UInt128(alice) / UInt128(bob))
    #expect(max(toParent, fairToParent) - min(toParent, fairToParent) < 1000)
    #expect(toParent > 100_000_000)
    #expect(market.state.brokenInvariant() == nil)
  }
}
