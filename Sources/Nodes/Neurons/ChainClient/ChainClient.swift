import Daemon
package import Keys
import Primitives
import Synchronization
package import Transport
package import Wire

/// Typed access to one chain: every question has a deadline, and every answer carries the authority's signature for
/// just that question.
///
/// Questions are asked again, each time in a new envelope, while the chain is away; a chain that restarts costs its
/// callers time and nothing else.
package final class ChainClient: Sendable {
  /// Name and version of the message that carries a `QueryRequest`, and in the reply a `QueryReply`.
  package static let message = EnvelopeMessage("query", version: 1)!

  package let address: ChainAddress
  package let settings: ChainClientSettings
  let surroundings: NodeSurroundings
  let exchange: SignedExchange
  let peer: ExchangePeer
  private let known = Mutex(Known())
  let nonces = Mutex(NonceReservations())

  private struct Known {
    var chainID: Hash256?
    var session: ChainSession?
  }

  /// - Parameter key: Signs the envelopes of the questions; any key will do, funds are not touched.
  /// - Throws: `improperAuthority`.
  package init(
    of address: ChainAddress, over sender: any RequestSender, signingAs key: KeyPair, in surroundings: NodeSurroundings,
    settings: ChainClientSettings = ChainClientSettings()
  ) throws(ChainClientError) {
    guard let peer = ExchangePeer(account: address.authority, at: address.endpoint) else {
      throw .improperAuthority(address.authority)
    }
    self.address = address
    self.settings = settings
    self.surroundings = surroundings
    self.peer = peer
    known.withLock { $0.chainID = address.genesis }
    exchange = SignedExchange(sender: sender, key: key, time: surroundings.time, random: surroundings.random)
  }

  /// What stays the same while the chain runs; asked for once and kept.
  package func session(deadline: Duration? = nil) async throws(ChainClientError) -> ChainSession {
    if let session = known.withLock({ $0.session }) { return session }
    return try await Self.session(of: status(deadline: deadline))
  }

  /// Waits for the chain as long as it takes; only cancellation and final errors end it.
  package func connect() async throws(ChainClientError) -> ChainSession {
    var backoff = Backoff()
    while true {
      do throws(ChainClientError) {
        return try await session(deadline: settings.attemptDeadline)
      } catch {
        guard error.isRetriable else { throw error }
        surroundings.log.warning("waiting for the chain", [.endpoint: .of(address.endpoint), .reason: .of(error)])
      }
      try await pause(backoff.pause(with: surroundings.random))
    }
  }

  /// The state of the chain's node now.
  package func status(deadline: Duration? = nil) async throws(ChainClientError) -> ChainStatusView {
    let answer = try await ask("status", deadline: deadline)
    let status = try answer.read { (fields) throws(WireError) in try ChainStatusView(fields) }
    try keep(status)
    return status
  }

  /// Forgets what `session` keeps but the genesis, after the chain said that its rules changed.
  func renewSession() async throws(ChainClientError) { _ = try await status() }

  private static func session(of status: ChainStatusView) -> ChainSession {
    ChainSession(chainID: status.chainID, specVersion: status.specVersion, blockTime: status.blockTime)
  }

  private func keep(_ status: ChainStatusView) throws(ChainClientError) {
    let found = status.chainID
    let wanted = known.withLock { known in
      if known.chainID == nil || known.chainID == found {
        known.chainID = found
        known.session = Self.session(of: status)
      }
      return known.chainID ?? found
    }
    if wanted != found { throw .wrongNetwork(wanted: wanted, found: found) }
  }

  /// The genesis hash: the pinned one, or the one that the authority names when it is greeted.
  func chainID(deadline: Duration) async throws(ExchangeError) -> Hash256 {
    if let chainID = known.withLock({ $0.chainID }) { return chainID }
    let found = try await exchange.greet(peer, deadline: deadline)
    return known.withLock { known in
      if known.chainID == nil { known.chainID = found }
      return known.chainID ?? found
    }
  }

  func pause(_ duration: Duration) async throws(ChainClientError) {
    do throws(CancellationError) {
      try await surroundings.time.sleep(for: duration)
    } catch {
      throw .cancelled
    }
  }
}
