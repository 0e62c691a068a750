import JSONText
import Ledger
import Primitives

enum EpochScheduleVectors {
  /// The main profile's value where a case does not say.
  private static func maxOwnerTempo(_ input: JSONValue) throws -> UInt16 {
    guard let given = input["max_owner_tempo"], !given.isNull else { return GlobalParameters.main.maxOwnerTempo }
    return try given.integer()
  }

  static func outcome(_ vector: RegistryCase) throws -> JSONValue {
    let input = try vector.input
    switch vector.kind {
    case "next_epoch": return try nextEpoch(input)
    case "state": return try state(input)
    case "sequence": return try sequence(input)
    case "legacy_modulo":
      let block = try input.block("block")
      let left = legacyBlocksUntilEpoch(netuid: try input.netuid("netuid"), tempo: try input.number("tempo"), at: block)
      return ["blocks_until": JSONValue(left), "epoch_block": JSONValue(block.advanced(by: left))]
    case "activity":
      let factor = try input.number("activity_cutoff_factor_milli", as: UInt32.self)
      let cutoff = activityCutoff(tempo: try input.number("tempo"), factorMilli: factor)
      let active = isActive(lastUpdate: try input.block("last_update"), cutoff: cutoff, at: try input.block("block"))
      return ["cutoff_blocks": JSONValue(cutoff), "active": JSONValue(active)]
    case "owner_rate_limit":
      let limit = try input.number("tempo", as: UInt64.self) * input.number("tempos", as: UInt64.self)
      let allowed = RateLimit.inclusive.allows(
        limit: limit, last: try input.block("last_block"), now: try input.block("block"))
      return ["allowed": JSONValue(allowed)]
    default: throw vector.unknownKind
    }
  }

  private static func nextEpoch(_ input: JSONValue) throws -> JSONValue {
    let tempo = try input.number("tempo", as: UInt16.self)
    let created = try input.block("registered_at")
    let block = try input.block("block")
    var clock = EpochClock(createdAt: created, netuid: try input.netuid("netuid"), tempo: tempo)
    let initial = clock.lastEpochBlock
    let maxOwnerTempo = try maxOwnerTempo(input)
    for number in stride(from: created.value + 1, through: block.value, by: 1) {
      var pass = EpochPass(block: BlockNumber(number), maxEpochsPerBlock: 1, maxOwnerTempo: maxOwnerTempo)
      if case .run = pass.visit(&clock, tempo: tempo) { clock.closeEpoch(at: pass.block, paid: true) }
    }
    let window = try input.number("admin_freeze_window", as: UInt64.self)
    return [
      "initial_last_epoch_block": JSONValue(initial), "last_epoch_block": JSONValue(clock.lastEpochBlock),
      "epoch_index": JSONValue(clock.epochIndex), "next_epoch_block": JSONValue(clock.nextEpochBlock(tempo: tempo)),
      "blocks_until": JSONValue(clock.blocksUntilEpoch(at: block, tempo: tempo)),
      "in_admin_freeze_window": JSONValue(clock.isFrozen(at: block, tempo: tempo, window: window)),
    ]
  }

  private static func state(_ input: JSONValue) throws -> JSONValue {
    let tempo = try input.number("tempo", as: UInt16.self)
    let block = try input.block("block")
    let window = try input.number("admin_freeze_window", as: UInt64.self)
    let maxOwnerTempo = try maxOwnerTempo(input)
    let clock = EpochClock(
      lastEpochBlock: try input.block("last_epoch_block"), pendingEpochAt: try input.block("pending_epoch_at"),
      blocksSinceLastStep: try input.number("blocks_since_last_step"))
    return [
      "should_run": JSONValue(clock.isDue(at: block, tempo: tempo, maxOwnerTempo: maxOwnerTempo)),
      "next_epoch_start_block": JSONValue(clock.nextEpochBlock(tempo: tempo)),
      "blocks_until_auto": JSONValue(clock.blocksUntilRegularEpoch(at: block, tempo: tempo)),
      "in_admin_freeze_window": JSONValue(clock.isFrozen(at: block, tempo: tempo, window: window)),
    ]
  }

  private static func sequence(_ input: JSONValue) throws -> JSONValue {
    let places = try input.number("max_epochs_per_block", as: UInt64.self)
    let maxOwnerTempo = try maxOwnerTempo(input)
    var subnets = try input.member("subnets").elements().map { subnet in
      let clock = EpochClock(
        lastEpochBlock: try subnet.block("last_epoch_block"), pendingEpochAt: try subnet.block("pending_epoch_at"),
        epochIndex: try subnet.number("epoch_index"), blocksSinceLastStep: try subnet.number("blocks_since_last_step"))
      return (netuid: try subnet.netuid("netuid"), tempo: try subnet.number("tempo", as: UInt16.self), clock: clock)
    }
    var events: [JSONValue] = []
    for number in try input.number("first_block", as: UInt64.self)...input.number("last_block", as: UInt64.self) {
      var pass = EpochPass(block: BlockNumber(number), maxEpochsPerBlock: places, maxOwnerTempo: maxOwnerTempo)
      var (ran, deferred): ([UInt16], [UInt16]) = ([], [])
      for index in subnets.indices {
        switch pass.visit(&subnets[index].clock, tempo: subnets[index].tempo) {
        case .notDue: break
        case .deferred: deferred.append(subnets[index].netuid.value)
        case .run:
          ran.append(subnets[index].netuid.value)
          subnets[index].clock.closeEpoch(at: pass.block, paid: true)
        }
      }
      guard !ran.isEmpty || !deferred.isEmpty else { continue }
      events.append(["block": JSONValue(number), "ran": JSONValue(ran), "deferred": JSONValue(deferred)])
    }
    return ["events": .list(events), "final": .list(subnets.map { final($0.netuid, $0.clock) })]
  }

  private static func final(_ netuid: NetUID, _ clock: EpochClock) -> JSONValue {
    [
      "netuid": JSONValue(netuid.value), "last_epoch_block": JSONValue(clock.lastEpochBlock),
      "pending_epoch_at": JSONValue(clock.pendingEpochAt), "epoch_index": JSONValue(clock.epochIndex),
      "blocks_since_last_step": JSONValue(clock.blocksSinceLastStep),
    ]
  }
}
