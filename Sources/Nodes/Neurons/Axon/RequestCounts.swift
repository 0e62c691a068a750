/// What became of the requests that reached a miner.
package struct RequestCounts: Hashable, Sendable {
  package var received: UInt64 = 0
  package var answered: UInt64 = 0
  /// By status number.
  package var refused: [UInt32: UInt64] = [:]

  package var refusedTotal: UInt64 { refused.values.reduce(0, +) }

  package init() {}
}
