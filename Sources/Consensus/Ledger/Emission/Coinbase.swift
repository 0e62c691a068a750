import Economy
package import Primitives

// What one block mints, and where it goes. Source: spec README, block step 3 to 8 and 10; economy 10.
extension LedgerState {
  /// Registration prices fall; counters of the block and of root's interval start again (step 3).
  mutating func decayRegistrationPrices() {
    let block = block.value
    for netuid in chain.netuids {
      subnets.modify(netuid) { subnet in
        subnet.registrationsThisBlock = 0
        if netuid == .root {
          if block.isMultiple(of: UInt64(max(subnet.parameters.tempo, 1))) { subnet.registrationsThisInterval = 0 }
        } else if block >= 2 {
          subnet.decayBurn()
        }
      }
    }
  }

  /// The subnets that emission goes to, ascending.
  package var liveSubnets: [NetUID] {
    let block = block
    return chain.netuids.filter { $0 != .root && subnets.read($0) { $0.isLive(at: block) } == true }
  }

  /// Flow averages, shares, injection and the pots of every live subnet (steps 4, 6, 7, 8).
  mutating func emit() {
    let blockEmission = EmissionSchedule.emission(atIssuance: chain.issuance)
    let live = liveSubnets
    guard !live.isEmpty else { return }
    updateFlows(of: live)
    let shares = emissionShares(of: live, blockEmission)
    let sellsRoot = MovingPrice.sellsRootDividends(
      sum: live.reduce(UInt128(0)) { $0 + movingPrice(of: $1) }, threshold: chain.parameters.rootSellThreshold)
    for (netuid, share) in zip(live, shares) {
      inject(share, into: netuid, blockEmission, keepsRootPart: sellsRoot)
    }
  }

  private func movingPrice(of netuid: NetUID) -> UInt128 { subnets.read(netuid) { $0.emaPrice } ?? 0 }

  private mutating func updateFlows(of live: [NetUID]) {
    let factor = chain.parameters.flowFactor
    for netuid in live {
      subnets.modify(netuid) { subnet in
        subnet.flowEma = FlowAverage.next(subnet.flowEma, flow: subnet.flow, factor: factor)
        subnet.flow = 0
      }
    }
  }

  /// What the present averages give each subnet of a block's emission, in rao.
  func emissionShares(of live: [NetUID], _ blockEmission: UInt64) -> [UInt64] {
    var division = SubnetEmission()
    let enabled = live.map { subnets.read($0) { $0.parameters.subnetEmissionEnabled } == true }
    if chain.parameters.emissionMode == .price {
      division.divide(blockEmission, byPrices: live.map { movingPrice(of: $0) }, enabled: enabled)
    } else {
      division.divide(
        blockEmission, byFlows: live.map { subnets.read($0) { $0.flowEma } ?? 0 }, enabled: enabled,
        cutoff: chain.parameters.flowCutoff,
        exponent: SubnetEmission.Exponent(rawValue: chain.parameters.flowExponent) ?? .one)
    }
    return division.amounts
  }

  private mutating func inject(
    _ share: UInt64, into netuid: NetUID, _ blockEmission: UInt64, keepsRootPart: Bool
  ) {
    let terms = tradeTerms
    let mode = Injection.ExcessMode(chain.parameters.excessMode)
    let ownerCut = chain.parameters.ownerCut
    let rootWeighted = portion(of: chain.rootTao, perM: chain.parameters.taoWeight)
    let minted = subnets.modify(netuid) { subnet -> UInt64 in
      var pool = ConstantProductPool(tao: subnet.taoReserve, alpha: subnet.alphaIn)
      let injection = Injection(
        taoEmission: share, blockEmission: blockEmission, pool: pool, alphaIssuance: subnet.alphaIn + subnet.alphaOut)
      let placement = injection.place(in: &pool, excess: mode, terms: terms)
      subnet.taoReserve = pool.tao
      subnet.alphaIn = pool.alpha
      subnet.alphaOut += injection.alphaOut
      subnet.taoInEmission = placement.minted
      subnet.alphaInEmission = injection.alphaIn
      subnet.alphaOutEmission = injection.alphaOut
      let split = AlphaSplit(
        alphaOut: injection.alphaOut, ownerCut: subnet.parameters.ownerCutEnabled ? ownerCut : 0,
        rootWeighted: rootWeighted, alphaIssuance: subnet.alphaIn + subnet.alphaOut)
      subnet.pendingOwner += split.owner
      subnet.pendingServer += split.server
      subnet.pendingValidator += split.validator
      if keepsRootPart { subnet.pendingRoot += split.root } else { subnet.alphaOut -= split.root }
      return placement.minted
    }
    chain.issuance += minted ?? 0
    chain.minted += minted ?? 0
  }

  /// Moving prices follow the pools (step 10).
  mutating func updateMovingPrices() {
    let now = block.value
    let parameters = chain.parameters
    let terms = MovingPrice.Terms(
      numerator: UInt64(parameters.priceAlphaNum), denominator: UInt64(parameters.priceAlphaDen),
      halving: UInt64(parameters.priceHalving))
    for netuid in liveSubnets {
      subnets.modify(netuid) { subnet in
        subnet.emaPrice = MovingPrice.next(
          subnet.emaPrice, pool: ConstantProductPool(tao: subnet.taoReserve, alpha: subnet.alphaIn),
          blocksSinceStart: now - (subnet.firstEmissionBlock - 1), terms: terms)
      }
    }
  }
}

extension Injection.ExcessMode {
  fileprivate init(_ mode: ExcessMode) {
    switch mode {
    case .recycle: self = .recycle
    case .buyHold: self = .buyHold
    case .skip: self = .skip
    }
  }
}
