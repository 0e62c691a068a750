/// What stands behind a `MechanismHost`: a mechanism linked into this process, or one that runs elsewhere.
///
/// What it throws becomes a `MechanismError`; throw one to choose its code. Only the first three functions must be given.
package protocol MechanismBackend: Sendable {
  /// Makes a task; a backend in another process draws a seed for it from `random`.
  func makeTask(_ round: Round, random: inout SeededRandom) async throws -> PreparedTask

  /// Answers a request that came from outside.
  func forward(_ request: [UInt8], _ context: ForwardContext) async throws -> [UInt8]

  /// Scores the answers of one round: one score an answer, in the same order.
  ///
  /// Bytes that are no response are worth zero. The host checks the number of scores; a number that is no score is
  /// refused by `Score`.
  func score(_ answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext) async throws -> [Score]

  /// What happens around these functions.
  var policy: MechanismPolicy { get }

  /// The mechanism's own memory, to be saved with the validator's state; nil when it has none.
  func checkpoint() async throws -> [UInt8]?

  /// Gives back what `checkpoint` said before a restart.
  func restore(_ memory: [UInt8]) async throws

  /// Whether miners answer in parts; then `stream` and `join` are used.
  var isStreaming: Bool { get }

  /// Answers a request in parts.
  func stream(_ request: [UInt8], _ context: ForwardContext, send: PartSender<[UInt8]>) async throws

  /// Makes one response of the parts that came.
  func join(_ parts: [[UInt8]]) throws -> [UInt8]
}

extension MechanismBackend {
  package var policy: MechanismPolicy { .standard }
  package func checkpoint() async throws -> [UInt8]? { nil }
  package func restore(_ memory: [UInt8]) async throws {}
  package var isStreaming: Bool { false }

  package func stream(_ request: [UInt8], _ context: ForwardContext, send: PartSender<[UInt8]>) async throws {
    try await send(forward(request, context))
  }

  package func join(_ parts: [[UInt8]]) throws -> [UInt8] { Array(parts.joined()) }
}
