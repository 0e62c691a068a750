package import Daemon
import Keys
import Ledger
package import Neurons
import Primitives
import SubnetKit

/// Buys and sells the subnet's alpha at random, so that there is a price to forecast where nobody else trades.
///
/// One trade in a block or two, each of 5 to 25 TAO, by an account of its own; the pool of a local network moves by one
/// to four per cent with each. The stake lies on a hotkey without a uid, so it has no part in the consensus.
package struct MarketTraffic: Sendable {
  private let client: ChainClient
  private let netuid: NetUID
  private let log: Logger
  private var random: SeededRandom
  /// Alpha that was bought and not sold.
  private var holding: UInt64 = 0

  /// What the trader is given at each start.
  private static let capital = Rao.tao(2000)
  /// One trade, in rao.
  private static let tradeSizes = Rao.tao(5).value...Rao.tao(25).value
  private static let trader = KeyPair.development(name: "trader")
  private static let hotkey = Hotkey(KeyPair.development(name: "trader-hotkey").account)

  package init(of plan: LocalnetPlan, on client: ChainClient, log: Logger) {
    self.client = client
    netuid = plan.netuid
    self.log = log
    random = SeededRandom(seed: plan.seed ?? 0, stream: 1)
  }

  /// Trades until cancelled; what the chain refuses is left out.
  ///
  /// - Throws: What the wait for a block throws and no waiting cures.
  package mutating func run() async throws {
    var heads = HeadFollower(of: client)
    var isReady = false
    while true {
      _ = try await heads.next()
      do throws(ChainClientError) {
        if !isReady { isReady = try await begin() }
        if isReady { try await trade() }
      } catch {
        if case .cancelled = error { throw CancellationError() }
        log.debug("a trade was left out", [.reason: .of(error)])
      }
    }
  }

  /// Brings the trader its capital; false while there is no subnet.
  private func begin() async throws(ChainClientError) -> Bool {
    guard try await client.metagraph(of: netuid) != nil else { return false }
    let transfer = Transfer(to: MarketTraffic.trader.account, amount: MarketTraffic.capital)
    try await client.submitAndWait(transfer, signedBy: DevelopmentAccount.faucet.keyPair)
    try await client.submitAndWait(AssociateHotkey(hotkey: MarketTraffic.hotkey), signedBy: MarketTraffic.trader)
    return true
  }

  private mutating func trade() async throws(ChainClientError) {
    let amount = Rao(UInt64.random(in: MarketTraffic.tradeSizes, using: &random))
    guard let metagraph = try await client.metagraph(of: netuid), metagraph.taoIn > .zero else { return }
    // What the amount is worth in alpha: the product of two numbers below 2^64 fits 128 bits.
    let wide = UInt128(amount.value) * UInt128(metagraph.alphaIn) / UInt128(metagraph.taoIn.value)
    let alpha = UInt64(clamping: wide)
    if Bool.random(using: &random), alpha <= holding {
      let call = RemoveStake(hotkey: MarketTraffic.hotkey, netuid: netuid, amount: Rao(alpha))
      try await client.submitAndWait(call, signedBy: MarketTraffic.trader)
      holding -= alpha
    } else {
      let call = AddStake(hotkey: MarketTraffic.hotkey, netuid: netuid, amount: amount)
      let inclusion = try await client.submitAndWait(call, signedBy: MarketTraffic.trader)
      if case .unsigned(let bought)? = inclusion.event("stake_added")?["amount_alpha"] { holding += bought }
    }
  }
}
