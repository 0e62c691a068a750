/// A key of one of the ledger's tables.
package protocol LedgerKey: Hashable, Comparable, CanonicalValue {
  /// Keys of one bucket are hashed together into one section of the state root.
  ///
  /// A bucket groups what is walked together (a subnet's relations), or spreads a large table
  /// so that a block re-hashes only the parts it touched.
  var bucket: UInt32 { get }
}

/// One table of the state: constant-time access, an undo journal, and a record of the buckets that changed.
///
/// Nothing here depends on hash order: every walk sorts the keys.
package struct LedgerTable<Key: LedgerKey, Value: CanonicalValue>: Sendable {
  private var buckets: [UInt32: [Key: Value]] = [:]
  private var journal: [(key: Key, previous: Value?)] = []
  private var journals = false
  package private(set) var count = 0
  /// Buckets written since `takeChangedBuckets`, those whose last entry went included.
  private var changedBuckets: Set<UInt32> = []

  package init() {}

  package subscript(key: Key) -> Value? {
    get { buckets[key.bucket]?[key] }
    set {
      let previous = buckets[key.bucket]?[key]
      if previous == nil, newValue == nil { return }
      note(key, previous)
      if previous == nil { count += 1 }
      if newValue == nil { count -= 1 }
      buckets[key.bucket, default: [:]][key] = newValue
      if buckets[key.bucket]?.isEmpty == true { buckets[key.bucket] = nil }
    }
  }

  /// Changes the value of a key in place; does nothing when the key has none.
  package mutating func modify<Result>(_ key: Key, _ change: (inout Value) -> Result) -> Result? {
    let bucket = key.bucket
    guard contains(key) else { return nil }
    // Outside a transaction nothing holds the old value, so its arrays change in place.
    if journals { journal.append((key, buckets[bucket]![key])) }
    changedBuckets.insert(bucket)
    return change(&buckets[bucket]![key]!)
  }

  /// Takes out every entry of a bucket; outside a transaction without looking at them.
  package mutating func removeAll(inBucket bucket: UInt32) {
    guard let entries = buckets[bucket] else { return }
    if journals { for key in entries.keys.sorted() { journal.append((key, entries[key])) } }
    changedBuckets.insert(bucket)
    count -= entries.count
    buckets[bucket] = nil
  }

  package func contains(_ key: Key) -> Bool { buckets[key.bucket]?.index(forKey: key) != nil }

  /// Keys of one bucket in ascending order.
  package func keys(inBucket bucket: UInt32) -> [Key] {
    buckets[bucket].map { $0.keys.sorted() } ?? []
  }

  /// Every key in ascending order. A walk over the whole table: for genesis, queries and checks, never per block.
  package var sortedKeys: [Key] { buckets.values.flatMap(\.keys).sorted() }

  package var isEmpty: Bool { count == 0 }

  private mutating func note(_ key: Key, _ previous: Value?) {
    if journals { journal.append((key, previous)) }
    changedBuckets.insert(key.bucket)
  }
}

// MARK: - Undo

extension LedgerTable {
  /// From here on every write can be undone.
  mutating func beginJournal() {
    journals = true
    journal.removeAll(keepingCapacity: true)
  }

  /// Forgets how to undo; the writes stand.
  mutating func endJournal() {
    journals = false
    journal.removeAll(keepingCapacity: true)
  }

  var journalMark: Int { journal.count }

  /// Takes back every write made since the mark, the latest first.
  mutating func undo(to mark: Int) {
    while journal.count > mark {
      let entry = journal.removeLast()
      let present = buckets[entry.key.bucket]?[entry.key] != nil
      if present, entry.previous == nil { count -= 1 }
      if !present, entry.previous != nil { count += 1 }
      buckets[entry.key.bucket, default: [:]][entry.key] = entry.previous
      if buckets[entry.key.bucket]?.isEmpty == true { buckets[entry.key.bucket] = nil }
    }
  }
}

// MARK: - State root and snapshots

extension LedgerTable {
  /// Buckets that hold entries, ascending.
  package var bucketNumbers: [UInt32] { buckets.keys.sorted() }

  mutating func takeChangedBuckets() -> [UInt32] {
    defer { changedBuckets.removeAll(keepingCapacity: true) }
    return changedBuckets.sorted()
  }

  /// Entries of one bucket by ascending key; nil for an empty bucket.
  func canonicalBytes(ofBucket bucket: UInt32) -> [UInt8]? {
    guard let entries = buckets[bucket] else { return nil }
    var coder = CanonicalCoder()
    for key in entries.keys.sorted() {
      var codedKey = key
      codedKey.code(&coder)
      var value = entries[key]!
      value.code(&coder)
    }
    return coder.bytes
  }

  mutating func code(_ coder: inout CanonicalCoder) {
    var number = UInt64(count)
    coder.integer(&number)
    if coder.isWriting {
      for key in sortedKeys {
        var codedKey = key
        codedKey.code(&coder)
        var value = self[key]!
        value.code(&coder)
      }
    } else {
      self = LedgerTable()
      for _ in 0..<number where !coder.failed {
        var key = Key()
        key.code(&coder)
        var value = Value()
        value.code(&coder)
        if !coder.failed { self[key] = value }
      }
    }
  }
}
