import JSONText
import Ledger
import Primitives

enum SlotVectors {
  static func pruning(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    let protection = try protection(input)
    let occupants = try occupants(input)
    let least = try input.number("min_non_immune_uids", as: Int.self)
    return [
      "immortal_uids": JSONValue(protection.immortalUIDs(of: occupants)),
      "pruned_uid": JSONValue(protection.prunedUID(of: occupants, minNonImmuneUIDs: least)),
    ]
  }

  static func trim(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    let allowed = (
      least: try input.number("min_allowed_uids", as: Int.self),
      most: try input.number("max_allowed_uids", as: Int.self)
    )
    let (occupants, protection) = (try occupants(input), try protection(input))
    let most = try input.number("max_n", as: Int.self)
    do {
      let plan = try TrimPlan(of: occupants, to: most, allowed: allowed, protection: protection)
      return [
        "error": nil, "removed": JSONValue(plan.removed),
        "mapping": .list(plan.mapping.map { JSONValue([$0.old.value, $0.new.value]) }),
      ]
    } catch {
      return ["error": JSONValue(error)]
    }
  }

  static func permits(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    let permits = ValidatorPermits(
      stakes: try input.member("stake").integers(), threshold: try input.number("stake_threshold"),
      maxValidators: try input.number("max_allowed_validators"), ownerUID: try input.uid("owner_uid"))
    return ["share_q32": JSONValue(permits.shares), "permit": JSONValue(permits.permits)]
  }

  private static func protection(_ input: JSONValue) throws -> SlotProtection {
    SlotProtection(
      block: try input.block("block"), immunityPeriod: try input.number("immunity_period"),
      ownerUID: try input.uid("owner_hotkey_uid"), immuneOwnerUIDsLimit: try input.number("immune_owner_uids_limit"))
  }

  private static func occupants(_ input: JSONValue) throws -> [SlotOccupant] {
    try input.member("neurons").elements().map { neuron in
      SlotOccupant(
        uid: UID(try neuron.number("uid")), emission: try neuron.number("emission"),
        registeredAt: try neuron.block("registered_at"), belongsToSubnetOwner: try neuron.flag("owned_by_subnet_owner"))
    }
  }
}
