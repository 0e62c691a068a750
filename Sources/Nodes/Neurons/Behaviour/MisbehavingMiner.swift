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

  func forward(_ request: [UInt8], _ context: ForwardContext) async throws -> [UInt8] {
    switch behaviour.kind {
    case .honest, .offline: return try await host.forward(request, context)
    case .lazy:
      if let answer = first.answer { return answer }
      return first.keep(try await host.forward(request, context))
    case .slow:
      try await surroundings.time.sleep(for: behaviour.delay ?? context.timeRemaining * 9 / 10)
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
