import Economy
import Primitives

// The cheap part of economy 15, from one state to a later one: what changed must balance what changed. With the first
// state's books closed, so are those of the last.
extension LedgerState {
  /// The first invariant that the changes since an earlier state break, in words; nil when they balance.
  ///
  /// Kept on in release builds: a node ends rather than go on with books that do not close.
  ///
  /// - Parameter earlier: The state that this one came from, by one block at most.
  /// - Complexity: O(subnets), and the entries of the buckets written since their changes were last taken.
  package func brokenInvariant(since earlier: LedgerState) -> String? {
    brokenHistory(since: earlier) ?? brokenTAOChange(since: earlier)
      ?? chain.netuids.lazy.compactMap { brokenReserves(of: $0) }.first ?? brokenAlphaChange(since: earlier)
  }

  /// 2: issuance has the history it claims, and a block mints what the schedule allows.
  private func brokenHistory(since earlier: LedgerState) -> String? {
    guard chain.genesisIssuance + chain.minted == chain.issuance + chain.recycled else {
      return "genesis and minted TAO are not issuance and recycled TAO"
    }
    guard chain.issuance <= EmissionSchedule.supply else { return "issuance \(chain.issuance) exceeds the supply" }
    let allowed = block == earlier.block ? 0 : EmissionSchedule.emission(atIssuance: earlier.chain.issuance)
    guard chain.minted >= earlier.chain.minted, chain.minted - earlier.chain.minted <= allowed else {
      return "minted TAO went from \(earlier.chain.minted) to \(chain.minted), a block may mint \(allowed)"
    }
    return nil
  }

  /// 1: what accounts, pools and root gained is what issuance gained.
  private func brokenTAOChange(since earlier: LedgerState) -> String? {
    let buckets = accounts.changedBucketNumbers
    let change =
      balances(in: buckets) - earlier.balances(in: buckets) + reserves - earlier.reserves
      + Int128(chain.rootTao) - Int128(earlier.chain.rootTao)
    let issued = Int128(chain.issuance) - Int128(earlier.chain.issuance)
    return change == issued ? nil : "issuance changed by \(issued), balances, reserves and root stake by \(change)"
  }

  private func balances(in buckets: [UInt32]) -> Int128 {
    buckets.reduce(0) { accounts.sum(inBucket: $1, of: { $0.balance }) + $0 }
  }

  private var reserves: Int128 {
    chain.netuids.reduce(0) { sum, netuid in sum + Int128(subnets.read(netuid) { $0.taoReserve } ?? 0) }
  }

  /// 5, and the sizes of what 4 adds up.
  private func brokenReserves(of netuid: NetUID) -> String? {
    guard netuid != .root else { return nil }
    return subnets.read(netuid) { subnet -> String? in
      guard subnet.taoReserve > 0, subnet.alphaIn > 0 else { return "subnet \(netuid): a reserve is empty" }
      guard UInt128(subnet.alphaIn) + UInt128(subnet.alphaOut) <= UInt128(EmissionSchedule.supply) else {
        return "subnet \(netuid): alpha exceeds the supply"
      }
      return nil
    } ?? "subnet \(netuid) is listed and missing"
  }

  /// 3 and 4: on each subnet stakes, pots and burned alpha gained what `alphaOut` gained; on root, its TAO.
  private func brokenAlphaChange(since earlier: LedgerState) -> String? {
    var changes: [NetUID: Int128] = [:]
    for bucket in pools.changedBucketNumbers {
      let change =
        pools.sum(inBucket: bucket, of: { $0.value }) - earlier.pools.sum(inBucket: bucket, of: { $0.value })
      changes[HotkeyOnSubnet.netuid(ofBucket: bucket), default: 0] += change
    }
    for netuid in chain.netuids {
      let (outside, before) = (alphaOutsidePools(of: netuid), earlier.alphaOutsidePools(of: netuid))
      let staked = changes.removeValue(forKey: netuid) ?? 0
      guard outside - before == staked else {
        return "subnet \(netuid): stakes gained \(staked), the alpha left for them \(outside - before)"
      }
    }
    // What is left belonged to subnets that are gone.
    for netuid in changes.keys.sorted() where changes[netuid] != -earlier.alphaOutsidePools(of: netuid) {
      return "subnet \(netuid) is gone, its stakes are not"
    }
    return nil
  }

  /// What the pools of a subnet must hold together: `alphaOut` less pots and burned alpha, or root's TAO.
  private func alphaOutsidePools(of netuid: NetUID) -> Int128 {
    if netuid == .root { return Int128(chain.rootTao) }
    return subnets.read(netuid) { subnet in
      Int128(subnet.alphaOut) - Int128(subnet.alphaBurned) - Int128(subnet.pendingServer)
        - Int128(subnet.pendingValidator) - Int128(subnet.pendingRoot) - Int128(subnet.pendingOwner)
    } ?? 0
  }
}

extension HotkeyOnSubnet {
  static func netuid(ofBucket bucket: UInt32) -> NetUID { NetUID(UInt16(truncatingIfNeeded: bucket >> 4)) }
}

extension LedgerTable {
  /// The amounts of one bucket together.
  fileprivate func sum(inBucket bucket: UInt32, of amount: (borrowing Value) -> UInt64) -> Int128 {
    var sum: Int128 = 0
    forEachValue(inBucket: bucket) { sum += Int128(amount($0)) }
    return sum
  }
}
