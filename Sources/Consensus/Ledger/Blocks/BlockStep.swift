import Economy
import Primitives

// One block: what happens by itself before any transaction of the block. Source: spec README, "Block step".
extension LedgerState {
  /// Opens the next block and runs steps 1 to 15.
  ///
  /// - Returns: The events of the step, in order.
  /// - Complexity: O(subnets) outside epochs; no walk over neurons, accounts or stakes.
  package mutating func beginBlock(with host: HostFunctions, scoring: EpochScoring = .yuma) -> [LedgerEvent] {
    chain.block = block.advanced(by: 1)
    changeAuthorities()
    decayRegistrationPrices()
    emit()
    let events = runEpochs(with: host, scoring: scoring)
    updateMovingPrices()
    return events
  }

  /// Authorities named two blocks ago take over.
  private mutating func changeAuthorities() {
    guard chain.nextAuthoritiesBlock == block.value, !chain.nextAuthorities.isEmpty else { return }
    chain.authorities = chain.nextAuthorities
    chain.nextAuthorities = []
    chain.nextAuthoritiesBlock = 0
  }

  /// The epoch pass over all subnets (step 9): who runs, then one after the other in netuid order.
  private mutating func runEpochs(with host: HostFunctions, scoring: EpochScoring) -> [LedgerEvent] {
    var pass = EpochPass(
      block: block, maxEpochsPerBlock: chain.parameters.maxEpochsPerBlock,
      maxOwnerTempo: chain.parameters.maxOwnerTempo)
    var decisions: [(netuid: NetUID, decision: EpochPass.Decision)] = []
    for netuid in chain.netuids where netuid != .root {
      let decision = subnets.modify(netuid) { pass.visit(&$0.clock, tempo: $0.parameters.tempo) }
      if let decision, decision != .notDue { decisions.append((netuid, decision)) }
    }
    var due: [DueEpoch] = []
    for case (let netuid, .run(let epoch)) in decisions { due.append(DueEpoch(netuid: netuid, epoch: epoch)) }
    let forecasts = due.count > 1 ? scoring.forecast(self, due, host) : []

    var events: [LedgerEvent] = []
    var ran = 0
    for (netuid, decision) in decisions {
      switch decision {
      case .deferred(let until):
        events.append(
          LedgerEvent("EpochDeferred", ["netuid": .netuid(netuid), "block": .block(block), "until": .block(until)]))
      case .run:
        events += run(due[ran], scoring: scoring, forecast: ran < forecasts.count ? forecasts[ran] : nil)
        ran += 1
      case .notDue:
        break
      }
    }
    return events
  }

  private mutating func run(_ due: DueEpoch, scoring: EpochScoring, forecast: EpochForecast?) -> [LedgerEvent] {
    let pots = takePots(of: due.netuid)
    let (scores, events) = scoring.scores(&self, due, pots, forecast)
    pay(pots, of: due.netuid, by: scores)
    let block = block
    subnets.modify(due.netuid) { $0.clock.closeEpoch(at: block, paid: true) }
    return events
  }

  private mutating func takePots(of netuid: NetUID) -> EpochPots {
    subnets.modify(netuid) { subnet in
      defer {
        subnet.pendingServer = 0
        subnet.pendingValidator = 0
        subnet.pendingRoot = 0
        subnet.pendingOwner = 0
      }
      return EpochPots(
        server: subnet.pendingServer, validator: subnet.pendingValidator, root: subnet.pendingRoot,
        owner: subnet.pendingOwner)
    } ?? EpochPots(server: 0, validator: 0, root: 0, owner: 0)
  }
}
