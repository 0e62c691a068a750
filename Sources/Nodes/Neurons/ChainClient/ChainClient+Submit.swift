import Synchronization
package import Keys
package import Ledger
package import Primitives
import Wire

extension ChainClient {
  /// Signs a call with a nonce that no call under way from here has, valid for the mortality of the settings.
  ///
  /// The nonce stays taken until `release` is called with the extrinsic.
  package func sign(
    _ call: some LedgerCall, with key: KeyPair, tip: Rao = .zero, deadline: Duration? = nil
  ) async throws(ChainClientError) -> Extrinsic {
    let session = try await session(deadline: deadline)
    let account = try await account(key.account, deadline: deadline)
    let nonce = nonces.withLock { $0.take(for: key.account, from: account.nextNonce) }
    do throws(ChainClientError) {
      return try extrinsic(call, by: key, nonce: nonce, birth: account.block, tip: tip, in: session)
    } catch {
      nonces.withLock { $0.release(nonce, of: key.account) }
      throw error
    }
  }

  /// Gives back the nonce of an extrinsic that `sign` made.
  package func release(_ extrinsic: Extrinsic) {
    nonces.withLock { $0.release(extrinsic.body.nonce, of: extrinsic.body.signer) }
  }

  /// Hands a call to the chain's pool and returns its id; whether and how it runs is told by `receipt`.
  package func submit(
    _ call: some LedgerCall, signedBy key: KeyPair, tip: Rao = .zero
  ) async throws(ChainClientError) -> Hash256 {
    var signatures = 0
    while true {
      let extrinsic = try await sign(call, with: key, tip: tip)
      defer { release(extrinsic) }
      signatures += 1
      do throws(ChainClientError) {
        return try await submit(extrinsic)
      } catch {
        guard error.wantsNewSignature, signatures < settings.signatureLimit else { throw error }
        // The same bytes may have been taken before their acknowledgement was lost.
        if try await receipt(of: extrinsic.id) != nil { return extrinsic.id }
        if error.ledgerCode == .wrongVersion { try await renewSession() }
      }
    }
  }

  /// Hands a signed extrinsic to the chain's pool.
  package func submit(_ extrinsic: Extrinsic) async throws(ChainClientError) -> Hash256 {
    try await ask("submit", ["extrinsic": .bytes(try encoded(extrinsic))])
      .read { (fields) throws(WireError) in try fields.hash("extrinsic_id") }
  }

  /// Signs a call, submits it and waits until it is in a block.
  ///
  /// When no acknowledgement comes the same bytes are sent again, so nothing runs twice. When the nonce or the time of
  /// the signature was used up by something else, the call is signed anew.
  ///
  /// ```swift
  /// try await client.submitAndWait(Transfer(to: bob, amount: .tao(1)), signedBy: alice)
  /// ```
  ///
  /// - Returns: Where it was included, as a success.
  /// - Throws: `refused` when it did not enter the pool, `failed` when it is in a block as failed, `outcomeUnknown` when
  ///   the deadline passed in between.
  @discardableResult
  package func submitAndWait(
    _ call: some LedgerCall, signedBy key: KeyPair, tip: Rao = .zero, deadline: Duration? = nil
  ) async throws(ChainClientError) -> Inclusion {
    let time = surroundings.time
    let end = time.elapsed + (deadline ?? settings.inclusionDeadline)
    var signatures = 0
    while true {
      let left = max(end - time.elapsed, .milliseconds(1))
      let extrinsic = try await sign(call, with: key, tip: tip, deadline: min(left, settings.queryDeadline))
      defer { release(extrinsic) }
      signatures += 1
      do throws(ChainClientError) {
        return try await inclusion(of: extrinsic, until: end)
      } catch {
        guard error.wantsNewSignature, signatures < settings.signatureLimit, time.elapsed < end else { throw error }
        if let inclusion = try await receipt(of: extrinsic.id) { return try inclusion.requiringSuccess() }
        if error.ledgerCode == .wrongVersion { try await renewSession() }
      }
    }
  }

  /// Submits a signed extrinsic, if need be again and again, and waits until it is in a block.
  @discardableResult
  package func submitAndWait(
    _ extrinsic: Extrinsic, deadline: Duration? = nil
  ) async throws(ChainClientError) -> Inclusion {
    try await inclusion(of: extrinsic, until: surroundings.time.elapsed + (deadline ?? settings.inclusionDeadline))
  }

  private func inclusion(
    of extrinsic: Extrinsic, until end: Duration
  ) async throws(ChainClientError) -> Inclusion {
    let bytes = try encoded(extrinsic)
    let time = surroundings.time
    // The chain holds the request until the block is stored.
    let attempt = try await settings.attemptDeadline + session().blockTime * 3
    var backoff = Backoff()
    while true {
      do throws(ChainClientError) {
        let answer = try await ask(
          "submit_and_wait", ["extrinsic": .bytes(bytes)], deadline: max(end - time.elapsed, .milliseconds(1)),
          attempt: attempt)
        let inclusion = try answer.read { (fields) throws(WireError) in try Inclusion(fields) }
        if let inclusion { return try inclusion.requiringSuccess() }
      } catch {
        switch error {
        case .unanswered: throw .outcomeUnknown(extrinsic: extrinsic.id)
        case .refused(_, let refusal) where refusal.isCrowding: break
        default: throw error
        }
      }
      let pause = backoff.pause(with: surroundings.random)
      guard time.elapsed + pause < end else { throw .outcomeUnknown(extrinsic: extrinsic.id) }
      try await self.pause(pause)
    }
  }

  private func extrinsic(
    _ call: some LedgerCall, by key: KeyPair, nonce: UInt64, birth: BlockNumber, tip: Rao, in session: ChainSession
  ) throws(ChainClientError) -> Extrinsic {
    do throws(WireError) {
      return try Extrinsic(
        signing: ExtrinsicBody(
          chainID: session.chainID, specVersion: session.specVersion, signer: key.account, nonce: nonce, birth: birth,
          period: settings.mortality, tip: tip, call: try WireCodec.encode(call.message, as: .call)), with: key)
    } catch {
      throw .unencodable(query: type(of: call).descriptor.name, error)
    }
  }

  private func encoded(_ extrinsic: Extrinsic) throws(ChainClientError) -> [UInt8] {
    do throws(WireError) {
      return try extrinsic.encoded()
    } catch {
      throw .unencodable(query: "submit", error)
    }
  }
}

extension ChainClientError {
  /// Whether the call can pass under another nonce, birth block or version: then these bytes can never be included.
  fileprivate var wantsNewSignature: Bool {
    guard case .refused(_, let refusal) = self else { return false }
    return switch refusal.code {
    case .stale, .future, .expired, .tipTooLow, .wrongVersion: true
    default: false
    }
  }
}

extension ChainRefusal {
  /// Whether the pool has no place now; the same bytes may find one later.
  fileprivate var isCrowding: Bool { code == .poolFull || code == .tooManyPending }
}

extension Inclusion {
  /// - Throws: `failed` for an extrinsic that is in a block as failed.
  fileprivate func requiringSuccess() throws(ChainClientError) -> Inclusion {
    guard isSuccess else { throw .failed(self) }
    return self
  }
}
