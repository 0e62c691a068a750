import Keys
import Ledger
import Primitives
import TestKit
import Testing

/// A chain that a test moves by hand.
@Suite struct TestChainTests {
  @Test func epochsBalancesAndPointsAreAtHand() async throws {
    let chain = try await TestChain()
    let someone = KeyPair.development(name: "someone")
    try await chain.setBalance(of: someone.account, to: .tao(5000))
    try await chain.run(RegisterSubnet(hotkey: Hotkey(someone.account)), by: someone)
    try await chain.keepPoint(named: "founded")
    let height = await chain.height
    let before = await chain.state.subnets[NetUID(1)]?.clock.epochIndex
    try await chain.goToNextEpoch(of: NetUID(1))
    #expect(await chain.state.subnets[NetUID(1)]?.clock.epochIndex != before)
    try await chain.advance(by: 1000)
    #expect(await chain.state.brokenInvariant() == nil)
    try await chain.returnToPoint(named: "founded")
    #expect(await chain.height == height)
    await #expect(throws: TestChain.Refused.self) {
      try await chain.run(Transfer(to: someone.account, amount: .tao(9_000_000)), by: DevelopmentAccount.miner.keyPair)
    }
  }
}
