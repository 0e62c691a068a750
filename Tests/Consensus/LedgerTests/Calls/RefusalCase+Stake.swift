import Ledger
import Primitives

extension RefusalCase {
  private static func children(_ names: [String], of parent: String = "owner", share: UInt64 = 1) -> SetChildren {
    SetChildren(
      hotkey: hot(parent), netuid: one, children: names.map { ChildShare(child: hot($0), proportion: share) })
  }

  private static let notStarted: @Sendable (inout Genesis) -> Void = {
    $0.parameters.autoStart = false
    $0.parameters.setChildrenRateLimit = 0
  }

  static let children: [RefusalCase] = [
    RefusalCase(
      .txRateLimitExceeded, first: { try $0.run(children([]), as: "owner") }, .signed(children([]), by: "owner")),
    RefusalCase(.duplicateChild, .signed(children(["a", "a"]), by: "owner")),
    RefusalCase(.invalidChild, .signed(children(["owner"]), by: "owner")),
    RefusalCase(.tooManyChildren, .signed(children(["a", "b", "c", "d", "e", "f"]), by: "owner")),
    RefusalCase(.proportionOverflow, .signed(children(["a", "b"], share: .max), by: "owner")),
    RefusalCase(
      .childParentInconsistency, genesis: notStarted,
      first: { try $0.run(children(["miner"]), as: "owner") },
      .signed(children(["owner"], of: "miner"), by: "miner")),
    RefusalCase(
      .notEnoughStakeToSetChildkeys, genesis: { $0.parameters.stakeThreshold = 1 },
      .signed(children(["a"], of: "miner"), by: "miner")),
    RefusalCase(
      .invalidChildkeyTake, .signed(SetChildkeyTake(hotkey: hot("miner"), netuid: one, take: 11797), by: "miner")),
    RefusalCase(
      .txChildkeyTakeRateLimitExceeded,
      first: { try $0.run(SetChildkeyTake(hotkey: hot("miner"), netuid: one, take: 1), as: "miner") },
      .signed(SetChildkeyTake(hotkey: hot("miner"), netuid: one, take: 2), by: "miner")),
    RefusalCase(
      .delegateTakeTooLow, first: { try $0.run(DecreaseTake(hotkey: hot("miner"), take: 5), as: "miner") },
      .signed(DecreaseTake(hotkey: hot("miner"), take: 5), by: "miner")),
    RefusalCase(.delegateTakeTooHigh, .signed(IncreaseTake(hotkey: hot("miner"), take: 11797), by: "miner")),
    RefusalCase(
      .delegateTxRateLimitExceeded, first: { try $0.run(DecreaseTake(hotkey: hot("miner"), take: 5), as: "miner") },
      .signed(IncreaseTake(hotkey: hot("miner"), take: 6), by: "miner")),
  ]

  private static func add(_ amount: Rao, limit: Rao? = nil) -> AddStake {
    AddStake(hotkey: hot("miner"), netuid: one, amount: amount, limitPrice: limit)
  }

  static let stake: [RefusalCase] = [
    RefusalCase(.amountTooLow, .signed(add(.zero), by: "miner")),
    RefusalCase(.notEnoughBalanceToStake, .signed(add(.tao(2_000_000)), by: "miner")),
    RefusalCase(
      .notEnoughStakeToWithdraw, .signed(RemoveStake(hotkey: hot("miner"), netuid: one, amount: Rao(1)), by: "miner")),
    RefusalCase(
      .sameNetuid, .signed(SwapStake(hotkey: hot("miner"), netuid: one, toNetuid: one, amount: Rao(1)), by: "miner")),
    RefusalCase(.priceLimitExceeded, .signed(add(.tao(1), limit: Rao(1)), by: "miner")),
    RefusalCase(.slippageTooHigh, .signed(add(.tao(100), limit: Rao(1_500_000_000)), by: "miner")),
    RefusalCase(
      .reservesTooLow, first: { $0.state.chain.parameters.minReserve = .tao(1_000_000) },
      .signed(add(.tao(1)), by: "miner")),
    RefusalCase(
      .swapInputTooLarge, genesis: { $0.parameters.maxInputMult = 1 }, .signed(add(.tao(1000)), by: "miner")),
  ]

  static let composition: [RefusalCase] = [
    RefusalCase(.noSelfProxy, .signed(AddProxy(delegate: account("miner"), type: .any), by: "miner")),
    RefusalCase(
      .duplicate, first: { try $0.run(AddProxy(delegate: account("owner"), type: .any), as: "miner") },
      .signed(AddProxy(delegate: account("owner"), type: .any), by: "miner")),
    RefusalCase(
      .tooMany,
      first: {
        for delay in 0..<20 {
          try $0.run(AddProxy(delegate: account("owner"), type: .any, delay: UInt32(delay)), as: "miner")
        }
      }, .signed(AddProxy(delegate: account("owner"), type: .any, delay: 20), by: "miner")),
    RefusalCase(.notFound, .signed(RemoveProxy(delegate: account("owner"), type: .any), by: "miner")),
    RefusalCase(.notProxy, .signed(Proxy(real: account("miner"), call: []), by: "owner")),
    RefusalCase(
      .unannounced, first: { try $0.run(AddProxy(delegate: account("owner"), type: .any, delay: 1), as: "miner") },
      .signed(Proxy(real: account("miner"), call: []), by: "owner")),
    RefusalCase(
      .noPermission, first: { try $0.run(AddProxy(delegate: account("owner"), type: .staking), as: "miner") },
      .inside(Proxy(real: account("miner"), call: try transfer()), by: "owner")),
    RefusalCase(.nestedBatch, .signed(Batch(calls: [try LedgerFixture.encoded(Batch(calls: []))]), by: "miner")),
    RefusalCase(
      .tooManyCalls, .signed(Batch(calls: Array(repeating: try transfer(), count: 257)), by: "miner")),
  ]

  private static func transfer() throws -> [UInt8] {
    try LedgerFixture.encoded(Transfer(to: account("owner"), amount: .tao(1)))
  }
}
