import Primitives
package import SubnetKit
package import Wire

/// What a node asks of a plugin program.
package enum PluginRequest: Hashable, Sendable {
  case hello(protocolVersion: UInt32)
  case setUp(MechanismRole, options: [String])
  case makeTask(Round, seed: UInt64)
  case forward([UInt8], ForwardContext)
  case score([AnswerBytes], PreparedTask, ScoreContext)
  case checkpoint
  case restore([UInt8])

  /// The version of the protocol that this program speaks.
  package static let protocolVersion: UInt32 = 1

  /// The field of `PluginRequest` in `Proto/plugin.proto`.
  package var name: String {
    switch self {
    case .hello: "hello"
    case .setUp: "set_up"
    case .makeTask: "make_task"
    case .forward: "forward"
    case .score: "score"
    case .checkpoint: "checkpoint"
    case .restore: "restore"
    }
  }

  /// The field of `PluginReply` that answers it.
  package var answerName: String {
    switch self {
    case .hello: "greeting"
    case .setUp: "ready"
    case .makeTask: "task"
    case .forward: "response"
    case .score: "scores"
    case .checkpoint: "memory"
    case .restore: "restored"
    }
  }

  /// The bytes of the message, without its frame.
  package func encoded(id: UInt64, timeLimit: Duration) throws(WireError) -> [UInt8] {
    try WireCodec.encode(
      ["id": .unsigned(id), "time_limit_ms": .unsigned(timeLimit.milliseconds), name: .group(fields)],
      as: .pluginRequest)
  }

  private var fields: Fields {
    switch self {
    case .hello(let version): ["protocol_version": .unsigned(UInt64(version))]
    case .setUp(let role, let options):
      ["role": .unsigned(role.wireNumber), "options": .bytesList(options.map { Array($0.utf8) })]
    case .makeTask(let round, let seed): ["round": .group(round.fields), "seed": .unsigned(seed)]
    case .forward(let request, let context): context.fields(request)
    case .score(let answers, let task, let context):
      [
        "round": .group(context.round.fields), "block": .unsigned(context.block.value),
        "deadline_ms": .unsigned(context.deadline.milliseconds), "task": .group(task.fields),
        "answers": .groupList(answers.map(\.fields)), "tao_in": .unsigned(context.pool.taoIn.value),
        "alpha_in": .unsigned(context.pool.alphaIn),
      ]
    case .checkpoint: [:]
    case .restore(let content): ["content": .bytes(content)]
    }
  }
}

extension PluginRequest {
  /// What a message asks, with its id and its time limit; nil for a request that this version does not know.
  package static func decode(
    _ bytes: [UInt8]
  ) throws(WireError) -> (id: UInt64, timeLimit: Duration, request: PluginRequest?) {
    let fields = try WireCodec.decode(bytes, as: .pluginRequest)
    let timeLimit = Duration.milliseconds(Int64(clamping: try fields.number("time_limit_ms")))
    return (try fields.number("id"), timeLimit, try PluginRequest(fields))
  }

  private init?(_ fields: Fields) throws(WireError) {
    if let hello = fields.group("hello") {
      self = .hello(protocolVersion: try hello.number("protocol_version", as: UInt32.self))
    } else if let setUp = fields.group("set_up") {
      guard let role = MechanismRole(wireNumber: try setUp.number("role")) else { throw .outOfRange(field: "role") }
      self = .setUp(role, options: try setUp.byteStrings("options").map { String(decoding: $0, as: UTF8.self) })
    } else if let make = fields.group("make_task") {
      self = .makeTask(try Round(make.required("round")), seed: try make.number("seed"))
    } else if let forward = fields.group("forward") {
      self = .forward(try forward.bytes("request"), try ForwardContext(forward))
    } else if let score = fields.group("score") {
      var answers: [AnswerBytes] = []
      for answer in try score.groups("answers") { answers.append(try AnswerBytes(answer)) }
      let context = ScoreContext(
        round: try Round(score.required("round")), block: BlockNumber(try score.number("block")),
        deadline: .milliseconds(Int64(clamping: try score.number("deadline_ms"))), pool: try AlphaPool(score))
      self = .score(answers, try PreparedTask(score.required("task")), context)
    } else if fields.group("checkpoint") != nil {
      self = .checkpoint
    } else if let restore = fields.group("restore") {
      self = .restore(try restore.bytes("content"))
    } else {
      return nil
    }
  }
}
