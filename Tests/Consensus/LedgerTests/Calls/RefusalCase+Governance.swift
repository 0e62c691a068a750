import Ledger
import Primitives

extension RefusalCase {
  private static let text = SubmitProposal(actions: [], title: "title")

  /// A root validator with 100 TAO, and an open proposal with the number 1.
  private static let opened: @Sendable (inout LedgerFixture) throws -> Void = {
    try $0.run(RootRegister(hotkey: hot("validator")), as: "validator")
    try $0.run(AddStake(hotkey: hot("validator"), netuid: .root, amount: .tao(100)), as: "validator")
    try $0.run(text, as: "owner")
  }

  private static func vote(on id: UInt64 = 1, through name: String = "validator", _ amount: Rao? = nil) -> Vote {
    Vote(id: id, choice: .aye, hotkey: hot(name), amount: amount)
  }

  static let governance: [RefusalCase] = [
    RefusalCase(
      .tooManyProposals, genesis: { $0.parameters.maxOpenProposals = 1 }, first: { try $0.run(text, as: "miner") },
      .signed(text, by: "owner")),
    RefusalCase(
      .tooManyProposalsByAccount, genesis: { $0.parameters.maxProposalsPerAccount = 1 },
      first: { try $0.run(text, as: "owner") }, .signed(text, by: "owner")),
    RefusalCase(.invalidProposal, .signed(SubmitProposal(actions: [[1]]), by: "owner")),
    RefusalCase(
      .invalidProposal,
      .signed(
        SubmitProposal(actions: [try LedgerFixture.encoded(Transfer(to: account("owner"), amount: .tao(1)))]),
        by: "owner")),
    RefusalCase(.notEnoughBalanceToStake, .signed(text, by: "pauper")),
    RefusalCase(.proposalNotFound, first: opened, .signed(vote(on: 2), by: "validator")),
    RefusalCase(
      .votingClosed,
      first: {
        try opened(&$0)
        $0.advance(60)
      }, .signed(vote(), by: "validator")),
    RefusalCase(.notInElectorate, first: opened, .signed(vote(), by: "miner")),
    RefusalCase(.notInElectorate, first: opened, .signed(vote(through: "miner"), by: "miner")),
    RefusalCase(
      .stakeTooRecent,
      first: {
        try opened(&$0)
        try $0.run(AddStake(hotkey: hot("validator"), netuid: .root, amount: .tao(1)), as: "miner")
      }, .signed(vote(.tao(1)), by: "miner")),
    RefusalCase(.notEnoughStake, first: opened, .signed(vote(.tao(101)), by: "validator")),
    RefusalCase(
      .notEnoughStakeToWithdraw,
      first: {
        try opened(&$0)
        try $0.run(vote(.tao(60)), as: "validator")
      },
      .signed(RemoveStake(hotkey: hot("validator"), netuid: .root, amount: .tao(41)), by: "validator")),
  ]
}
