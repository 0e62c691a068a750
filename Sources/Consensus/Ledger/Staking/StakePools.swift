package import Economy
package import Primitives

// Who owns the stake of a hotkey: pool value and shares, kept together. Source: economy 5.
extension LedgerState {
  /// Alpha (TAO on root) that all coldkeys hold on a hotkey, before relations.
  package func poolValue(of hotkey: Hotkey, on netuid: NetUID) -> UInt64 {
    pools[HotkeyOnSubnet(netuid, hotkey)]?.value ?? 0
  }

  /// Alpha (TAO on root) of one coldkey on a hotkey.
  package func stake(of coldkey: Coldkey, on hotkey: Hotkey, in netuid: NetUID) -> UInt64 {
    guard let pool = pools[HotkeyOnSubnet(netuid, hotkey)], let share = shares[ShareKey(netuid, hotkey, coldkey)] else {
      return 0
    }
    return pool.stake(ofShares: share.shares)
  }

  /// A user's deposit.
  ///
  /// - Throws: `AmountTooLow` when the amount is worth no share; nothing is changed.
  mutating func deposit(
    _ amount: UInt64, by coldkey: Coldkey, on hotkey: Hotkey, in netuid: NetUID
  ) throws(LedgerError) {
    var pool = pools[HotkeyOnSubnet(netuid, hotkey)] ?? SharePool()
    do throws(SharePoolRefusal) {
      let issued = try pool.deposit(amount)
      store(pool, hotkey, netuid)
      give(issued, to: coldkey, hotkey, netuid)
    } catch {
      throw .amountTooLow.with("amount", amount)
    }
  }

  /// A user's withdrawal.
  ///
  /// - Throws: `NotEnoughStakeToWithdraw` above the coldkey's stake; nothing is changed.
  mutating func withdraw(
    _ amount: UInt64, by coldkey: Coldkey, on hotkey: Hotkey, in netuid: NetUID
  ) throws(LedgerError) {
    let key = ShareKey(netuid, hotkey, coldkey)
    var share = shares[key] ?? StakeShare()
    var pool = pools[HotkeyOnSubnet(netuid, hotkey)] ?? SharePool()
    do throws(SharePoolRefusal) {
      share.shares -= try pool.withdraw(amount, holderShares: share.shares)
    } catch {
      throw .notEnoughStakeToWithdraw.with("amount", amount)
    }
    store(pool, hotkey, netuid)
    shares[key] = share.shares == 0 ? nil : share
  }

  /// A reward of all who hold stake on a hotkey, pro rata; of its owner when nobody does.
  mutating func addToAll(_ amount: UInt64, on hotkey: Hotkey, in netuid: NetUID) {
    guard amount > 0, let owner = owner(of: hotkey) else { return }
    var pool = pools[HotkeyOnSubnet(netuid, hotkey)] ?? SharePool()
    let issued = pool.addToAll(amount)
    store(pool, hotkey, netuid)
    give(issued, to: owner, hotkey, netuid)
  }

  /// A payment of the chain to one holder; it cannot fail.
  mutating func creditStake(_ amount: UInt64, to coldkey: Coldkey, on hotkey: Hotkey, in netuid: NetUID) {
    guard amount > 0 else { return }
    var pool = pools[HotkeyOnSubnet(netuid, hotkey)] ?? SharePool()
    let issued = pool.credit(amount)
    store(pool, hotkey, netuid)
    give(issued, to: coldkey, hotkey, netuid)
  }

  private mutating func store(_ pool: SharePool, _ hotkey: Hotkey, _ netuid: NetUID) {
    pools[HotkeyOnSubnet(netuid, hotkey)] = pool.isEmpty ? nil : pool
  }

  private mutating func give(_ issued: UInt128, to coldkey: Coldkey, _ hotkey: Hotkey, _ netuid: NetUID) {
    guard issued > 0 else { return }
    let key = ShareKey(netuid, hotkey, coldkey)
    let held = shares[key]
    var share = held ?? StakeShare()
    share.shares += issued
    share.proposalsBeforeIncrease = chain.nextProposal - 1
    shares[key] = share
    if held == nil { noteStaking(of: coldkey, on: hotkey) }
  }

  /// Puts a hotkey on the list of those on which a coldkey has or had stake; its own stand there from the beginning.
  private mutating func noteStaking(of coldkey: Coldkey, on hotkey: Hotkey) {
    guard owner(of: hotkey) != coldkey else { return }
    var record = coldkeyRecord(coldkey)
    guard !record.stakingHotkeys.contains(hotkey) else { return }
    record.stakingHotkeys.append(hotkey)
    coldkeys[coldkey] = record
  }
}

extension SharePool: CanonicalValue {
  package mutating func code(_ coder: inout CanonicalCoder) {
    var (value, total) = (self.value, self.total)
    coder.integer(&value)
    coder.integer(&total)
    self = SharePool(value: value, total: total) ?? SharePool()
  }
}
