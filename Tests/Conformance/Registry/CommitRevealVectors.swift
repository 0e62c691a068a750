import JSONText
import Keys
import Ledger
import Primitives
import Testing

enum CommitRevealVectors {
  static func outcome(_ vector: RegistryCase) throws -> JSONValue {
    switch vector.kind {
    case "window": return try window(vector.input)
    case "status": return try status(vector.input)
    case "queue": return try queue(vector.input)
    case "hash": return try hash(vector.input)
    default: throw vector.unknownKind
    }
  }

  private static func window(_ input: JSONValue) throws -> JSONValue {
    let clock = EpochClock(
      lastEpochBlock: try input.block("last_epoch_block"), epochIndex: try input.number("epoch_index"))
    let window = try #require(
      CommitWindow(
        committedAt: try input.block("commit_block"), clock: clock, tempo: try input.number("tempo"),
        period: try input.number("reveal_period_epochs")))
    return [
      "commit_epoch": JSONValue(window.commitEpoch), "reveal_epoch": JSONValue(window.revealEpoch),
      "first_reveal_block": JSONValue(window.firstRevealBlock),
      "last_reveal_block": JSONValue(window.lastRevealBlock),
      "expired_from_block": JSONValue(window.expiredFromBlock),
      "timelock_first_attempt_block": JSONValue(window.firstRevealBlock),
    ]
  }

  private static func status(_ input: JSONValue) throws -> JSONValue {
    let commit = WeightCommit(hash: .zero, epoch: try input.number("commit_epoch"), block: .genesis)
    let (current, period) = (
      try input.number("current_epoch", as: UInt64.self),
      try input.number("reveal_period_epochs", as: UInt64.self)
    )
    let refused = refusal { () throws(LedgerError) in
      _ = try CommitQueue([commit]).opened(by: .zero, at: EpochPosition(epoch: current), period: period)
    }
    return ["result": result(refused)]
  }

  private static func queue(_ input: JSONValue) throws -> JSONValue {
    let period = try input.number("reveal_period_epochs", as: UInt64.self)
    var queue = CommitQueue()
    var results: [JSONValue] = []
    var names: [Hash256: String] = [:]
    for action in try input.member("actions").elements() {
      let name = try action.member("commit").string()
      let hash = Hash256(hashing: Array(name.utf8))
      let epoch = try action.number("epoch", as: UInt64.self)
      names[hash] = name
      switch try action.member("op").string() {
      case "commit":
        let refused = refusal { () throws(LedgerError) in
          try queue.append(hash, at: EpochPosition(epoch: epoch), period: period)
        }
        results.append(result(refused))
      case "reveal":
        let refused = refusal { () throws(LedgerError) in
          queue = try queue.opened(by: hash, at: EpochPosition(epoch: epoch), period: period).rest
        }
        results.append(result(refused))
      case let other: throw JSONShapeError.expected("commit or reveal", found: other)
      }
    }
    let remaining = queue.commits.map { JSONValue(names[$0.hash] ?? "") }
    return ["results": .list(results), "remaining": .list(remaining)]
  }

  private static func hash(_ input: JSONValue) throws -> JSONValue {
    func bytes(_ name: String) throws -> [UInt8] { try #require([UInt8](hex: try input.member(name).string())) }
    let weights = SubmittedWeights(
      mechid: MechID(try input.number("mechid")), uids: try input.member("uids").integers(),
      values: try input.member("values").integers(), versionKey: try input.number("version_key"))
    let commitment = try WeightsCommitment(
      hotkey: try #require(Hotkey(try bytes("hotkey"))), netuid: try input.netuid("netuid"), weights: weights,
      salt: try bytes("salt"))
    return [
      "preimage": JSONValue(commitment.preimage.hex),
      "commit_hash": JSONValue(commitment.hash { Hash256(hashing: $0) }.description),
    ]
  }

  private static func result(_ refused: LedgerError?) -> JSONValue { JSONValue(refused?.code.name ?? "ok") }
}
