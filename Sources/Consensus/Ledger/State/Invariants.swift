import Economy
import Primitives

// What must hold after every block and transaction. Source: economy 15.
extension LedgerState {
  /// The first broken invariant in words, or nil when the books close.
  ///
  /// - Complexity: A walk over the whole state; for debug builds, simulations and tests.
  package func brokenInvariant() -> String? {
    brokenTAOLedger() ?? chain.netuids.lazy.compactMap { brokenAlphaLedger(of: $0) }.first ?? brokenPools()
      ?? brokenRecords() ?? remains() ?? chain.netuids.lazy.compactMap { brokenLoans(on: $0) }.first
  }

  /// 1 to 3: issuance is where its owners are, and has the history it claims.
  package func brokenTAOLedger() -> String? {
    let balances = accounts.sortedKeys.reduce(UInt128(0)) { $0 + UInt128(account($1).balance) }
    let reserves = chain.netuids.reduce(UInt128(0)) { $0 + UInt128(subnets[$1]?.taoReserve ?? 0) }
    let total = balances + reserves + UInt128(chain.rootTao)
    guard UInt128(chain.issuance) == total else {
      return "issuance is \(chain.issuance), balances, reserves and root stake sum to \(total)"
    }
    guard chain.issuance <= EmissionSchedule.supply else { return "issuance \(chain.issuance) exceeds the supply" }
    guard chain.genesisIssuance + chain.minted == chain.issuance + chain.recycled else {
      return "genesis and minted TAO are not issuance and recycled TAO"
    }
    let root = poolSum(of: .root)
    guard UInt128(chain.rootTao) == root else { return "root TAO is \(chain.rootTao), its pools hold \(root)" }
    return nil
  }

  /// 4 and 5: the alpha of a subnet is in stakes, pots or burned.
  private func brokenAlphaLedger(of netuid: NetUID) -> String? {
    guard netuid != .root, let subnet = subnets[netuid] else { return nil }
    let pots =
      UInt128(subnet.pendingServer) + UInt128(subnet.pendingValidator) + UInt128(subnet.pendingRoot)
      + UInt128(subnet.pendingOwner)
    let total = poolSum(of: netuid) + pots + UInt128(subnet.alphaBurned)
    guard UInt128(subnet.alphaOut) == total else {
      return "subnet \(netuid): alphaOut is \(subnet.alphaOut), stakes, pots and burned alpha sum to \(total)"
    }
    guard subnet.alphaIn + subnet.alphaOut <= EmissionSchedule.supply else {
      return "subnet \(netuid): alpha exceeds the supply"
    }
    guard subnet.taoReserve > 0, subnet.alphaIn > 0 else { return "subnet \(netuid): a reserve is empty" }
    return nil
  }

  private func poolSum(of netuid: NetUID) -> UInt128 {
    HotkeyOnSubnet.buckets(of: netuid).reduce(UInt128(0)) { sum, bucket in
      pools.keys(inBucket: bucket).reduce(sum) { $0 + UInt128(pools[$1]?.value ?? 0) }
    }
  }

  /// 9: the shares of a pool are those of its holders, and no holder's stake is more than the pool's value.
  private func brokenPools() -> String? {
    var sums: [HotkeyOnSubnet: (shares: UInt128, stakes: UInt128, holders: UInt128)] = [:]
    for key in shares.sortedKeys {
      let place = HotkeyOnSubnet(key.netuid, key.hotkey)
      var sum = sums[place] ?? (0, 0, 0)
      sum.shares += shares[key]?.shares ?? 0
      sum.stakes += UInt128(stake(of: key.coldkey, on: key.hotkey, in: key.netuid))
      sum.holders += 1
      sums[place] = sum
    }
    for place in pools.sortedKeys {
      guard let pool = pools[place], let sum = sums[place] else { return "the pool of \(place.hotkey) has no holder" }
      guard sum.shares == pool.total else { return "shares on \(place.hotkey) do not sum to their total" }
      let value = UInt128(pool.value)
      guard sum.stakes <= value, value - sum.stakes < sum.holders else {
        return "stakes on \(place.hotkey) sum to \(sum.stakes) of \(value)"
      }
    }
    guard sums.count == pools.count else { return "shares without a pool" }
    return nil
  }

  /// 11: nothing is kept of a subnet that is gone.
  private func remains() -> String? {
    let netuids = Set(chain.netuids.map(\.value))
    func isGone(_ netuid: UInt32) -> Bool { !netuids.contains(UInt16(truncatingIfNeeded: netuid)) }
    let shared = pools.bucketNumbers + shares.bucketNumbers + relations.bucketNumbers
    if let bucket = shared.first(where: { isGone($0 >> 4) }) {
      return "stakes or relations of subnet \(bucket >> 4) remain"
    }
    let own = subnets.bucketNumbers + slots.bucketNumbers + mechanisms.bucketNumbers + commits.bucketNumbers
    if let netuid = own.first(where: isGone) { return "state of subnet \(netuid) remains" }
    return chain.netuids.first { !subnets.contains($0) }.map { "subnet \($0) is listed and missing" }
  }

  /// 15: what hotkeys lend, others borrow.
  private func brokenLoans(on netuid: NetUID) -> String? {
    let lenders = HotkeyOnSubnet.buckets(of: netuid).flatMap { relations.keys(inBucket: $0) }
    guard !lenders.isEmpty else { return nil }
    let own = lenders.reduce((alpha: UInt128(0), root: UInt128(0))) { sum, key in
      (
        sum.alpha + UInt128(poolValue(of: key.hotkey, on: netuid)),
        sum.root + UInt128(poolValue(of: key.hotkey, on: .root))
      )
    }
    let inherited = lenders.reduce((alpha: UInt128(0), root: UInt128(0))) { sum, key in
      let stake = inheritedStake(of: key.hotkey, on: netuid)
      return (sum.alpha + UInt128(stake.alpha), sum.root + UInt128(stake.root))
    }
    guard own == inherited else { return "subnet \(netuid): inherited stake is \(inherited) of \(own)" }
    return nil
  }
}
