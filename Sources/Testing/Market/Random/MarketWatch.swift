import Economy
import Ledger
import Primitives

/// What an operation must leave in its place, noted before it.
struct MarketWatch {
  private struct Pool {
    let netuid: NetUID
    let identity: [UInt64]
    let product: UInt128
    let alpha: UInt64
  }

  private let pools: [Pool]
  /// One holder's stake, picked at random.
  private let holder: ShareKey?
  private let stake: UInt64
  private let block: BlockNumber

  init(_ state: LedgerState, _ generator: inout SplitMix64) {
    pools = state.chain.netuids.compactMap { netuid in
      guard netuid != .root, let subnet = state.subnets[netuid] else { return nil }
      return Pool(
        netuid: netuid, identity: MarketWatch.identity(subnet),
        product: UInt128(subnet.taoReserve) * UInt128(subnet.alphaIn), alpha: subnet.alphaIn + subnet.alphaOut)
    }
    let bucket = state.shares.bucketNumbers
    holder = bucket.isEmpty ? nil : state.shares.keys(inBucket: bucket.pick(&generator)).pick(&generator)
    stake = holder.map { state.stake(of: $0.coldkey, on: $0.hotkey, in: $0.netuid) } ?? 0
    block = state.block
  }

  /// A subnet is another one when it was created anew under the same number.
  private static func identity(_ subnet: Subnet) -> [UInt64] {
    [subnet.registeredAt.value, subnet.lockPaid, UInt64(subnet.owner.account.key.prefix16)]
  }

  /// 5, 6, 10 and 13 of economy 15: what broke, in words.
  func broken(by operation: RandomOperation, in state: LedgerState) -> String? {
    for pool in pools {
      guard let subnet = state.subnets[pool.netuid], MarketWatch.identity(subnet) == pool.identity,
        !operation.replacesSubnets
      else { continue }
      guard UInt128(subnet.taoReserve) * UInt128(subnet.alphaIn) >= pool.product else {
        return "the product of the reserves of subnet \(pool.netuid) fell"
      }
      guard operation.isBlock || subnet.alphaIn + subnet.alphaOut == pool.alpha else {
        return "the alpha of subnet \(pool.netuid) changed outside a block"
      }
      if operation.isBlock, state.block.value > 1, !subnet.burnBounds.contains(subnet.burn) {
        return "the price of a registration on subnet \(pool.netuid) is \(subnet.burn)"
      }
    }
    guard state.subnetCreationCost >= state.chain.parameters.minLockCost.value else {
      return "a subnet costs \(state.subnetCreationCost)"
    }
    return brokenStake(operation, state)
  }

  /// Nobody's stake falls but by its holder's own doing, or with its subnet.
  private func brokenStake(_ operation: RandomOperation, _ state: LedgerState) -> String? {
    guard let holder, !operation.isSigned(by: holder.coldkey), !operation.replacesSubnets else { return nil }
    let now = state.stake(of: holder.coldkey, on: holder.hotkey, in: holder.netuid)
    return now >= stake ? nil : "the stake of \(holder.coldkey) on subnet \(holder.netuid) fell from \(stake) to \(now)"
  }
}

extension RandomOperation {
  var isBlock: Bool { if case .block = self { true } else { false } }

  /// Whether a subnet may go.
  var replacesSubnets: Bool {
    guard case .call(let call, _) = self else { return false }
    return call is DissolveSubnet || call is RegisterSubnet
  }

  func isSigned(by coldkey: Coldkey) -> Bool {
    guard case .call(_, let origin) = self else { return false }
    return origin == .signed(coldkey.account)
  }
}

extension RegistrationPrice.Bounds {
  fileprivate func contains(_ price: UInt64) -> Bool { price >= lowest && price <= highest }
}
