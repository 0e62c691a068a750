import Primitives
package import SubnetKit
import Transport
import Wire

extension SignedExchange {
  /// Asks, and once more where no answer comes; each request has an id of its own, and one deadline covers both.
  ///
  /// The second leaves when the first has failed, or when half of the deadline has passed; then both stay open.
  ///
  /// - Returns: The payload of the first verified reply with status 200.
  /// - Throws: Why the request that ended last has no answer.
  package func ask(
    _ question: Question, of peer: ExchangePeer, deadline: Duration, retry: Retry
  ) async throws(ExchangeError) -> [UInt8] {
    guard retry.isAllowed else { return try await ask(question, of: peer, deadline: deadline) }
    let end = time.elapsed + deadline
    let outcome = await withTaskGroup(of: Event.self, returning: Outcome.self) { group in
      group.addTask { .ended(await attempt(question, of: peer, until: end)) }
      group.addTask { await self.pause(for: deadline / 2) }
      var underWay = 1
      var hasRetried = false
      var last = Outcome.failure(.transport(.cancelled))
      while underWay > 0, let event = await group.next() {
        var pause: Duration?
        switch event {
        case .ended(let outcome):
          underWay -= 1
          last = outcome
          guard case .failure(let error) = outcome else { break }
          pause = SignedExchange.pauseBeforeRetry(after: error)
        case .patienceEnded: pause = .zero
        case .broken: break
        }
        if case .success = last { break }
        guard !hasRetried, let pause, time.elapsed + pause < end else { continue }
        hasRetried = true
        underWay += 1
        group.addTask {
          if case .broken = await self.pause(for: pause) { return .ended(.failure(.transport(.cancelled))) }
          return .ended(await attempt(question, of: peer, until: end))
        }
      }
      group.cancelAll()
      return last
    }
    return try outcome.get()
  }

  private typealias Outcome = Result<[UInt8], ExchangeError>

  private enum Event: Sendable {
    case ended(Outcome)
    /// The first request has had its time alone.
    case patienceEnded
    case broken
  }

  private func attempt(_ question: Question, of peer: ExchangePeer, until end: Duration) async -> Outcome {
    do throws(ExchangeError) {
      return .success(try await ask(question, of: peer, deadline: max(.zero, end - time.elapsed)))
    } catch {
      return .failure(error)
    }
  }

  private func pause(for duration: Duration) async -> Event {
    do throws(CancellationError) {
      try await time.sleep(for: duration)
      return .patienceEnded
    } catch {
      return .broken
    }
  }

  /// How long to wait before a second request; nil where it would end as the first.
  private static func pauseBeforeRetry(after error: ExchangeError) -> Duration? {
    switch error {
    case .refused(let refusal): refusal.status == .busy ? refusal.retryAfter ?? .zero : nil
    case .transport(.cancelled), .transport(.closed), .tooLarge, .unusableParts: nil
    // A forged or damaged reply says nothing about the peer; the next one may be genuine.
    case .transport, .unverified: .zero
    }
  }
}
