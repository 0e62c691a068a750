package import SubnetKit
package import Wire
import Primitives

/// What a plugin program answers.
package enum PluginReply: Hashable, Sendable {
  case greeting(PluginGreeting)
  case ready(PluginPolicy = PluginPolicy())
  case task(PreparedTask)
  case response([UInt8])
  case scores([PluginWorth])
  case memory([UInt8]?)
  case restored
  /// In place of the answer: the name of a code and a sentence.
  case failure(code: String, message: String)

  /// The field of `PluginReply` in `Proto/plugin.proto`.
  package var name: String {
    switch self {
    case .greeting: "greeting"
    case .ready: "ready"
    case .task: "task"
    case .response: "response"
    case .scores: "scores"
    case .memory: "memory"
    case .restored: "restored"
    case .failure: "failure"
    }
  }

  /// The bytes of the message, without its frame.
  package func encoded(id: UInt64) throws(WireError) -> [UInt8] {
    try WireCodec.encode(["id": .unsigned(id), name: .group(fields)], as: .pluginReply)
  }

  private var fields: Fields {
    switch self {
    case .greeting(let greeting): greeting.fields
    case .ready(let policy): ["policy": .group(policy.fields)]
    case .restored: [:]
    case .task(let task): task.fields
    case .response(let payload): ["payload": .bytes(payload)]
    case .scores(let worths): ["worths": .groupList(worths.map(\.fields))]
    case .memory(let content): ["kept": .flag(content != nil), "content": .bytes(content ?? [])]
    case .failure(let code, let message):
      ["code": .bytes(Array(code.utf8)), "message": .bytes(Array(message.utf8.prefix(PluginReply.messageLimit)))]
    }
  }

  /// Bytes of the sentence in a failure.
  static let messageLimit = 1024
}

extension PluginReply {
  /// What a message says, with the id of the request that it answers; nil for an answer that this version does not
  /// know.
  package static func decode(_ bytes: [UInt8]) throws(WireError) -> (id: UInt64, reply: PluginReply?) {
    let fields = try WireCodec.decode(bytes, as: .pluginReply)
    return (try fields.number("id"), try PluginReply(fields))
  }

  private init?(_ fields: Fields) throws(WireError) {
    if let greeting = fields.group("greeting") {
      self = .greeting(try PluginGreeting(greeting))
    } else if let ready = fields.group("ready") {
      // A program of before there were policies states none.
      self = .ready(try ready.group("policy").map(PluginPolicy.init) ?? PluginPolicy())
    } else if let task = fields.group("task") {
      self = .task(try PreparedTask(task))
    } else if let response = fields.group("response") {
      self = .response(try response.bytes("payload"))
    } else if let scores = fields.group("scores") {
      var worths: [PluginWorth] = []
      for worth in try scores.groups("worths") { worths.append(try PluginWorth(worth)) }
      self = .scores(worths)
    } else if let memory = fields.group("memory") {
      self = .memory(try memory.flag("kept") ? try memory.bytes("content") : nil)
    } else if fields.group("restored") != nil {
      self = .restored
    } else if let failure = fields.group("failure") {
      self = .failure(
        code: String(decoding: try failure.bytes("code").prefix(64), as: UTF8.self),
        message: String(decoding: try failure.bytes("message").prefix(PluginReply.messageLimit), as: UTF8.self))
    } else {
      return nil
    }
  }
}

/// What a plugin program says of itself before anything else.
package struct PluginGreeting: Hashable, Sendable {
  package var protocolVersion: UInt32
  /// Of the mechanism and of its synapse on the wire.
  package var name: String
  /// Of the mechanism's messages.
  package var version: UInt32
  /// One line.
  package var summary: String
  /// One line an option, for people.
  package var options: String
  /// The most requests that the program takes at one time.
  package var concurrency: Int

  /// The most requests at one time that a node makes.
  package static let concurrencyLimit = 64

  package init(
    protocolVersion: UInt32 = PluginRequest.protocolVersion, name: String, version: UInt32, summary: String = "",
    options: String = "", concurrency: Int = 1
  ) {
    self.protocolVersion = protocolVersion
    self.name = name
    self.version = version
    self.summary = summary
    self.options = options
    self.concurrency = concurrency
  }

  fileprivate init(_ fields: Fields) throws(WireError) {
    protocolVersion = try fields.number("protocol_version", as: UInt32.self)
    name = String(decoding: try fields.bytes("name").prefix(256), as: UTF8.self)
    version = try fields.number("version", as: UInt32.self)
    summary = String(decoding: try fields.bytes("summary").prefix(1024), as: UTF8.self)
    options = String(decoding: try fields.bytes("options").prefix(16 << 10), as: UTF8.self)
    concurrency = min(max(1, Int(try fields.number("concurrency"))), PluginGreeting.concurrencyLimit)
  }

  fileprivate var fields: Fields {
    [
      "protocol_version": .unsigned(UInt64(protocolVersion)), "name": .bytes(Array(name.utf8)),
      "version": .unsigned(UInt64(version)), "summary": .bytes(Array(summary.utf8)),
      "options": .bytes(Array(options.utf8)), "concurrency": .unsigned(UInt64(concurrency)),
    ]
  }
}

/// What one answer is worth, as a whole number on the wire.
package struct PluginWorth: Hashable, Sendable {
  /// Of a full score. More than `full` is no score.
  package var billionths: UInt32
  package var reason: String

  /// The number that stands for a score of 1.
  package static let full: UInt32 = 1_000_000_000

  package init(billionths: UInt32, reason: String = "") {
    self.billionths = billionths
    self.reason = reason
  }

  /// A score, rounded to nearest, ties away from zero.
  package init(_ score: Score) {
    billionths = UInt32((score.value * Double(PluginWorth.full)).rounded())
    reason = score.reason
  }

  /// The score; nil for a number that is none.
  package var score: Score? {
    guard billionths <= PluginWorth.full else { return nil }
    return try? Score(Double(billionths) / Double(PluginWorth.full), because: reason)
  }

  fileprivate init(_ fields: Fields) throws(WireError) {
    billionths = try fields.number("billionths", as: UInt32.self)
    reason = String(decoding: try fields.bytes("reason").prefix(4 * Score.reasonLengthLimit), as: UTF8.self)
  }

  fileprivate var fields: Fields {
    ["billionths": .unsigned(UInt64(billionths)), "reason": .bytes(Array(reason.utf8))]
  }
}
