import Synchronization

/// A mechanism whose miners answer in parts, each sent as soon as it is ready.
///
/// The response is the list of the parts; ``Answer/arrivals`` says when each came, so that `score` can count how soon a
/// miner begins and how fast it goes on.
///
/// ```swift
/// struct Story: StreamingMechanism {
///   func forward(_ prompt: String, _ context: ForwardContext, send: PartSender<String>) async throws {
///     for await word in model.words(after: prompt) { try await send(word) }
///   }
///   // And name, init, task and score, as in every mechanism.
/// }
/// ```
///
/// The parts of one answer are bounded in number and bytes by `policy.streaming`, and all of them in time by the round's
/// deadline. Each is signed by the miner. An answer that breaks off counts as none.
public protocol StreamingMechanism: IncentiveMechanism where Response == [Part] {
  /// One part of an answer.
  associatedtype Part: Codable & Sendable

  /// Does the work that a validator asks for, and sends each part when it is ready; runs on miners.
  ///
  /// The answer ends when this returns.
  func forward(_ request: Request, _ context: ForwardContext, send: PartSender<Part>) async throws
}

/// Takes the parts of an answer, in order.
///
/// It throws when the caller wants no more: too many parts or bytes, or too late. Let that error out.
public typealias PartSender<Part> = @Sendable (Part) async throws -> Void

extension StreamingMechanism {
  /// The same answer in one piece.
  public func forward(_ request: Request, _ context: ForwardContext) async throws -> [Part] {
    let parts = CollectedParts<Part>()
    try await forward(request, context) { part in parts.append(part) }
    return parts.all
  }
}

/// The parts that were sent so far, by whichever task.
final class CollectedParts<Part: Sendable>: Sendable {
  private let parts = Mutex<[Part]>([])

  func append(_ part: Part) { parts.withLock { $0.append(part) } }

  var all: [Part] { parts.withLock { $0 } }
}
