/// Deadlines in order, soonest first, each with what it belongs to; equal ones leave in the order of their ids.
///
/// Requests that end early leave their deadline behind; once those outnumber the living, the heap is made anew.
struct DeadlineHeap {
  struct Entry {
    let deadline: ContinuousClock.Instant
    let id: UInt64
    let peer: PeerLink

    fileprivate func isBefore(_ other: Entry) -> Bool { (deadline, id) < (other.deadline, other.id) }
    fileprivate var isLive: Bool { peer.isPending(id) }
  }

  /// Entries below which a rebuild is not worth it.
  private static let rebuildFloor = 64

  private var entries: [Entry] = []
  private var liveCountAtRebuild = 0

  var soonest: ContinuousClock.Instant? { entries.first?.deadline }

  mutating func insert(_ entry: Entry) {
    if entries.count > 2 * liveCountAtRebuild + DeadlineHeap.rebuildFloor { rebuild() }
    entries.append(entry)
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].isBefore(entries[parent]) else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// Removes and returns the soonest entry if its time has come.
  mutating func popExpired(at now: ContinuousClock.Instant) -> Entry? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    siftDown(from: 0)
    return first
  }

  private mutating func rebuild() {
    entries.removeAll { !$0.isLive }
    liveCountAtRebuild = entries.count
    for index in stride(from: entries.count / 2 - 1, through: 0, by: -1) { siftDown(from: index) }
  }

  private mutating func siftDown(from start: Int) {
    var parent = start
    while true {
      var first = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < entries.count && entries[child].isBefore(entries[first]) {
        first = child
      }
      guard first != parent else { return }
      entries.swapAt(parent, first)
      parent = first
    }
  }
}
