/// Runs any mechanism by bytes: what a miner and a validator hold instead of the author's type.
public struct MechanismHost: Sendable {
  /// The synapse's name on the wire.
  public let name: String
  /// The synapse's version on the wire.
  public let version: UInt32

  private let backend: any MechanismBackend

  /// Wraps a mechanism that is already set up.
  ///
  /// - Precondition: Its name is 1 to 64 of `a-z 0-9 _ -`.
  public init<Mechanism: IncentiveMechanism>(_ mechanism: Mechanism) {
    self.init(name: Mechanism.name, version: Mechanism.version, backend: LinkedMechanism(mechanism))
  }

  /// Wraps a mechanism that runs somewhere else, such as in a process of its own.
  ///
  /// - Precondition: `name` is 1 to 64 of `a-z 0-9 _ -`.
  package init(name: String, version: UInt32, backend: some MechanismBackend) {
    precondition(isPlainName(name, lengthLimit: 64), "A mechanism's name is 1 to 64 of a-z 0-9 _ -.")
    self.name = name
    self.version = version
    self.backend = backend
  }

  /// What happens around the mechanism's functions.
  public var policy: MechanismPolicy { backend.policy }

  /// Sets up a mechanism from `--option name=value` texts and wraps it.
  ///
  /// - Throws: `.invalidOption`, or what the mechanism's own `init` throws.
  public init(
    _ type: any IncentiveMechanism.Type, role: MechanismRole, arguments: [String] = []
  ) async throws(MechanismError) {
    self = try await MechanismHost.start(type, role: role, arguments: arguments)
  }

  /// Makes a task and the bytes that ask for it.
  ///
  /// - Throws: `.messageTooLarge`, or what the mechanism's `task` throws; no task was made.
  public func makeTask(_ round: Round, random: inout SeededRandom) async throws(MechanismError) -> PreparedTask {
    do {
      return try await backend.makeTask(round, random: &random)
    } catch {
      throw MechanismError(error, in: "\(name).task")
    }
  }

  /// Answers a request that came from outside.
  ///
  /// - Throws: `.malformedRequest` when the bytes are no request; else what the mechanism's `forward` throws.
  ///   `error.code.status` is the status of the reply.
  public func forward(_ request: [UInt8], _ context: ForwardContext) async throws(MechanismError) -> [UInt8] {
    do {
      return try await backend.forward(request, context)
    } catch {
      throw MechanismError(error, in: "\(name).forward")
    }
  }

  /// Scores the answers of one round, which came from outside.
  ///
  /// Bytes that are no response are worth zero, and so is an answer that breaks the scoring by itself while others do
  /// not: a miner must not be able to answer its way out of being scored, nor to hurt others.
  ///
  /// - Returns: One score an answer, in the same order; none for no answers.
  /// - Throws: `.invalidScore` for NaN, for a number outside 0...1 and for another count of scores than of answers;
  ///   else what the mechanism's `score` throws. The round then says nothing about anybody who answered.
  public func score(
    _ answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext
  ) async throws(MechanismError) -> [Score] {
    guard !answers.isEmpty else { return [] }
    do {
      let scores = try await backend.score(answers, for: task, context)
      try checkCount(of: scores, for: answers.count)
      return scores
    } catch {
      throw MechanismError(error, in: "\(name).score")
    }
  }

  /// Whether miners answer in parts.
  package var isStreaming: Bool { backend.isStreaming }

  /// Answers a request that came from outside in parts; in one where the mechanism does not stream.
  ///
  /// - Throws: As `forward`, and what `send` throws.
  package func stream(
    _ request: [UInt8], _ context: ForwardContext, send: PartSender<[UInt8]>
  ) async throws(MechanismError) {
    do {
      try await backend.stream(request, context, send: send)
    } catch {
      throw MechanismError(error, in: "\(name).forward")
    }
  }

  /// Makes one response of the parts that came.
  ///
  /// - Throws: `.malformedResponse` when one of them is no part.
  package func join(_ parts: [[UInt8]]) throws(MechanismError) -> [UInt8] {
    do {
      return try backend.join(parts)
    } catch {
      throw MechanismError(error, in: "\(name).join")
    }
  }

  /// The mechanism's own memory, to be saved with the validator's state; nil when it has none.
  package func checkpoint() async throws(MechanismError) -> [UInt8]? {
    do {
      let memory = try await backend.checkpoint()
      let limit = MessageCoder.memories.sizeLimit
      if let memory, memory.count > limit {
        throw MechanismError(.messageTooLarge, "The memory has \(memory.count) bytes; \(limit) are saved at most.")
      }
      return memory
    } catch {
      throw MechanismError(error, in: "\(name).checkpoint")
    }
  }

  /// Gives back what `checkpoint` said before a restart.
  package func restore(_ memory: [UInt8]) async throws(MechanismError) {
    do {
      try await backend.restore(memory)
    } catch {
      throw MechanismError(error, in: "\(name).restore")
    }
  }

  private static func start<Mechanism: IncentiveMechanism>(
    _ type: Mechanism.Type, role: MechanismRole, arguments: [String]
  ) async throws(MechanismError) -> MechanismHost {
    let setup = try Mechanism.setup(role, arguments)
    do {
      return MechanismHost(try await Mechanism(setup))
    } catch {
      throw MechanismError(error, in: "\(Mechanism.name).init")
    }
  }
}

/// A host may stand behind another, which changes a little of what it says.
extension MechanismHost: MechanismBackend {}
