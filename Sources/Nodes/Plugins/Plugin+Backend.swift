import Primitives
package import SubnetKit

extension Plugin: MechanismBackend {
  /// Bytes of all answers of a round that are handed to a program.
  static let answerBytesLimit = 32 << 20

  /// Sets a task; the program draws from a seed of its own.
  package func makeTask(_ round: Round, random: inout SeededRandom) async throws -> PreparedTask {
    let seed = random.next()
    guard case .task(let task) = try await asked(.makeTask(round, seed: seed)) else { throw unreachable }
    guard task.request.count <= MessageCoder.requests.sizeLimit else {
      throw MechanismError(
        .messageTooLarge,
        "plugin \(program.name) made a request of \(task.request.count) bytes; the limit is \(MessageCoder.requests.sizeLimit)"
      )
    }
    guard task.challenge.count <= MessageCoder.challenges.sizeLimit else {
      throw MechanismError(
        .messageTooLarge,
        "plugin \(program.name) made a challenge of \(task.challenge.count) bytes; the limit is \(MessageCoder.challenges.sizeLimit)"
      )
    }
    return task
  }

  /// Lets the program answer, within what is left of the caller's deadline.
  package func forward(_ request: [UInt8], _ context: ForwardContext) async throws -> [UInt8] {
    try await forward(request, context, within: context.timeRemaining)
  }

  /// - Parameter limit: How long to wait; as long as a call may take without it.
  func forward(_ request: [UInt8], _ context: ForwardContext, within limit: Duration?) async throws -> [UInt8] {
    guard case .response(let payload) = try await asked(.forward(request, context), within: limit)
    else { throw unreachable }
    guard payload.count <= MessageCoder.responses.sizeLimit else {
      throw MechanismError(
        .messageTooLarge,
        "plugin \(program.name) made a response of \(payload.count) bytes; the limit is \(MessageCoder.responses.sizeLimit)"
      )
    }
    return payload
  }

  /// Lets the program judge all answers of a round.
  ///
  /// Together the answers may be so large that the program could not take them; then those that are larger than an
  /// equal share are worth zero, so that one miner cannot spoil the round for others.
  package func score(
    _ answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext
  ) async throws -> [Score] {
    let isFitting = fitting(answers)
    let judged = answers.indices.filter { isFitting[$0] }
    var scores = answers.indices.map { _ in Score.zero(because: "the answer is too large for the round") }
    guard !judged.isEmpty else { return scores }
    do throws(PluginError) {
      let given = try await judge(judged.map { answers[$0] }, for: task, context)
      for (index, score) in zip(judged, given) { scores[index] = score }
      return scores
    } catch {
      throw MechanismError(error)
    }
  }

  /// What the program wants to find again; it is given back after a restart of the program too.
  package func checkpoint() async throws -> [UInt8]? {
    guard case .memory(let content) = try await asked(.checkpoint) else { throw unreachable }
    if let content {
      guard content.count <= WireSizes.memory else {
        throw MechanismError(
          .messageTooLarge, "plugin \(program.name) keeps \(content.count) bytes; the limit is \(WireSizes.memory)")
      }
      keep(content)
    }
    return content
  }

  package func restore(_ memory: [UInt8]) async throws {
    guard case .restored = try await asked(.restore(memory)) else { throw unreachable }
    keep(memory)
  }

  private enum WireSizes {
    static let memory = 1 << 20
  }

  private func fitting(_ answers: [AnswerBytes]) -> [Bool] {
    let total = answers.reduce(0) { $0 + $1.response.count }
    let share = total <= Plugin.answerBytesLimit ? Int.max : Plugin.answerBytesLimit / answers.count
    return answers.map { $0.response.count <= share }
  }

  private func asked(
    _ request: PluginRequest, within limit: Duration? = nil
  ) async throws(MechanismError) -> PluginReply {
    do throws(PluginError) {
      return try await ask(request, within: limit)
    } catch {
      throw MechanismError(error)
    }
  }

  /// The thread hands on only answers of the kind that was asked for.
  private var unreachable: MechanismError {
    MechanismError(.failed, "plugin \(program.name) answered something else than it was asked.")
  }
}
