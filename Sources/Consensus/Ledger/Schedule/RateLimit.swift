package import Primitives

/// The four forms in which a call may come too soon; `last` = 0 means "never before".
///
/// Source: registry 1; vectors `registry/rate_limits`.
package enum RateLimit: Hashable, Sendable {
  /// Passes when `limit` blocks have gone by. Owner parameters, subnet creation, children, mechanism calls, trim.
  case inclusive
  /// Passes when more than `limit` blocks have gone by; a limit of 0 always does. Hotkey swap, raising a delegate take.
  case exclusive
  /// As inclusive, and a limit of 0 always passes. Axon and prometheus.
  case serving
  /// Passes when `last + limit` lies before the block. Hotkey swap on one subnet.
  case swapCooldown

  /// Blocks until the call may pass; 0 when it may pass now.
  package func blocksLeft(limit: UInt64, last: BlockNumber, now block: BlockNumber) -> UInt64 {
    guard last != .genesis else { return 0 }
    if limit == 0, self == .exclusive || self == .serving { return 0 }
    // The first block that passes, whatever the form.
    let first: BlockNumber
    switch self {
    case .inclusive, .serving: first = last.advanced(by: limit)
    case .exclusive, .swapCooldown: first = last.advanced(by: limit).advanced(by: 1)
    }
    return first.blocks(since: block)
  }

  package func allows(limit: UInt64, last: BlockNumber, now block: BlockNumber) -> Bool {
    blocksLeft(limit: limit, last: last, now: block) == 0
  }

  /// Refuses with `code` and the time left when the call comes too soon.
  package func check(
    limit: UInt64, last: BlockNumber, now block: BlockNumber, else code: LedgerErrorCode
  ) throws(LedgerError) {
    let left = blocksLeft(limit: limit, last: last, now: block)
    guard left == 0 else { throw LedgerError(code, blocksLeft: left, at: block) }
  }
}
