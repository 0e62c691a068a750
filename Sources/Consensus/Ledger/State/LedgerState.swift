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
  package var commitments = LedgerTable<HotkeyOnSubnet, Commitment>()
  package var proposals = LedgerTable<ProposalID, Proposal>()
  /// Votes of nominators for themselves on open proposals; those of delegates stand in the proposal.
  package var votes = LedgerTable<VoteKey, NominatorVote>()
  /// True in a transaction: the tables keep what they held before.
  private var isJournaling = false

  package init(chain: ChainGlobals) { self.chain = chain }

  /// The block being executed, or the last one when none is.
  package var block: BlockNumber { chain.block }
}

// MARK: - The list of tables

/// Something done to every table in turn, whatever it holds.
protocol TableVisitor {
  mutating func visit<Key: LedgerKey, Value: CanonicalValue>(_ table: inout LedgerTable<Key, Value>)
}

extension LedgerState {
  /// Goes through the tables in the order of their numbers in the state root, 1 and up: a new one goes to the end.
  mutating func visitTables(_ visitor: inout some TableVisitor) {
    visitor.visit(&accounts)
    visitor.visit(&hotkeys)
    visitor.visit(&coldkeys)
    visitor.visit(&subnets)
    visitor.visit(&slots)
    visitor.visit(&mechanisms)
    visitor.visit(&pools)
    visitor.visit(&shares)
    visitor.visit(&relations)
    visitor.visit(&commits)
    visitor.visit(&commitments)
    visitor.visit(&proposals)
    visitor.visit(&votes)
  }
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
    var opening = JournalOpening()
    visitTables(&opening)
  }

  package mutating func endTransaction() {
    isJournaling = false
    var closing = JournalClosing()
    visitTables(&closing)
  }

  package mutating func savepoint() -> Savepoint {
    precondition(isJournaling, "a savepoint needs an open transaction")
    var reading = MarkReading()
    visitTables(&reading)
    return Savepoint(chain: chain, marks: reading.marks)
  }

  package mutating func undo(to savepoint: Savepoint) {
    chain = savepoint.chain
    var undoing = Undoing(marks: savepoint.marks)
    visitTables(&undoing)
  }
}

private struct JournalOpening: TableVisitor {
  mutating func visit<Key, Value>(_ table: inout LedgerTable<Key, Value>) { table.beginJournal() }
}

private struct JournalClosing: TableVisitor {
  mutating func visit<Key, Value>(_ table: inout LedgerTable<Key, Value>) { table.endJournal() }
}

private struct MarkReading: TableVisitor {
  var marks: [Int] = []

  mutating func visit<Key, Value>(_ table: inout LedgerTable<Key, Value>) { marks.append(table.journalMark) }
}

private struct Undoing: TableVisitor {
  let marks: [Int]
  var index = 0

  mutating func visit<Key, Value>(_ table: inout LedgerTable<Key, Value>) {
    table.undo(to: marks[index])
    index += 1
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
    var taking = ChangeTaking()
    visitTables(&taking)
    return taking.sections
  }

  /// The bytes of sections that the state root covers, in their order; nil for one that is empty.
  ///
  /// - Precondition: The sections ascend.
  package func canonicalBytes(of sections: ArraySlice<StateSection>) -> [[UInt8]?] {
    // A copy shares its storage, and nothing is written to it.
    var copy = self
    var encoding = SectionEncoding(sections: sections)
    if sections.first?.table == 0 { encoding.take(chain.canonicalBytes) }
    copy.visitTables(&encoding)
    precondition(encoding.bytes.count == sections.count, "sections ascend")
    return encoding.bytes
  }
}

private struct ChangeTaking: TableVisitor {
  var sections = [StateSection(table: 0, bucket: 0)]
  private var number: UInt8 = 0

  mutating func visit<Key, Value>(_ table: inout LedgerTable<Key, Value>) {
    number += 1
    for bucket in table.takeChangedBuckets() { sections.append(StateSection(table: number, bucket: bucket)) }
  }
}

private struct SectionEncoding: TableVisitor {
  private var sections: ArraySlice<StateSection>
  private(set) var bytes: [[UInt8]?] = []
  private var number: UInt8 = 0

  init(sections: ArraySlice<StateSection>) { self.sections = sections }

  mutating func take(_ content: [UInt8]?) {
    bytes.append(content)
    sections.removeFirst()
  }

  mutating func visit<Key, Value>(_ table: inout LedgerTable<Key, Value>) {
    number += 1
    while let section = sections.first, section.table == number {
      take(table.canonicalBytes(ofBucket: section.bucket))
    }
  }
}

extension LedgerState: CanonicalValue {
  package init() { self.init(chain: ChainGlobals()) }

  package mutating func code(_ coder: inout CanonicalCoder) {
    chain.code(&coder)
    var coding = TableCoding(coder: coder)
    // The only reference, so that the bytes written so far are not copied.
    coder = CanonicalCoder()
    visitTables(&coding)
    coder = coding.coder
  }
}

private struct TableCoding: TableVisitor {
  var coder: CanonicalCoder

  mutating func visit<Key, Value>(_ table: inout LedgerTable<Key, Value>) { table.code(&coder) }
}
