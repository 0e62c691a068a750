package import Primitives

extension AccountID: LedgerKey {
  package var bucket: UInt32 { UInt32(key.prefix16 >> 6) }
}

extension Coldkey: LedgerKey {
  package init() { self.init(.zero) }
  package var bucket: UInt32 { account.bucket }
  package mutating func code(_ coder: inout CanonicalCoder) { coder.coldkey(&self) }
}

extension Hotkey: LedgerKey {
  package init() { self.init(.zero) }
  package var bucket: UInt32 { account.bucket }
  package mutating func code(_ coder: inout CanonicalCoder) { coder.hotkey(&self) }
}

extension NetUID: LedgerKey {
  package init() { self = .root }
  package var bucket: UInt32 { UInt32(value) }
  package mutating func code(_ coder: inout CanonicalCoder) { coder.netuid(&self) }
}

/// One mechanism of one subnet.
package struct MechanismKey: LedgerKey {
  package var netuid: NetUID
  package var mechid: MechID

  package init() { self.init(.root, .main) }
  package init(_ netuid: NetUID, _ mechid: MechID) {
    self.netuid = netuid
    self.mechid = mechid
  }

  package var bucket: UInt32 { UInt32(netuid.value) }
  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.netuid(&netuid)
    var number = mechid.value
    coder.integer(&number)
    mechid = MechID(number)
  }

  package static func < (left: MechanismKey, right: MechanismKey) -> Bool {
    (left.netuid, left.mechid) < (right.netuid, right.mechid)
  }
}

/// A hotkey on one subnet: its stake pool, its relations, its commitment.
package struct HotkeyOnSubnet: LedgerKey {
  package var netuid: NetUID
  package var hotkey: Hotkey

  package init() { self.init(.root, Hotkey()) }
  package init(_ netuid: NetUID, _ hotkey: Hotkey) {
    self.netuid = netuid
    self.hotkey = hotkey
  }

  package var bucket: UInt32 { Self.bucket(of: netuid, hotkey) }

  /// Sixteen buckets a subnet, by the first hexadecimal digit of the hotkey.
  package static func bucket(of netuid: NetUID, _ hotkey: Hotkey) -> UInt32 {
    UInt32(netuid.value) << 4 | UInt32(hotkey.account.key.prefix16 >> 12)
  }

  /// All buckets of a subnet, in the order of their keys.
  package static func buckets(of netuid: NetUID) -> Range<UInt32> {
    UInt32(netuid.value) << 4..<(UInt32(netuid.value) + 1) << 4
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.netuid(&netuid)
    coder.hotkey(&hotkey)
  }

  package static func < (left: HotkeyOnSubnet, right: HotkeyOnSubnet) -> Bool {
    (left.netuid, left.hotkey) < (right.netuid, right.hotkey)
  }
}

/// One coldkey's part of one stake pool, ordered by subnet, hotkey, coldkey.
package struct ShareKey: LedgerKey {
  package var netuid: NetUID
  package var hotkey: Hotkey
  package var coldkey: Coldkey

  package init() { self.init(.root, Hotkey(), Coldkey()) }
  package init(_ netuid: NetUID, _ hotkey: Hotkey, _ coldkey: Coldkey) {
    self.netuid = netuid
    self.hotkey = hotkey
    self.coldkey = coldkey
  }

  package var bucket: UInt32 { HotkeyOnSubnet.bucket(of: netuid, hotkey) }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.netuid(&netuid)
    coder.hotkey(&hotkey)
    coder.coldkey(&coldkey)
  }

  package static func < (left: ShareKey, right: ShareKey) -> Bool {
    (left.netuid, left.hotkey, left.coldkey) < (right.netuid, right.hotkey, right.coldkey)
  }
}

/// A hotkey in one mechanism of one subnet: its queue of weight commits.
package struct CommitKey: LedgerKey {
  package var mechanism: MechanismKey
  package var hotkey: Hotkey

  package init() { self.init(MechanismKey(), Hotkey()) }
  package init(_ mechanism: MechanismKey, _ hotkey: Hotkey) {
    self.mechanism = mechanism
    self.hotkey = hotkey
  }

  package var bucket: UInt32 { mechanism.bucket }

  package mutating func code(_ coder: inout CanonicalCoder) {
    mechanism.code(&coder)
    coder.hotkey(&hotkey)
  }

  package static func < (left: CommitKey, right: CommitKey) -> Bool {
    (left.mechanism, left.hotkey) < (right.mechanism, right.hotkey)
  }
}

/// A proposal by its number, from 1.
package struct ProposalID: LedgerKey {
  package var value: UInt64

  package init() { self.init(0) }
  package init(_ value: UInt64) { self.value = value }

  package var bucket: UInt32 { UInt32(truncatingIfNeeded: value >> 4) }
  package mutating func code(_ coder: inout CanonicalCoder) { coder.integer(&value) }
  package static func < (left: ProposalID, right: ProposalID) -> Bool { left.value < right.value }
}

/// One vote record: a proposal, who voted, and through which hotkey.
package struct VoteKey: LedgerKey {
  package var proposal: ProposalID
  package var hotkey: Hotkey
  package var coldkey: Coldkey

  package init() { self.init(ProposalID(), Hotkey(), Coldkey()) }
  package init(_ proposal: ProposalID, _ hotkey: Hotkey, _ coldkey: Coldkey) {
    self.proposal = proposal
    self.hotkey = hotkey
    self.coldkey = coldkey
  }

  /// A proposal's votes are walked together when it closes.
  package var bucket: UInt32 { UInt32(truncatingIfNeeded: proposal.value) }

  package mutating func code(_ coder: inout CanonicalCoder) {
    proposal.code(&coder)
    coder.hotkey(&hotkey)
    coder.coldkey(&coldkey)
  }

  package static func < (left: VoteKey, right: VoteKey) -> Bool {
    (left.proposal, left.hotkey, left.coldkey) < (right.proposal, right.hotkey, right.coldkey)
  }
}
