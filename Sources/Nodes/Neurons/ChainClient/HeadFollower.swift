import Daemon
import Primitives

/// Follows the newest block of a chain, across restarts of the chain.
///
/// Blocks that come while its owner is busy are skipped: each call gives the newest.
package struct HeadFollower: Sendable {
  private let client: ChainClient
  /// The newest block that was given.
  package private(set) var last: BlockHead?

  package init(of client: ChainClient) { self.client = client }

  /// The newest block, as soon as it is another than the last one given.
  ///
  /// Waits for as long as the chain is away, with pauses of 50 ms to 2 s between attempts, each with its own deadline.
  ///
  /// - Throws: Only what waiting does not cure, and `cancelled`.
  package mutating func next() async throws(ChainClientError) -> BlockHead {
    var backoff = Backoff()
    while true {
      do throws(ChainClientError) {
        if let head = try await newest() {
          last = head
          return head
        }
      } catch {
        guard error.isRetriable else { throw error }
        client.surroundings.log.warning("the chain does not answer; asking again", [.reason: .of(error)])
      }
      try await client.pause(backoff.pause(with: client.surroundings.random))
    }
  }

  /// The newest block after the last one; nil when none came in time.
  private func newest() async throws(ChainClientError) -> BlockHead? {
    guard let last else { return try await client.head() }
    guard var newest = try await client.heads(after: last.number).last else { return nil }
    // A long absence leaves more blocks than one answer holds; what lies between does not matter here.
    if newest.number > last.number {
      let head = try await client.head()
      if head.number > newest.number { newest = head }
      return newest
    }
    return nil
  }
}
