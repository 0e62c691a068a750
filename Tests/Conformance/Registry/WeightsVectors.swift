import JSONText
import Ledger
import Primitives
import Yuma

enum WeightsVectors {
  static func normalization(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    let stored = WeightUpscaling.largestBecomesFull(try input.member("values").integers())
    let limit = try input.number("max_weight_limit", as: UInt16.self)
    let isWithin = try input.flag("is_self_weight") || limit == .max || isMaxShareWithin(limit, row: stored)
    return ["stored": JSONValue(stored), "within_limit": JSONValue(isWithin)]
  }

  static func checks(_ vector: RegistryCase) throws -> JSONValue {
    let state = try vector.json.member("state")
    let sent = try vector.json.member("tx")
    let rules = try rules(state)
    let weights = SubmittedWeights(
      mechid: MechID(try sent.number("mechid")), uids: try sent.member("uids").integers(),
      values: try sent.member("values").integers(), versionKey: try sent.number("version_key"))
    do {
      let row = try rules.row(of: weights, arriving: .plain)
      return [
        "error": nil, "stored": .list(row.map { JSONValue([$0.uid.value, $0.weight]) }),
        "new_last_update": JSONValue(rules.block),
      ]
    } catch {
      return ["error": JSONValue(error), "stored": nil, "new_last_update": nil]
    }
  }

  private static func rules(_ state: JSONValue) throws -> WeightsRules {
    let (netuid, block) = (try state.netuid("netuid"), try state.block("block"))
    // Of a subnet that is not there the rules know nothing, whatever else the case says.
    guard try state.flag("subnet_exists") else { return WeightsRules(netuid: netuid, block: block) }
    return WeightsRules(
      netuid: netuid, block: block, mechanismCount: try state.number("mechanism_count"),
      commitRevealEnabled: try state.flag("commit_reveal_enabled"), uidCount: try state.number("n"),
      weightsVersion: try state.number("weights_version"), weightsRateLimit: try state.number("weights_rate_limit"),
      minAllowedWeights: try state.number("min_allowed_weights"), maxWeightsLimit: try state.number("max_weight_limit"),
      stakeThreshold: try state.number("stake_threshold"), senderUID: try state.uid("caller_uid"),
      ownerUID: try state.uid("owner_uid"), senderStake: try state.number("caller_stake"),
      senderHasPermit: try state.flag("caller_permit"), lastUpdate: try state.block("last_update"))
  }
}
