import Keys
import Ledger
import Primitives
import Wire

// What the scripted chain knows and does, without waiting.
extension ScriptedChain.State {
  /// The first nonce that neither the state nor the pool holds.
  func nextNonce(of account: AccountID) -> UInt64 {
    var nonce = nonces[account, default: 0]
    while pool.contains(where: { $0.body.signer == account && $0.body.nonce == nonce }) { nonce += 1 }
    return nonce
  }

  /// Takes out of the pool what has no gap before it.
  mutating func takeReady() -> [Extrinsic] {
    var expected = nonces
    var ready: [Extrinsic] = []
    for extrinsic in pool.sorted(by: { $0.body.nonce < $1.body.nonce })
    where extrinsic.body.nonce == expected[extrinsic.body.signer, default: 0] {
      expected[extrinsic.body.signer, default: 0] += 1
      ready.append(extrinsic)
    }
    pool.removeAll { waiting in ready.contains { $0.id == waiting.id } }
    return ready
  }

  func answer(_ name: String, _ arguments: Fields) -> Result<Fields, ScriptedChain.Refusal> {
    switch name {
    case "status": return .success(status)
    case "chain_head":
      let header = ScriptedChain.State.header(height)
      return .success(
        ["number": .unsigned(height), "hash": .bytes(header.hash.bytes), "header": .bytes(header.encoded)])
    case "account":
      guard let account = AccountID(arguments.blob("account")) else { return .failure(.init(.malformed)) }
      return .success(
        ["nonce": .unsigned(nonces[account, default: 0]), "next_nonce": .unsigned(nextNonce(of: account))])
    case "receipt":
      guard let id = Hash256(arguments.blob("extrinsic_id")), let receipt = receipts[id] else {
        return .failure(.init(.notFound))
      }
      return .success(receipt)
    case "metagraph": return hasSubnet ? .success(metagraph) : .failure(.init(.subnetNotExists))
    case "uid_of":
      guard let index = hotkeys.firstIndex(where: { $0.bytes == arguments.blob("hotkey") }) else {
        return .success([:])
      }
      return .success(["uid": .unsigned(UInt64(index)), "has_uid": .flag(true)])
    case "weight_commits":
      let own = commits.filter { $0.signer.bytes == arguments.blob("hotkey") }
      return .success(
        [
          "commits": .groupList(
            own.map {
              ["hash": .bytes($0.hash.bytes), "epoch": .unsigned($0.epoch), "block": .unsigned($0.block)]
            })
        ])
    default: return .failure(.init(.callNotSupported))
    }
  }

  mutating func include(_ extrinsic: Extrinsic, at index: Int) {
    nonces[extrinsic.body.signer, default: 0] += 1
    let code = failures.isEmpty ? run(extrinsic) : failures.removeFirst()
    receipts[extrinsic.id] = [
      "receipt": .group([
        "extrinsic_id": .bytes(extrinsic.id.bytes), "block": .unsigned(height), "index": .unsigned(UInt64(index)),
        "ok": .flag(code == nil), "code": .unsigned(UInt64(code?.rawValue ?? 0)),
      ]), "block_hash": .bytes(ScriptedChain.State.header(height).hash.bytes),
    ]
  }

  private mutating func run(_ extrinsic: Extrinsic) -> LedgerErrorCode? {
    guard let message = try? WireCodec.decode(extrinsic.body.call, as: .call),
      let call = try? CallTable.call(from: message)
    else { return .malformed }
    let signer = extrinsic.body.signer
    calls.append(type(of: call).descriptor.name)
    switch call {
    case let call as ServeAxon:
      axons[signer] = [
        "block": .unsigned(height), "version": .unsigned(UInt64(call.version)), "ip": .bytes(call.ip),
        "port": .unsigned(UInt64(call.port)), "ip_type": .unsigned(UInt64(call.ipType)),
        "protocol": .unsigned(UInt64(call.protocolNumber)),
      ]
    case let call as SetWeights:
      if commitReveal { return .commitRevealEnabled }
      weights.append(.init(block: height, signer: signer, uids: call.uids, values: call.values))
      lastUpdate[signer] = height
    case let call as CommitWeights:
      commits.append(.init(signer: signer, hash: call.hash, epoch: epochIndex, block: height))
      lastUpdate[signer] = height
    case let call as RevealWeights: return reveal(call, by: signer)
    default: break
    }
    return nil
  }

