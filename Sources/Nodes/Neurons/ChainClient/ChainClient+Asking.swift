package import Primitives
import Transport
import Wire

/// An answer of the chain.
package struct ChainAnswer: Sendable {
  /// The query's name in `QueryRequest`.
  package let query: String
  /// The block that the answer describes.
  package let block: BlockNumber
  /// The answer's fields; nil when what was asked for does not exist.
  package let fields: Fields?

  /// The fields as a type.
  func read<View>(_ view: (Fields) throws(WireError) -> View) throws(ChainClientError) -> View {
    guard let present = try readIfPresent(view) else {
      throw .unreadable(query: query, .missing(field: query))
    }
    return present
  }

  /// The fields as a type; nil when there are none.
  func readIfPresent<View>(_ view: (Fields) throws(WireError) -> View) throws(ChainClientError) -> View? {
    guard let fields else { return nil }
    do throws(WireError) {
      return try view(fields)
    } catch {
      throw .unreadable(query: query, error)
    }
  }
}

extension ChainClient {
  /// How often in a row a refusal of the envelope itself is answered with a new envelope: one that waited for a chain
  /// to start again is too old for it.
  private static let freshEnvelopeLimit = 2

  /// Asks any question of `QueryRequest` by its field name, with its arguments by name.
  ///
  /// - Parameters:
  ///   - block: The block to read at; the newest without one.
  ///   - minBlock: The chain waits for this block before it reads.
  ///   - deadline: Over all attempts; that of the settings without one.
  ///   - attempt: For one attempt; that of the settings without one.
  /// - Throws: `refused` with the chain's own error, `unanswered` after the deadline.
  package func ask(
    _ query: String, _ arguments: Fields = [:], at block: BlockNumber? = nil, notBefore minBlock: BlockNumber? = nil,
    deadline: Duration? = nil, attempt: Duration? = nil
  ) async throws(ChainClientError) -> ChainAnswer {
    if query != "status" { _ = try await session(deadline: deadline) }
    let payload = try encode(query, arguments, at: block, notBefore: minBlock)
    let time = surroundings.time
    let end = time.elapsed + (deadline ?? settings.queryDeadline)
    var backoff = Backoff()
    var freshEnvelopes = 0
    while true {
      let left = max(end - time.elapsed, .milliseconds(1))
      let failure: AttemptFailure
      switch await askOnce(query, payload, deadline: min(left, attempt ?? settings.attemptDeadline)) {
      case .success(let answer): return answer
      case .failure(let reason): failure = reason
      }
      if failure.wantsFreshEnvelope { freshEnvelopes += 1 }
      let pause = backoff.pause(with: surroundings.random, atLeast: failure.retryAfter)
      guard failure.isRetriable, freshEnvelopes <= ChainClient.freshEnvelopeLimit, time.elapsed + pause < end else {
        throw failure.error
      }
      try await self.pause(pause)
    }
  }

  /// Why one attempt gave no answer, and whether another may.
  private struct AttemptFailure: Error {
    let error: ChainClientError
    let isRetriable: Bool
    var wantsFreshEnvelope = false
    var retryAfter: Duration = .zero
  }

  private func askOnce(
    _ query: String, _ payload: [UInt8], deadline: Duration
  ) async -> Result<ChainAnswer, AttemptFailure> {
    let reply: [UInt8]
    do throws(ExchangeError) {
      let chainID = try await chainID(deadline: deadline)
      let question = Question(chainID: chainID, netuid: .root, message: ChainClient.message, payload: payload)
      reply = try await exchange.ask(question, of: peer, deadline: deadline)
    } catch {
      return .failure(failure(of: error))
    }
    do throws(ChainClientError) {
      return .success(try decode(reply, of: query))
    } catch {
      guard case .refused(_, let refusal) = error, let retryAfter = refusal.retryAfter else {
        return .failure(AttemptFailure(error: error, isRetriable: false))
      }
      return .failure(AttemptFailure(error: error, isRetriable: true, retryAfter: retryAfter))
    }
  }

  private func failure(of error: ExchangeError) -> AttemptFailure {
    let reported = ChainClientError.unanswered(address, error)
    switch error {
    case .transport(.cancelled): return AttemptFailure(error: .cancelled, isRetriable: false)
    case .refused(let refusal) where refusal.status == .notVerified:
      return AttemptFailure(error: reported, isRetriable: true, wantsFreshEnvelope: true)
    case .refused(let refusal):
      return AttemptFailure(
        error: reported, isRetriable: error.isRetriable, retryAfter: refusal.retryAfter ?? .zero)
    // A forged or damaged reply says nothing about the chain; the next one may be genuine.
    case .unverified: return AttemptFailure(error: reported, isRetriable: true, wantsFreshEnvelope: true)
    case .transport, .tooLarge, .unusableParts: return AttemptFailure(error: reported, isRetriable: error.isRetriable)
    }
  }

  private func encode(
    _ query: String, _ arguments: Fields, at block: BlockNumber?, notBefore minBlock: BlockNumber?
  ) throws(ChainClientError) -> [UInt8] {
    var request = Fields()
    if let block {
      request.append("at_block", .unsigned(block.value))
      request.append("has_at_block", .flag(true))
    }
    if let minBlock { request.append("min_block", .unsigned(minBlock.value)) }
    request.append(query, .group(arguments))
    do throws(WireError) {
      return try WireCodec.encode(request, as: .queryRequest)
    } catch {
      throw .unencodable(query: query, error)
    }
  }

  private func decode(_ bytes: [UInt8], of query: String) throws(ChainClientError) -> ChainAnswer {
    let refusal: ChainRefusal?
    let answer: ChainAnswer
    do throws(WireError) {
      let reply = try WireCodec.decode(bytes, as: .queryReply)
      refusal = if let error = reply.group("error") { try ChainRefusal(error) } else { nil }
      answer = ChainAnswer(
        query: query, block: BlockNumber(try reply.number("at_block")), fields: reply.group(query))
    } catch {
      throw .unreadable(query: query, error)
    }
    if let refusal { throw .refused(query: query, refusal) }
    return answer
  }
}
