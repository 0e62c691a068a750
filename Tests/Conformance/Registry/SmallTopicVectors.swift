import JSONText
import Keys
import Ledger
import Primitives

enum RateLimitVectors {
  static func outcome(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    let form: RateLimit
    switch try input.member("rule").string() {
    case "inclusive": form = .inclusive
    case "exclusive": form = .exclusive
    case "serving": form = .serving
    case "swap_cooldown": form = .swapCooldown
    case let other: throw JSONShapeError.expected("a form of rate limit", found: other)
    }
    let isAllowed = form.allows(
      limit: try input.number("limit"), last: try input.block("last_block"), now: try input.block("block"))
    return ["allowed": JSONValue(isAllowed)]
  }
}

enum MechanismVectors {
  static func outcome(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    switch vector.kind {
    case "split":
      let split = try input.member("split")
      let mechanisms = Mechanisms(
        count: try input.number("mechanism_count"), split: split.isNull ? [] : try split.integers())
      return ["parts": JSONValue(mechanisms.parts(of: try input.number("alpha")))]
    case "uid_product":
      let (most, count) = (
        try input.number("max_allowed_uids", as: UInt64.self),
        try input.number("mechanism_count", as: UInt64.self)
      )
      let refused = refusal { () throws(LedgerError) in
        try Mechanisms.checkUIDProduct(maxAllowedUIDs: most, count: count)
      }
      return ["allowed": JSONValue(refused == nil)]
    case "split_valid":
      let split: [UInt16] = try input.member("split").integers()
      let count = try input.number("mechanism_count", as: UInt8.self)
      return ["error": JSONValue(refusal { () throws(LedgerError) in try Mechanisms.checkSplit(split, count: count) })]
    case "storage_index":
      let index = Mechanisms.storageIndex(
        netuid: try input.netuid("netuid"), mechid: MechID(try input.number("mechid")))
      return ["index": index.map { JSONValue($0) } ?? .null]
    default: throw vector.unknownKind
    }
  }
}

enum CommitmentQuotaVectors {
  static func outcome(_ vector: RegistryCase) throws -> JSONValue {
    let maxSpace = try vector.input.number("max_space", as: UInt64.self)
    var quota = CommitmentQuota()
    let results = try vector.input.member("commits").elements().map { commit -> JSONValue in
      let lengths: [Int] = try commit.member("field_lengths").integers()
      let epoch = try commit.number("epoch", as: UInt64.self)
      let refused = refusal { () throws(LedgerError) in
        try quota.charge(fieldLengths: lengths, at: EpochPosition(epoch: epoch), maxSpace: maxSpace)
      }
      return ["error": JSONValue(refused), "used": JSONValue(quota.used)]
    }
    return ["results": .list(results)]
  }
}

enum GovernanceTallyVectors {
  static func outcome(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    let name = try input.member("proposal_class").string()
    guard let proposalClass = ProposalClass(name: name) else {
      throw JSONShapeError.expected("a class of proposal", found: name)
    }
    let main = GlobalParameters.main
    let tally = ProposalTally(
      proposalClass: proposalClass,
      quorumPermille: UInt64(proposalClass == .simple ? main.quorumSimple : main.quorumSuper),
      totalPower: try input.number("total_power"), aye: try input.number("aye"), nay: try input.number("nay"),
      veto: try input.number("veto"), abstain: try input.number("abstain"))
    let result = tally.earlyResult ?? tally.result
    return [
      "closes_early": JSONValue(tally.earlyResult != nil), "result": JSONValue(result.name),
      "deposit": JSONValue(tally.recyclesDeposit(at: result) ? "recycled" : "refunded"),
    ]
  }
}

enum ChildrenVectors {
  static func outcome(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    let children = try input.member("children").elements().map { child in
      ChildShare(child: hotkey(try child.member("child").string()), proportion: try child.number("proportion"))
    }
    do {
      switch try rules(input).effect(of: children) {
      case .now: return ["error": nil, "applied_now": true, "cooldown_block": nil]
      case .after(let cooldown):
        return ["error": nil, "applied_now": false, "cooldown_block": JSONValue(cooldown)]
      }
    } catch let error as LedgerError {
      return ["error": JSONValue(error), "applied_now": false, "cooldown_block": nil]
    }
  }

  private static func rules(_ input: JSONValue) throws -> ChildrenRules {
    let parents = try input.member("existing_parents").elements().map { hotkey(try $0.string()) }
    return ChildrenRules(
      netuid: try input.netuid("netuid"), block: try input.block("block"),
      parent: hotkey(try input.member("parent").string()),
      rateLimitBlocksLeft: try input.flag("rate_limit_ok") ? 0 : 1, subnetExists: try input.flag("subnet_exists"),
      subnetStarted: try input.flag("subnet_started"), callerOwnsParent: try input.flag("caller_owns_parent"),
      isOwnerHotkey: try input.flag("is_owner_hotkey"), parentsOfParent: parents,
      ownStake: try input.number("own_stake"), stakeThreshold: try input.number("stake_threshold"),
      pendingCooldown: try input.number("pending_cooldown"))
  }

  /// Letters stand for keys; any key of their own will do.
  private static func hotkey(_ letter: String) -> Hotkey {
    Hotkey(AccountID(Hash256(hashing: Array(letter.utf8)).value))
  }
}
