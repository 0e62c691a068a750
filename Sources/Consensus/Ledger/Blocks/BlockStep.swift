import Economy
import Primitives

// One block: what happens by itself before any transaction of the block. Source: spec README, "Block step".
extension LedgerState {
  /// Opens the next block and runs steps 1 to 15.
  ///
  /// - Returns: The events of the step, in order.
  /// - Complexity: O(subnets + open proposals) outside epochs; no walk over neurons, accounts or stakes.
  package mutating func beginBlock(with host: HostFunctions, scoring: EpochScoring = .yuma) -> [LedgerEvent] {
    chain.block = block.advanced(by: 1)
    changeAuthorities()
    decayRegistrationPrices()
    emit()
    var (events, ran) = runEpochs(with: host, scoring: scoring)
    updateMovingPrices()
    for netuid in ran { events += applyPendingChildren(on: netuid) }
    events += closeProposals()
    events += enactProposals(with: host)
    return events
  }

  /// The epoch pass over all subnets (step 9): who runs, then one after the other in netuid order.
  ///
  /// - Returns: The events, and the subnets whose epoch ran.
  private mutating func runEpochs(
    with host: HostFunctions, scoring: EpochScoring
  ) -> (events: [LedgerEvent], ran: [NetUID]) {
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
    var next = 0
    for (netuid, decision) in decisions {
      switch decision {
      case .deferred(let until):
        events.append(
          LedgerEvent("EpochDeferred", ["netuid": .netuid(netuid), "block": .block(block), "until": .block(until)]))
      case .run:
        events += run(due[next], scoring: scoring, forecast: next < forecasts.count ? forecasts[next] : nil)
        next += 1
      case .notDue:
        break
      }
    }
    return (events, due.map(\.netuid))
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
