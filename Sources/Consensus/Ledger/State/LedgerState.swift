package import Economy
package import Primitives

/// Everything the chain knows at one height, as plain values.
///
/// A copy shares its storage until one side changes, so keeping the states of recent heights for queries
/// costs what the blocks changed. The rules are extensions in the folders beside this one; every write of a
/// transaction can be taken back through the tables' journals.
package struct LedgerState: Sendable {
  package var chain: ChainGlobals
  package var accounts = LedgerTable<AccountID, Account>()
  package var hotkeys = LedgerTable<Hotkey, HotkeyRecord>()
  package var coldkeys = LedgerTable<Coldkey, ColdkeyRecord>()
  package var subnets = LedgerTable<NetUID, Subnet>()
  package var slots = LedgerTable<NetUID, NeuronSlots>()
  package var mechanisms = LedgerTable<MechanismKey, MechanismState>()
  /// Alpha (TAO on root) that all coldkeys together hold on a hotkey.
  package var pools = LedgerTable<HotkeyOnSubnet, SharePool>()
  package var shares = LedgerTable<ShareKey, StakeShare>()
  package var relations = LedgerTable<HotkeyOnSubnet, Relations>()
  package var commits = LedgerTable<CommitKey, CommitQueue>()
  /// True in a transaction: the tables keep what they held before.
  private var isJournaling = false
  private var chainChanged = true

  package init(chain: ChainGlobals) { self.chain = chain }

  /// The block being executed, or the last one when none is.
  package var block: BlockNumber { chain.block }
}

// MARK: - Undo

extension LedgerState {
  /// A point to which every later write can be taken back.
  package struct Savepoint: Sendable {
    fileprivate let chain: ChainGlobals
    fileprivate let marks: [Int]
  }

  package mutating func beginTransaction() {
    isJournaling = true
    accounts.beginJournal()
    hotkeys.beginJournal()
    coldkeys.beginJournal()
    subnets.beginJournal()
    slots.beginJournal()
    mechanisms.beginJournal()
    pools.beginJournal()
    shares.beginJournal()
    relations.beginJournal()
    commits.beginJournal()
  }

  package mutating func endTransaction() {
    isJournaling = false
    accounts.endJournal()
    hotkeys.endJournal()
    coldkeys.endJournal()
    subnets.endJournal()
    slots.endJournal()
    mechanisms.endJournal()
    pools.endJournal()
    shares.endJournal()
    relations.endJournal()
    commits.endJournal()
  }

  package func savepoint() -> Savepoint {
    precondition(isJournaling, "a savepoint needs an open transaction")
    return Savepoint(
      chain: chain,
      marks: [
        accounts.journalMark, hotkeys.journalMark, coldkeys.journalMark, subnets.journalMark, slots.journalMark,
        mechanisms.journalMark, pools.journalMark, shares.journalMark, relations.journalMark, commits.journalMark,
      ])
  }

  package mutating func undo(to savepoint: Savepoint) {
    chain = savepoint.chain
    let marks = savepoint.marks
    accounts.undo(to: marks[0])
    hotkeys.undo(to: marks[1])
    coldkeys.undo(to: marks[2])
    subnets.undo(to: marks[3])
    slots.undo(to: marks[4])
    mechanisms.undo(to: marks[5])
    pools.undo(to: marks[6])
    shares.undo(to: marks[7])
    relations.undo(to: marks[8])
    commits.undo(to: marks[9])
  }
}

// MARK: - State root and snapshots

/// A part of the state that is hashed on its own: one bucket of one table, or the chain's own record.
package struct StateSection: Hashable, Comparable, Sendable {
  /// 0 for the chain's record, then the tables in the order of their declaration.
  package let table: UInt8
  package let bucket: UInt32

  package static func < (left: StateSection, right: StateSection) -> Bool {
    (left.table, left.bucket) < (right.table, right.bucket)
  }
}

extension LedgerState {
  /// Sections written since the last call, ascending; a section that became empty is among them.
  package mutating func takeChangedSections() -> [StateSection] {
    var sections = [StateSection(table: 0, bucket: 0)]
    func add(_ table: UInt8, _ buckets: [UInt32]) {
      sections.append(contentsOf: buckets.map { StateSection(table: table, bucket: $0) })
    }
    add(1, accounts.takeChangedBuckets())
    add(2, hotkeys.takeChangedBuckets())
    add(3, coldkeys.takeChangedBuckets())
    add(4, subnets.takeChangedBuckets())
    add(5, slots.takeChangedBuckets())
    add(6, mechanisms.takeChangedBuckets())
    add(7, pools.takeChangedBuckets())
    add(8, shares.takeChangedBuckets())
    add(9, relations.takeChangedBuckets())
    add(10, commits.takeChangedBuckets())
    return sections
  }

  /// The bytes of a section that the state root covers; nil when it is empty.
  package func canonicalBytes(of section: StateSection) -> [UInt8]? {
    switch section.table {
    case 0: chain.canonicalBytes
    case 1: accounts.canonicalBytes(ofBucket: section.bucket)
    case 2: hotkeys.canonicalBytes(ofBucket: section.bucket)
    case 3: coldkeys.canonicalBytes(ofBucket: section.bucket)
    case 4: subnets.canonicalBytes(ofBucket: section.bucket)
    case 5: slots.canonicalBytes(ofBucket: section.bucket)
    case 6: mechanisms.canonicalBytes(ofBucket: section.bucket)
    case 7: pools.canonicalBytes(ofBucket: section.bucket)
    case 8: shares.canonicalBytes(ofBucket: section.bucket)
    case 9: relations.canonicalBytes(ofBucket: section.bucket)
    case 10: commits.canonicalBytes(ofBucket: section.bucket)
    default: nil
    }
  }
}

extension LedgerState: CanonicalValue {
  package init() { self.init(chain: ChainGlobals()) }

  package mutating func code(_ coder: inout CanonicalCoder) {
    chain.code(&coder)
    accounts.code(&coder)
    hotkeys.code(&coder)
    coldkeys.code(&coder)
    subnets.code(&coder)
    slots.code(&coder)
    mechanisms.code(&coder)
    pools.code(&coder)
    shares.code(&coder)
    relations.code(&coder)
    commits.code(&coder)
  }
}
