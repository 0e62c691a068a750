import Primitives
import SubnetKit
import Synchronization

/// A mechanism whose miner answers as its behaviour says; a validator's part is left as it is.
///
/// Stands around any host by bytes, so it cheats on every mechanism without knowing it.
struct MisbehavingMiner: MechanismBackend {
  /// The longest garbage, in bytes.
  private static let garbageLimit = 256

  let host: MechanismHost
  let behaviour: Behaviour
  let own: Hotkey
  let relay: AnswerRelay
  let surroundings: NodeSurroundings
  private let first = FirstAnswer()

  init(
    _ behaviour: Behaviour, of host: MechanismHost, own: Hotkey, relay: AnswerRelay, in surroundings: NodeSurroundings
  ) {
    self.behaviour = behaviour
    self.host = host
    self.own = own
    self.relay = relay
    self.surroundings = surroundings
  }

  func makeTask(_ round: Round, random: inout SeededRandom) async throws -> PreparedTask {
    try await host.makeTask(round, random: &random)
  }

  func score(_ answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext) async throws -> [Score] {
    try await host.score(answers, for: task, context)
  }

  var policy: MechanismPolicy { host.policy }
  var isStreaming: Bool { host.isStreaming }
  func join(_ parts: [[UInt8]]) throws -> [UInt8] { try host.join(parts) }

  /// Whoever does the work himself streams as the mechanism does; anything else comes in one part.
  func stream(_ request: [UInt8], _ context: ForwardContext, send: PartSender<[UInt8]>) async throws {
    switch behaviour.kind {
    case .honest, .offline: try await host.stream(request, context, send: send)
    case .slow:
      try await dawdle(context)
      try await host.stream(request, context, send: send)
    case .lazy, .garbage, .copycat, .colluding: try await send(forward(request, context))
    }
  }

  private func dawdle(_ context: ForwardContext) async throws {
    try await surroundings.time.sleep(for: behaviour.delay ?? context.timeRemaining * 9 / 10)
  }

  func forward(_ request: [UInt8], _ context: ForwardContext) async throws -> [UInt8] {
    switch behaviour.kind {
    case .honest, .offline: return try await host.forward(request, context)
    case .lazy:
      if let answer = first.answer { return answer }
      return first.keep(try await host.forward(request, context))
    case .slow:
      try await dawdle(context)
      return try await host.forward(request, context)
    case .garbage:
      let count = 1 + Int(surroundings.random.number() % UInt64(MisbehavingMiner.garbageLimit))
      return surroundings.random.bytes(count)
    case .copycat:
      let victims = behaviour.peers.map(\.hotkey)
      guard let answer = await relay.answer(to: request, of: victims.isEmpty ? nil : victims, context) else {
        throw MechanismError(.busy, "There is nobody to copy from.")
      }
      return answer
    case .colluding:
      // The same one works for the whole group, whoever of them is asked.
      let group = Set(behaviour.peers.map(\.hotkey) + [own]).sorted()
      guard let worker = group.first, worker != own else { return try await host.forward(request, context) }
      if let answer = await relay.answer(to: request, of: [worker], context) { return answer }
      return try await host.forward(request, context)
    }
  }
}

/// The answer that a lazy miner gave first.
private final class FirstAnswer: Sendable {
  private let kept = Mutex<[UInt8]?>(nil)

  var answer: [UInt8]? { kept.withLock { $0 } }

  /// Keeps an answer unless there is one; gives the one that is kept.
  func keep(_ answer: [UInt8]) -> [UInt8] {
    kept.withLock { kept in
      if kept == nil { kept = answer }
      return kept ?? answer
    }
  }
}
