import Keys
import Ledger
import Primitives
import Testing
import Wire

/// A small chain with one subnet to ask about: its owner, a validator, a miner and a nominator.
struct QueryNetwork {
  static let netuid = NetUID(1)
  static let owner = Coldkey(key(1))
  static let ownerHotkey = Hotkey(key(2))
  static let coldkey = Coldkey(key(3))
  static let validator = Hotkey(key(4))
  static let miner = Hotkey(key(5))
  static let nominator = Coldkey(key(6))

  static let host = HostFunctions(
    hash: { Hash256(hashing: $0) }, isAcceptableKey: { _ in true },
    decodeCall: { bytes in try? WireCodec.decode(bytes, as: .call) })

  var state: LedgerState

  /// Registered and staked, at block 5 and before the first epoch.
  init(_ change: (inout GlobalParameters) -> Void = { _ in }) throws {
    var genesis = Genesis()
    genesis.parameters = .local
    genesis.parameters.minLockCost = .tao(1000)
    change(&genesis.parameters)
    genesis.balances = [Self.owner, Self.coldkey, Self.nominator].map { GenesisBalance($0.account, .tao(10_000)) }
    genesis.sudoKey = Self.owner.account
    genesis.authorities = [key(90)]
    state = LedgerState(genesis, host: Self.host)
    run(blocks: 2)
    try call(RegisterSubnet(hotkey: Self.ownerHotkey), by: Self.owner.account)
    run(blocks: 1)
    try call(RegisterNeuron(netuid: Self.netuid, hotkey: Self.validator), by: Self.coldkey.account)
    try call(RegisterNeuron(netuid: Self.netuid, hotkey: Self.miner), by: Self.coldkey.account)
    try call(AddStake(hotkey: Self.validator, netuid: Self.netuid, amount: .tao(100)), by: Self.coldkey.account)
    try call(AddStake(hotkey: Self.validator, netuid: Self.netuid, amount: .tao(50)), by: Self.nominator.account)
    try call(RootRegister(hotkey: Self.validator), by: Self.coldkey.account)
    try call(AddStake(hotkey: Self.validator, netuid: .root, amount: .tao(30)), by: Self.nominator.account)
    run(blocks: 2)
  }

  mutating func run(blocks: Int) {
    for _ in 0..<blocks { _ = state.beginBlock(with: Self.host) }
  }

  @discardableResult
  mutating func call(_ call: any LedgerCall, by signer: AccountID) throws -> [LedgerEvent] {
    try state.run(call, as: .signed(signer), with: Self.host)
  }

  /// The typed answer, after a journey over the wire in both directions.
  func ask<Query: StateQuery>(
    _ query: Query, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Query.Answer {
    let request = try WireCodec.decode(
      WireCodec.encode(query.request, as: .queryRequest), as: .queryRequest)
    let asked = try #require(request.group(Query.name), sourceLocation: sourceLocation)
    let reply = try #require(
      try state.reply(to: Query.name, asked, with: Self.host), sourceLocation: sourceLocation)
    let sent = Fields([.init(name: Query.name, value: .group(reply))])
    let bytes = try WireCodec.encode(sent, as: .queryReply)
    #expect(bytes.count <= 1 << 20, sourceLocation: sourceLocation)
    let received = try WireCodec.decode(bytes, as: .queryReply)
    let answer = try #require(received.group(Query.name), sourceLocation: sourceLocation)
    return try Query.answer(in: answer)
  }
}

func key(_ number: UInt8) -> AccountID { AccountID(Array(repeating: number, count: 32))! }

extension QueryNetwork {
  /// The same with weights, an epoch behind it, an axon with a certificate, children, a commitment, a vote, a proxy.
  static func busy() throws -> QueryNetwork {
    var network = try QueryNetwork {
      $0.pendingChildkeyCooldown = 1
      $0.setChildrenRateLimit = 0
    }
    let lent = ChildShare(child: miner, proportion: .max / 4)
    try network.call(SetChildren(hotkey: validator, netuid: netuid, children: [lent]), by: coldkey.account)
    network.run(blocks: 12)
    try network.call(SetWeights(netuid: netuid, uids: [0, 2], values: [1, 9]), by: validator.account)
    var axon = ServeAxon()
    axon.netuid = netuid
    axon.ip = [127, 0, 0, 1]
    axon.ipType = 4
    axon.port = 9000
    axon.certificate = [1] + Array(repeating: 8, count: 32)
    try network.call(axon, by: miner.account)
    try network.call(AddProxy(delegate: key(50), type: .staking, delay: 3), by: nominator.account)
    try network.call(SetCommitment(netuid: netuid, fields: [CommitmentField(.raw, [7])]), by: validator.account)
    try network.call(SubmitProposal(actions: [], title: "A title", text: "A text"), by: coldkey.account)
    try network.call(Vote(id: 1, choice: .nay, hotkey: validator, amount: .tao(10)), by: nominator.account)
    try network.call(SetChildkeyTake(hotkey: miner, netuid: netuid, take: 500), by: coldkey.account)
    network.run(blocks: 10)
    let next = ChildShare(child: ownerHotkey, proportion: .max / 2)
    try network.call(SetChildren(hotkey: validator, netuid: netuid, children: [next]), by: coldkey.account)
    return network
  }
}
