package import Economy
package import Primitives

/// Where the scores of an epoch come from: Yuma, or a script in the tests of the money side.
package struct EpochScoring: Sendable {
  package typealias Scorer =
    @Sendable (inout LedgerState, NetUID, EpochPots, _ epoch: UInt64) -> (EpochScores, [LedgerEvent])

  /// Scores of a subnet's epoch and the events that tell of them; may store consensus results in the state.
  package let scores: Scorer

  package init(_ scores: @escaping Scorer) { self.scores = scores }
}

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
    let events = runEpochs(scoring: scoring)
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

  /// The epoch pass over all subnets (step 9).
  private mutating func runEpochs(scoring: EpochScoring) -> [LedgerEvent] {
    var pass = EpochPass(
      block: block, maxEpochsPerBlock: chain.parameters.maxEpochsPerBlock,
      maxOwnerTempo: chain.parameters.maxOwnerTempo)
    var events: [LedgerEvent] = []
    for netuid in chain.netuids where netuid != .root {
      let decision = subnets.modify(netuid) { pass.visit(&$0.clock, tempo: $0.parameters.tempo) }
      switch decision {
      case .deferred(let until)?:
        events.append(
          LedgerEvent("EpochDeferred", ["netuid": .netuid(netuid), "block": .block(block), "until": .block(until)]))
      case .run(let epoch)?:
        events += runEpoch(of: netuid, epoch: epoch, scoring: scoring)
      case .notDue?, nil:
        break
      }
    }
    return events
  }

  private mutating func runEpoch(of netuid: NetUID, epoch: UInt64, scoring: EpochScoring) -> [LedgerEvent] {
    let pots = takePots(of: netuid)
    let (scores, events) = scoring.scores(&self, netuid, pots, epoch)
    pay(pots, of: netuid, by: scores)
    let block = block
    subnets.modify(netuid) { $0.clock.closeEpoch(at: block, paid: true) }
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
