/// Runs an author's type in this process.
struct LinkedMechanism<Mechanism: IncentiveMechanism>: MechanismBackend {
  let mechanism: Mechanism

  init(_ mechanism: Mechanism) { self.mechanism = mechanism }

  func makeTask(_ round: Round, random: inout SeededRandom) async throws -> PreparedTask {
    let challenge = try await mechanism.task(round, random: &random)
    return PreparedTask(
      request: try encoded(challenge.request, with: .requests, as: "request"),
      challenge: try encoded(challenge.expected, with: .challenges, as: "expected value"),
      scoredAfter: challenge.scoredAfter)
  }

  func forward(_ bytes: [UInt8], _ context: ForwardContext) async throws -> [UInt8] {
    let request = try decodedRequest(Mechanism.Request.self, from: bytes)
    return try encoded(await mechanism.forward(request, context), with: .responses, as: "response")
  }

  var policy: MechanismPolicy { mechanism.policy }

  func score(_ answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext) async throws -> [Score] {
    let challenge = try challenge(of: task)
    var scores = [Score](repeating: .zero, count: answers.count)
    var readable: [(index: Int, answer: Answer<Mechanism.Response>)] = []
    for (index, answer) in answers.enumerated() {
      do throws(MessageError) {
        let response = try MessageCoder.responses.decode(Mechanism.Response.self, from: answer.response)
        readable.append((index, answer.with(response)))
      } catch {
        scores[index] = .zero(because: MechanismError(.malformedResponse, error.description).description)
      }
    }
    guard !readable.isEmpty else { return scores }
    let judged = try await judge(readable.map(\.answer), for: challenge, context)
    for (row, score) in zip(readable, judged) { scores[row.index] = score }
    return scores
  }

  private typealias Task = Challenge<Mechanism.Request, Mechanism.Expected>
  private typealias Answered = Answer<Mechanism.Response>

  private func challenge(of task: PreparedTask) throws(MechanismError) -> Task {
    do throws(MessageError) {
      return Challenge(
        try MessageCoder.requests.decode(Mechanism.Request.self, from: task.request),
        expecting: try MessageCoder.challenges.decode(Mechanism.Expected.self, from: task.challenge),
        scoredAfter: task.scoredAfter)
    } catch {
      throw MechanismError(
        .failed, "The task was made by another mechanism or version than \(Mechanism.name) \(Mechanism.version).")
    }
  }

  private func judge(
    _ answers: [Answered], for challenge: Task, _ context: ScoreContext
  ) async throws -> [Score] {
    do {
      return try await ask(answers, for: challenge, context)
    } catch let error as CancellationError {
      throw error
    } catch {
      return try await judgeWithoutCulprits(answers, for: challenge, context, after: error)
    }
  }

  /// One answer may be made to break the scoring; it is worth zero and must not take the others with it.
  ///
  /// - Throws: `failure` when no answer, or every answer, breaks the scoring by itself: then it is not their doing.
  private func judgeWithoutCulprits(
    _ answers: [Answered], for challenge: Task, _ context: ScoreContext, after failure: any Error
  ) async throws -> [Score] {
    var scores = [Score](repeating: .zero, count: answers.count)
    var sound: [Int] = []
    for index in answers.indices {
      do {
        _ = try await ask([answers[index]], for: challenge, context)
        sound.append(index)
      } catch let error as CancellationError {
        throw error
      } catch {
        scores[index] = .zero(because: MechanismError(error, in: "\(Mechanism.name).score").description)
      }
    }
    guard !sound.isEmpty, sound.count < answers.count else { throw failure }
    let judged = try await ask(sound.map { answers[$0] }, for: challenge, context)
    for (index, score) in zip(sound, judged) { scores[index] = score }
    return scores
  }

  private func ask(_ answers: [Answered], for challenge: Task, _ context: ScoreContext) async throws -> [Score] {
    let scores = try await mechanism.score(answers, for: challenge, context)
    try checkCount(of: scores, for: answers.count)
    return scores
  }
}

extension Answer {
  /// The same answer with its value in another form.
  func with<Other>(_ response: Other) -> Answer<Other> {
    Answer<Other>(miner: miner, uid: uid, response: response, latency: latency, arrivals: arrivals)
  }
}

func decodedRequest<Request: Decodable>(
  _ type: Request.Type, from bytes: [UInt8]
) throws(MechanismError) -> Request {
  do throws(MessageError) {
    return try MessageCoder.requests.decode(type, from: bytes)
  } catch {
    throw MechanismError(.malformedRequest, error.description)
  }
}

/// Refuses scores that do not belong to their answers one by one.
func checkCount(of scores: [Score], for answerCount: Int) throws(MechanismError) {
  guard scores.count == answerCount else {
    throw MechanismError(.invalidScore, "There are \(scores.count) scores for \(answerCount) answers.")
  }
}

func encoded(
  _ message: some Encodable, with coder: MessageCoder, as kind: String
) throws(MechanismError) -> [UInt8] {
  do throws(MessageError) {
    return try coder.encode(message)
  } catch {
    let code: MechanismError.Code = error.code == .tooLarge ? .messageTooLarge : .failed
    throw MechanismError(code, "The \(kind) cannot be sent: \(error.description)")
  }
}
