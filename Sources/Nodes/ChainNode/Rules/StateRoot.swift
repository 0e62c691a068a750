import Keys
package import Ledger
package import Primitives

/// The hash over the whole state, kept so that a block hashes again only what it changed.
///
/// A leaf per section is `BLAKE2b("state-section/1" || table || bucket || canonical bytes)`, an empty section has none. 256
/// neighbouring buckets of one table make a branch over their `(bucket, leaf)` in ascending order; the root hashes all
/// `(table, branch number, branch)` in ascending order. Numbers are little-endian.
package struct StateRoot: Sendable {
  private struct BranchKey: Hashable, Comparable, Sendable {
    let table: UInt8
    let number: UInt32

    init(of section: StateSection) {
      table = section.table
      number = section.bucket >> 8
    }

    static func < (left: BranchKey, right: BranchKey) -> Bool {
      (left.table, left.number) < (right.table, right.number)
    }
  }

  private struct Branch: Sendable {
    var leaves: [UInt32: Hash256] = [:]
    var hash = Hash256.zero
  }

  /// Sections whose bytes are in memory together.
  private static let sectionsAtOnce = 256

  private var branches: [BranchKey: Branch] = [:]
  /// The hash as of the last `update`.
  package private(set) var hash = Hash256.zero

  /// The root of a state, from scratch: canonical bytes are read anew, so nothing cached is trusted.
  ///
  /// - Complexity: O(state).
  package init(recomputedFrom state: LedgerState) {
    var writer = CanonicalCoder()
    var copy = state
    copy.code(&writer)
    guard var fresh = LedgerState(canonicalBytes: writer.bytes) else {
      preconditionFailure("a state reads back what it wrote")
    }
    self.init(takingChangesOf: &fresh)
  }

  /// The root of a state none of whose sections were taken yet: genesis, or one just read from a snapshot.
  package init(takingChangesOf state: inout LedgerState) { update(from: &state) }

  /// Takes in what changed since the last call.
  ///
  /// - Complexity: O(bytes of the changed sections), and the number of branches.
  package mutating func update(from state: inout LedgerState) {
    var touched: Set<BranchKey> = []
    var sections = state.takeChangedSections()[...]
    while !sections.isEmpty {
      let some = sections.prefix(StateRoot.sectionsAtOnce)
      sections = sections.dropFirst(some.count)
      for (section, content) in zip(some, state.canonicalBytes(of: some)) {
        let key = BranchKey(of: section)
        touched.insert(key)
        branches[key, default: Branch()].leaves[section.bucket] = leaf(of: section, content)
      }
    }
    for key in touched {
      guard let leaves = branches[key]?.leaves, !leaves.isEmpty else {
        branches[key] = nil
        continue
      }
      branches[key] = Branch(leaves: leaves, hash: hash(of: leaves))
    }
    var bytes = Array("state-root/1".utf8)
    for key in branches.keys.sorted() {
      bytes.append(key.table)
      bytes.append(littleEndian: key.number)
      bytes += branches[key]?.hash.bytes ?? []
    }
    hash = Hash256(hashing: bytes)
  }

  private func leaf(of section: StateSection, _ content: [UInt8]?) -> Hash256? {
    guard let content else { return nil }
    var bytes = Array("state-section/1".utf8)
    bytes.reserveCapacity(bytes.count + 5 + content.count)
    bytes.append(section.table)
    bytes.append(littleEndian: section.bucket)
    bytes += content
    return Hash256(hashing: bytes)
  }

  private func hash(of leaves: [UInt32: Hash256]) -> Hash256 {
    var bytes = Array("state-branch/1".utf8)
    for bucket in leaves.keys.sorted() {
      bytes.append(littleEndian: bucket)
      bytes += leaves[bucket]?.bytes ?? []
    }
    return Hash256(hashing: bytes)
  }
}

extension LedgerState {
  /// The whole state as canonical bytes, as a snapshot keeps it.
  package var canonicalBytes: [UInt8] {
    var writer = CanonicalCoder()
    var copy = self
    copy.code(&writer)
    return writer.bytes
  }

  /// Reads a snapshot; nil unless the bytes are exactly one state.
  package init?(canonicalBytes: [UInt8]) {
    var reader = CanonicalCoder(reading: canonicalBytes)
    self.init()
    code(&reader)
    guard reader.isComplete else { return nil }
  }
}

extension [UInt8] {
  /// Appends a number at its full width, least significant byte first.
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
