/// Runs any mechanism by bytes: what a miner and a validator hold instead of the author's type.
public struct MechanismHost: Sendable {
  /// The synapse's name on the wire.
  public let name: String
  /// The synapse's version on the wire.
  public let version: UInt32

  private let pose: @Sendable (Round, inout SeededRandom) async throws -> PreparedTask
  private let answer: @Sendable ([UInt8], ForwardContext) async throws -> [UInt8]
  private let judge: @Sendable ([UInt8], PreparedTask, ScoreContext) async throws -> Score

  /// Wraps a mechanism that is already set up.
  ///
  /// - Precondition: Its name is 1 to 64 of `a-z 0-9 _ -`.
  public init<Mechanism: IncentiveMechanism>(_ mechanism: Mechanism) {
    precondition(isPlainName(Mechanism.name, lengthLimit: 64), "A mechanism's name is 1 to 64 of a-z 0-9 _ -.")
    name = Mechanism.name
    version = Mechanism.version
    pose = { round, random in
      let challenge = try await mechanism.task(round, random: &random)
      let request = try encoded(challenge.request, with: .requests, as: "request")
      return PreparedTask(request: request, challenge: challenge)
    }
    answer = { bytes, context in
      let request: Mechanism.Request
      do throws(MessageError) {
        request = try MessageCoder.requests.decode(Mechanism.Request.self, from: bytes)
      } catch {
        throw MechanismError(.malformedRequest, error.description)
      }
      return try encoded(await mechanism.forward(request, context), with: .responses, as: "response")
    }
    judge = { bytes, task, context in
      guard let challenge = task.challenge as? Challenge<Mechanism.Request, Mechanism.Expected> else {
        throw MechanismError(.failed, "The task was made by another mechanism than \(Mechanism.name).")
      }
      let response: Mechanism.Response
      do throws(MessageError) {
        response = try MessageCoder.responses.decode(Mechanism.Response.self, from: bytes)
      } catch {
        throw MechanismError(.malformedResponse, error.description)
      }
      return try await mechanism.score(response, for: challenge, context)
    }
  }

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
      return try await pose(round, &random)
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
      return try await answer(request, context)
    } catch {
      throw MechanismError(error, in: "\(name).forward")
    }
  }

  /// Scores an answer that came from outside.
  ///
  /// Bytes that are no response are worth zero, and so is a response that leads the mechanism to no valid score: a
  /// miner must not be able to answer its way out of being scored.
  ///
  /// - Throws: What the mechanism's `score` throws beyond that. Count it as zero, unless it is `.cancelled`.
  public func score(
    _ response: [UInt8], for task: PreparedTask, _ context: ScoreContext
  ) async throws(MechanismError) -> Score {
    do {
      return try await judge(response, task, context)
    } catch let error as MechanismError where error.code == .malformedResponse || error.code == .invalidScore {
      return .zero(because: error.description)
    } catch {
      throw MechanismError(error, in: "\(name).score")
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

/// A task that can be sent: its bytes, and what the host needs to score the answers.
public struct PreparedTask: Sendable {
  /// The payload of the request.
  public let request: [UInt8]
  let challenge: any Sendable
}

private func encoded(
  _ message: some Encodable, with coder: MessageCoder, as kind: String
) throws(MechanismError) -> [UInt8] {
  do throws(MessageError) {
    return try coder.encode(message)
  } catch {
    let code: MechanismError.Code = error.code == .tooLarge ? .messageTooLarge : .failed
    throw MechanismError(code, "The \(kind) cannot be sent: \(error.description)")
  }
}
