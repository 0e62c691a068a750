/// A key of one of the ledger's tables.
package protocol LedgerKey: Hashable, Comparable, CanonicalValue {
  /// Keys of one bucket are hashed together into one section of the state root.
  ///
  /// A bucket groups what is walked together (a subnet's relations), or spreads a large table
  /// so that a block re-hashes only the parts it touched. It never falls as keys rise.
  var bucket: UInt32 { get }
}

/// One table of the state: an undo journal, and a record of the buckets that changed.
///
/// Buckets stand in ascending order and so do the keys in each, so that a walk sorts nothing and nothing here depends
/// on hash order.
///
/// - Complexity: A lookup searches the numbers of the buckets, then the keys of one.
package struct LedgerTable<Key: LedgerKey, Value: CanonicalValue>: Sendable {
  private var buckets: [LedgerBucket<Key, Value>] = []
  /// Of `buckets`, in the same order. Apart from them, so that a search stays in few cache lines.
  private var numbers: [UInt32] = []
  private var journal: [(key: Key, previous: Value?)] = []
  private var journals = false
  package private(set) var count = 0
  /// Buckets written since `takeChangedBuckets`, those whose last entry went included.
  private var changedBuckets: Set<UInt32> = []

  package init() {}

  package subscript(key: Key) -> Value? {
    get {
      guard let place = place(of: key) else { return nil }
      return buckets[place.bucket].values[place.entry]
    }
    set {
      let previous = self[key]
      if previous == nil, newValue == nil { return }
      note(key, previous)
      set(key, newValue)
    }
  }

  /// Looks at the value of a key without copying it; nil when the key has none.
  package func read<Result>(_ key: Key, _ look: (borrowing Value) -> Result) -> Result? {
    guard let place = place(of: key) else { return nil }
    return look(buckets[place.bucket].values[place.entry])
  }

  /// Changes the value of a key in place; does nothing when the key has none.
  package mutating func modify<Result>(_ key: Key, _ change: (inout Value) -> Result) -> Result? {
    guard let place = place(of: key) else { return nil }
    // Outside a transaction nothing holds the old value, so its arrays change in place.
    if journals { journal.append((key, buckets[place.bucket].values[place.entry])) }
    changedBuckets.insert(key.bucket)
    return change(&buckets[place.bucket].values[place.entry])
  }

  /// Takes out every entry of a bucket; outside a transaction without looking at them.
  package mutating func removeAll(inBucket number: UInt32) {
    guard let index = index(ofBucket: number) else { return }
    if journals {
      for (key, value) in zip(buckets[index].keys, buckets[index].values) { journal.append((key, value)) }
    }
    changedBuckets.insert(number)
    count -= buckets[index].keys.count
    buckets.remove(at: index)
    numbers.remove(at: index)
  }

  package func contains(_ key: Key) -> Bool { place(of: key) != nil }

  /// Keys of one bucket in ascending order.
  package func keys(inBucket bucket: UInt32) -> [Key] {
    index(ofBucket: bucket).map { buckets[$0].keys } ?? []
  }

  /// Looks at the values of one bucket, by ascending key, without copying them.
  func forEachValue(inBucket bucket: UInt32, _ look: (borrowing Value) -> Void) {
    guard let index = index(ofBucket: bucket) else { return }
    for entry in buckets[index].values.indices { look(buckets[index].values[entry]) }
  }

  /// Every key in ascending order. A walk over the whole table: for genesis, queries and checks, never per block.
  package var sortedKeys: [Key] { buckets.flatMap(\.keys) }

  package var isEmpty: Bool { count == 0 }

  private mutating func note(_ key: Key, _ previous: Value?) {
    if journals { journal.append((key, previous)) }
    changedBuckets.insert(key.bucket)
  }
}

/// The entries of one bucket by ascending key.
private struct LedgerBucket<Key: LedgerKey, Value: CanonicalValue>: Sendable {
  var keys: [Key]
  var values: [Value]
}

// MARK: - Places

extension LedgerTable {
  private func place(of key: Key) -> (bucket: Int, entry: Int)? {
    guard let bucket = index(ofBucket: key.bucket) else { return nil }
    let entry = buckets[bucket].keys.firstIndex(notBelow: key)
    guard entry < buckets[bucket].keys.count, buckets[bucket].keys[entry] == key else { return nil }
    return (bucket, entry)
  }

  private func index(ofBucket number: UInt32) -> Int? {
    let index = numbers.firstIndex(notBelow: number)
    return index < numbers.count && numbers[index] == number ? index : nil
  }

  /// Writes, or removes for nil, and keeps the order and the count.
  private mutating func set(_ key: Key, _ value: Value?) {
    let number = key.bucket
    let bucket = numbers.firstIndex(notBelow: number)
    guard bucket < numbers.count, numbers[bucket] == number else {
      guard let value else { return }
      numbers.insert(number, at: bucket)
      buckets.insert(LedgerBucket(keys: [key], values: [value]), at: bucket)
      count += 1
      return
    }
    let entry = buckets[bucket].keys.firstIndex(notBelow: key)
    let isPresent = entry < buckets[bucket].keys.count && buckets[bucket].keys[entry] == key
    switch (isPresent, value) {
    case (true, let value?):
      buckets[bucket].values[entry] = value
    case (true, nil):
      buckets[bucket].keys.remove(at: entry)
      buckets[bucket].values.remove(at: entry)
      count -= 1
      if buckets[bucket].keys.isEmpty {
        buckets.remove(at: bucket)
        numbers.remove(at: bucket)
      }
    case (false, let value?):
      buckets[bucket].keys.insert(key, at: entry)
      buckets[bucket].values.insert(value, at: entry)
      count += 1
    case (false, nil):
      break
    }
  }
}

extension Array where Element: Comparable {
  /// The place of an element in an ascending array, or where it would stand.
  fileprivate func firstIndex(notBelow element: Element) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low
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
      set(entry.key, entry.previous)
    }
  }
}

// MARK: - State root and snapshots

extension LedgerTable {
  /// Buckets that hold entries, ascending.
  package var bucketNumbers: [UInt32] { numbers }

  /// Buckets written since `takeChangedBuckets`, ascending.
  var changedBucketNumbers: [UInt32] { changedBuckets.sorted() }

  mutating func takeChangedBuckets() -> [UInt32] {
    defer { changedBuckets.removeAll(keepingCapacity: true) }
    return changedBuckets.sorted()
  }

  /// Entries of one bucket by ascending key; nil for an empty bucket.
  func canonicalBytes(ofBucket bucket: UInt32) -> [UInt8]? {
    guard let index = index(ofBucket: bucket) else { return nil }
    var coder = CanonicalCoder()
    LedgerTable.write(buckets[index], to: &coder)
    return coder.bytes
  }

  private static func write(_ bucket: LedgerBucket<Key, Value>, to coder: inout CanonicalCoder) {
    for (key, value) in zip(bucket.keys, bucket.values) {
      var (key, value) = (key, value)
      key.code(&coder)
      value.code(&coder)
    }
  }

  mutating func code(_ coder: inout CanonicalCoder) {
    var number = UInt64(count)
    coder.integer(&number)
    if coder.isWriting {
      for bucket in buckets { LedgerTable.write(bucket, to: &coder) }
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