  /// With a period of one epoch.
  private mutating func reveal(_ call: RevealWeights, by signer: AccountID) -> LedgerErrorCode? {
    let submitted = SubmittedWeights(
      mechid: call.mechid, uids: call.uids, values: call.values, versionKey: call.versionKey)
    guard
      let hidden = try? WeightsCommitment(
        hotkey: Hotkey(signer), netuid: call.netuid, weights: submitted, salt: call.salt)
    else { return .invalidSaltLength }
    let hash = hidden.hash { Hash256(hashing: $0) }
    guard let index = commits.firstIndex(where: { $0.hash == hash }) else { return .invalidRevealCommitHashNotMatch }
    guard epochIndex == commits[index].epoch + 1 else { return .revealTooEarly }
    commits.removeSubrange(...index)
    weights.append(.init(block: height, signer: signer, uids: call.uids, values: call.values))
    return nil
  }

  private var status: Fields {
    [
      "chain_id": .bytes(ScriptedChain.chainID.bytes), "name": .bytes(Array("scripted".utf8)),
      "spec_version": .unsigned(1), "height": .unsigned(height),
      "head_hash": .bytes(ScriptedChain.State.header(height).hash.bytes), "state_root": .bytes(Hash256.zero.bytes),
      "block_time_ms": .unsigned(250), "is_producer": .flag(true),
    ]
  }

  private var metagraph: Fields {
    let count = hotkeys.count
    let zeros = FieldValue.unsignedList(Array(repeating: 0, count: count))
    var fields: Fields = [
      "netuid": .unsigned(1), "owner_hotkey": .bytes(ScriptedChain.authority.account.bytes),
      "owner_coldkey": .bytes(ScriptedChain.authority.account.bytes), "block": .unsigned(height),
      "tempo": .unsigned(tempo), "epoch_index": .unsigned(epochIndex), "next_epoch_block": .unsigned(nextEpochBlock),
      "min_allowed_weights": .unsigned(1), "max_weights_limit": .unsigned(65535),
      "weights_rate_limit": .unsigned(weightsRateLimit), "commit_reveal_weights_enabled": .flag(commitReveal),
      "commit_reveal_period": .unsigned(1), "mechanism_count": .unsigned(1),
      "hotkeys": .bytesList(hotkeys.map(\.bytes)), "coldkeys": .bytesList(hotkeys.map(\.bytes)),
      "axons": .groupList(hotkeys.map { axons[$0] ?? [:] }),
      "active": .unsignedList(Array(repeating: 1, count: count)),
      "validator_permit": .unsignedList(hotkeys.map { permits.contains($0) ? 1 : 0 }),
      "last_update": .unsignedList(hotkeys.map { lastUpdate[$0, default: 1] }),
      "total_stake": .unsignedList(hotkeys.map { stakes[$0, default: 0] }),
    ]
    let names = [
      "emission", "dividends", "incentives", "consensus", "validator_trust", "block_at_registration", "alpha_stake",
      "tao_stake",
    ]
    for name in names { fields.append(name, zeros) }
    return fields
  }

  static func header(_ number: UInt64) -> BlockHeader {
    BlockHeader(
      number: BlockNumber(number), parent: .zero, timestampMilliseconds: number,
      author: ScriptedChain.authority.account, extrinsicsRoot: .zero, stateRoot: .zero, eventsRoot: .zero)
  }

  static func announcement(_ number: UInt64) -> [UInt8] {
    let header = header(number)
    let fields: Fields = ["header": .bytes(header.encoded), "hash": .bytes(header.hash.bytes)]
    return (try? WireCodec.encode(fields, as: .blockAnnouncement)) ?? []
  }
}
