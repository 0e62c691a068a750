import Synchronization

/// Canonical bytes of the values that were written last, for values that every block writes and hardly any changes.
///
/// A pure function that remembers: what it gives depends on the value alone. Safe from any thread.
final class CanonicalMemo<Value: Hashable & Sendable>: Sendable {
  /// Values that are remembered; more kinds of subnets than that are written the slow way.
  private static var limit: Int { 16 }

  private let entries = Mutex<[(value: Value, bytes: [UInt8])]>([])

  func bytes(of value: Value, _ write: (Value) -> [UInt8]) -> [UInt8] {
    let known = entries.withLock { entries in entries.first { $0.value == value }?.bytes }
    if let known { return known }
    let bytes = write(value)
    entries.withLock { entries in
      if entries.count == Self.limit { entries.removeFirst() }
      entries.append((value, bytes))
    }
    return bytes
  }
}
