import Primitives
import Synchronization

/// The newest entries of the two indexes of extrinsics, on their way into their tables.
///
/// Ids and accounts fall anywhere in an index: written at once, every extrinsic would rewrite a page of its own, more
/// than all its rows take. So entries are kept in sections by the first bits of their key, and each block writes one
/// section: a few pages, with the entries of many blocks. Which section a block writes follows from its height, so a
/// start knows from the head alone what is not written yet.
///
/// A value, so that blocks which are written together work on a copy until all of them are durable.
struct LateIndex: Sendable {
  /// Also the most blocks for which an entry waits.
  static let sectionCount: UInt64 = 64

  struct IDEntry: Sendable {
    let id: Hash256
    let place: RowPlace
  }

  struct SignerEntry: Sendable {
    let signer: AccountID
    let nonce: UInt64
    let place: RowPlace
  }

  struct Section: Sendable {
    var ids: [IDEntry] = []
    var signers: [SignerEntry] = []
  }

  private var sections = [Section](repeating: Section(), count: Int(sectionCount))

  /// Empty, as before the first block.
  init() {}

  /// What is not in the tables yet when this is the head; `rows` may hold more than that.
  init(at head: BlockNumber, _ rows: [(place: RowPlace, id: Hash256, signer: AccountID, nonce: UInt64)]) {
    for row in rows { add(row.id, row.signer, row.nonce, at: row.place) }
    for index in sections.indices {
      let first = LateIndex.firstWaiting(in: index, at: head)
      sections[index].ids.removeAll { $0.place.height < first }
      sections[index].signers.removeAll { $0.place.height < first }
    }
  }

  /// The section of entries that a block writes.
  static func section(writtenAt height: BlockNumber) -> Int { Int(height.value % sectionCount) }

  static func section(of key: Bytes32) -> Int { Int(key.prefix16 >> 10) }

  /// The first block whose entries of a section are not in the tables when this is the head: the one that wrote it last.
  static func firstWaiting(in section: Int, at head: BlockNumber) -> BlockNumber {
    let since = (head.value % sectionCount + sectionCount - UInt64(section)) % sectionCount
    return BlockNumber(head.value - min(since, head.value))
  }

  /// What a block must write, in the order of the tables.
  func due(at height: BlockNumber) -> Section {
    var section = sections[LateIndex.section(writtenAt: height)]
    section.ids.sort { $0.id < $1.id }
    section.signers.sort { ($0.signer, $0.nonce, $0.place) < ($1.signer, $1.nonce, $1.place) }
    return section
  }

  /// A block is written, with the section that was due.
  mutating func adopt(_ block: StoredBlock) {
    sections[LateIndex.section(writtenAt: block.height)] = Section()
    for (index, extrinsic) in block.extrinsics.enumerated() {
      let place = RowPlace(number: Int64(block.height.value) << 24 | Int64(index))
      add(extrinsic.id, extrinsic.signer, extrinsic.nonce, at: place)
    }
  }

  private mutating func add(_ id: Hash256, _ signer: AccountID, _ nonce: UInt64, at place: RowPlace) {
    sections[LateIndex.section(of: id.value)].ids.append(IDEntry(id: id, place: place))
    sections[LateIndex.section(of: signer.key)].signers.append(
      SignerEntry(signer: signer, nonce: nonce, place: place))
  }

  /// Where an extrinsic of the newest blocks is.
  func place(of id: Hash256) -> RowPlace? {
    sections[LateIndex.section(of: id.value)].ids.first { $0.id == id }?.place
  }

  /// The newest place of an account's extrinsic with a nonce.
  func place(of signer: AccountID, nonce: UInt64) -> RowPlace? {
    sections[LateIndex.section(of: signer.key)].signers.last { $0.signer == signer && $0.nonce == nonce }?.place
  }
}

/// The late index of a store, changed by the thread that writes and looked at by the one that reads.
///
/// Who looks here first and in the tables second misses nothing: an entry leaves only after it is in a table for good.
final class SharedLateIndex: Sendable {
  private let index = Mutex(LateIndex())

  func withLock<Value: Sendable>(_ body: (inout sending LateIndex) -> sending Value) -> Value { index.withLock(body) }
}
