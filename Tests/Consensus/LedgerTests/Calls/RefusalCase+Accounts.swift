import Ledger
import Primitives

extension RefusalCase {
  static let all =
    envelope + accounts + subnets + parameters + slots + weights + commits + serving + children
    + stake + composition + governance

  static func hot(_ name: String) -> Hotkey { LedgerFixture.hotkey(name) }
  static func account(_ name: String) -> AccountID { LedgerFixture.account(name) }
  static let one = NetUID(1)
  static let nine = NetUID(9)

  static let envelope: [RefusalCase] = [
    RefusalCase(.tooLarge, .envelope({ _, _ in }, size: 65537)),
    RefusalCase(.wrongChain, .envelope({ body, _ in body.chainID = .zero })),
    RefusalCase(.wrongVersion, .envelope({ body, _ in body.specVersion = 2 })),
    RefusalCase(
      .expired, first: { $0.advance(4) },
      .envelope({ body, _ in (body.birth, body.period) = (BlockNumber(1), 4) })),
    RefusalCase(
      .notYetValid,
      .envelope({ body, fixture in (body.birth, body.period) = (fixture.state.block.advanced(by: 1), 4) })),
    RefusalCase(.malformed, .envelope({ body, _ in body.period = 5 })),
    RefusalCase(
      .stale, first: { _ = try $0.send(Transfer(to: account("owner"), amount: Rao(1000)), as: "miner") },
      .envelope({ body, _ in body.nonce = 0 })),
    RefusalCase(.future, .envelope({ body, _ in body.nonce = 1 })),
    RefusalCase(.malformed, .signed(BatchAll(calls: [[1, 2, 3]]), by: "miner")),
    RefusalCase(
      .chainPaused, first: { try $0.runAsRoot(Pause(on: true)) },
      .signed(Transfer(to: account("owner"), amount: .tao(1)), by: "miner")),
    RefusalCase(.balanceTooLow, .signed(AddProxy(delegate: account("miner"), type: .any), by: "pauper")),
    RefusalCase(
      .callNotSupported,
      .encoded(["update_symbol": .group(["netuid": .unsigned(1), "symbol": .bytes([65])])], by: "owner")),
  ]

  static let accounts: [RefusalCase] = [
    RefusalCase(.notAuthorized, .signed(SetGlobalParameter(name: "min_stake", value: .u64(1)), by: "miner")),
    RefusalCase(.notAuthorized, .signed(Sudo(call: []), by: "miner")),
    RefusalCase(.notSubnetOwner, .signed(TriggerEpoch(netuid: one), by: "miner")),
    RefusalCase(
      .nonAssociatedColdKey, first: { try $0.run(AssociateHotkey(hotkey: hot("free")), as: "owner") },
      .signed(RegisterNeuron(netuid: one, hotkey: hot("free")), by: "miner")),
    RefusalCase(
      .cannotUseSystemAccount,
      .signed(AssociateHotkey(hotkey: Hotkey(LedgerFixture.host.burnAccount)), by: "miner")),
    RefusalCase(.invalidPublicKey, .signed(Transfer(to: .zero, amount: .tao(1)), by: "miner")),
    RefusalCase(.hotKeyAccountNotExists, .signed(DecreaseTake(hotkey: hot("nobody"), take: 0), by: "miner")),
    RefusalCase(.hotKeyNotRegisteredInNetwork, .signed(SetIdentity(), by: "stranger")),
    RefusalCase(.invalidValue, .signed(Faucet(amount: .zero), by: "miner")),
    RefusalCase(.insufficientBalance, .signed(Transfer(to: account("owner"), amount: .tao(2_000_000)), by: "miner")),
    RefusalCase(.belowExistentialDeposit, .signed(Transfer(to: account("pauper"), amount: Rao(499)), by: "miner")),
    RefusalCase(
      .faucetDisabled, genesis: { $0.parameters.faucetEnabled = false }, .signed(Faucet(amount: .tao(1)), by: "miner")),
  ]

  static let serving: [RefusalCase] = [
    RefusalCase(.invalidIpType, .signed(axon { $0.ipType = 5 }, by: "miner-hot")),
    RefusalCase(.invalidIpAddress, .signed(axon { $0.ip = [1, 2, 3] }, by: "miner-hot")),
    RefusalCase(.invalidPort, .signed(axon { $0.port = 0 }, by: "miner-hot")),
    RefusalCase(
      .servingRateLimitExceeded, genesis: { $0.parameters.newSubnet.servingRateLimit = 5 },
      first: { try $0.run(axon { _ in }, as: "miner-hot") }, .signed(axon { _ in }, by: "miner-hot")),
    RefusalCase(.invalidCertificate, .signed(axon { $0.certificate = [1, 2] }, by: "miner-hot")),
    RefusalCase(
      .accountNotAllowedCommit, .signed(SetCommitment(netuid: one, fields: []), by: "stranger-hot")),
    RefusalCase(
      .tooManyFieldsInCommitmentInfo,
      .signed(
        SetCommitment(netuid: one, fields: Array(repeating: CommitmentField(.raw, [1]), count: 4)), by: "miner-hot")),
    RefusalCase(
      .spaceLimitExceeded, genesis: { $0.parameters.commitmentMaxSpace = 199 },
      first: { try $0.run(SetCommitment(netuid: one, fields: [CommitmentField(.raw, [1])]), as: "miner-hot") },
      .signed(SetCommitment(netuid: one, fields: []), by: "miner-hot")),
  ]

  private static func axon(_ change: (inout ServeAxon) -> Void) -> ServeAxon {
    var call = ServeAxon(netuid: one, version: 1, ip: [10, 0, 0, 1], port: 9000)
    change(&call)
    return call
  }
}
