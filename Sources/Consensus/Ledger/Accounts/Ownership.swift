package import Primitives

// Which coldkey owns which hotkey: written once, by the first call that pairs them. Source: registry 2.
extension LedgerState {
  package func owner(of hotkey: Hotkey) -> Coldkey? { hotkeys[hotkey]?.owner }

  package func coldkeyRecord(_ coldkey: Coldkey) -> ColdkeyRecord { coldkeys[coldkey] ?? ColdkeyRecord() }

  /// Pairs a hotkey without an owner with a coldkey; leaves a pair that exists as it is.
  package mutating func pairIfUnowned(_ hotkey: Hotkey, with coldkey: Coldkey) {
    guard hotkeys[hotkey] == nil else { return }
    var record = HotkeyRecord()
    record.owner = coldkey
    hotkeys[hotkey] = record
    var owner = coldkeyRecord(coldkey)
    owner.ownedHotkeys.append(hotkey)
    // Nobody stakes on a hotkey without an owner, so this one stands in no list yet.
    owner.stakingHotkeys.append(hotkey)
    coldkeys[coldkey] = owner
  }

  /// - Throws: `NonAssociatedColdKey` unless the coldkey owns the hotkey.
  package func requireOwned(_ hotkey: Hotkey, by coldkey: Coldkey) throws(LedgerError) {
    guard owner(of: hotkey) == coldkey else { throw .nonAssociatedColdKey }
  }

  /// - Throws: `NonAssociatedColdKey` when another coldkey owns the hotkey.
  package func requireUnownedOrOwned(_ hotkey: Hotkey, by coldkey: Coldkey) throws(LedgerError) {
    if let owner = owner(of: hotkey), owner != coldkey { throw .nonAssociatedColdKey }
  }

  /// The take of a hotkey's delegates in 1/65535, set or default.
  package func delegateTake(of hotkey: Hotkey) -> UInt16 {
    hotkeys[hotkey]?.take ?? UInt16(truncatingIfNeeded: chain.parameters.defaultDelegateTake)
  }
}
