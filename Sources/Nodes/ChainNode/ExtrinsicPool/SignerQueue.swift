import Primitives

/// What waits of one signer: by ascending nonce, gaps allowed, each nonce once.
struct SignerQueue: Sendable {
  private(set) var entries: [PooledExtrinsic] = []

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }

  subscript(nonce: UInt64) -> PooledExtrinsic? {
    let place = place(of: nonce)
    return place < entries.count && entries[place].body.nonce == nonce ? entries[place] : nil
  }

  /// Those whose nonce is used already.
  func entries(below nonce: UInt64) -> ArraySlice<PooledExtrinsic> { entries[..<place(of: nonce)] }

  /// - Precondition: Nothing waits under this nonce.
  mutating func insert(_ entry: PooledExtrinsic) {
    let place = place(of: entry.body.nonce)
    precondition(place == entries.count || entries[place].body.nonce != entry.body.nonce, "a nonce has one place")
    entries.insert(entry, at: place)
  }

  mutating func remove(_ nonce: UInt64) -> PooledExtrinsic? {
    let place = place(of: nonce)
    guard place < entries.count, entries[place].body.nonce == nonce else { return nil }
    return entries.remove(at: place)
  }

  /// Where a nonce is, or would be.
  private func place(of nonce: UInt64) -> Int {
    guard let first = entries.first?.body.nonce, nonce > first else { return 0 }
    // Without gaps, which is how most queues are, the distance is the place.
    let distance = Int(clamping: nonce - first)
    if distance < entries.count, entries[distance].body.nonce == nonce { return distance }
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].body.nonce < nonce { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
