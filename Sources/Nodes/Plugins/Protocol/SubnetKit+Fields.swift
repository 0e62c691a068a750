import Primitives
import SubnetKit
import Wire

extension Duration {
  /// Whole milliseconds, rounded down; 0 for what is below.
  var milliseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1000)
    return overflow ? .max : product &+ UInt64(attoseconds / 1_000_000_000_000_000)
  }

  /// Whole microseconds, rounded down; 0 for what is below.
  var microseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000)
    return overflow ? .max : product &+ UInt64(attoseconds / 1_000_000_000_000)
  }
}

extension Fields {
  /// A sub-message that must be there.
  func required(_ name: String) throws(WireError) -> Fields {
    guard let group = group(name) else { throw .missing(field: name) }
    return group
  }

  func hotkey(_ name: String) throws(WireError) -> Hotkey {
    let bytes = try bytes(name)
    guard let hotkey = Hotkey(bytes) else { throw .wrongLength(field: name, count: bytes.count, expected: 32) }
    return hotkey
  }
}

extension MechanismRole {
  var wireNumber: UInt64 {
    switch self {
    case .miner: 1
    case .validator: 2
    }
  }

  init?(wireNumber: UInt64) {
    switch wireNumber {
    case 1: self = .miner
    case 2: self = .validator
    default: return nil
    }
  }
}

extension Round {
  var fields: Fields {
    [
      "number": .unsigned(number), "block": .unsigned(block.value), "netuid": .unsigned(UInt64(netuid.value)),
      "tao_in": .unsigned(pool.taoIn.value), "alpha_in": .unsigned(pool.alphaIn),
    ]
  }

  init(_ fields: Fields) throws(WireError) {
    self.init(
      number: try fields.number("number"), block: BlockNumber(try fields.number("block")),
      netuid: NetUID(try fields.number("netuid", as: UInt16.self)), pool: try AlphaPool(fields))
  }
}

extension AlphaPool {
  /// The pool that stands among the fields of a round or of a scoring.
  init(_ fields: Fields) throws(WireError) {
    self.init(taoIn: Rao(try fields.number("tao_in")), alphaIn: try fields.number("alpha_in"))
  }
}

extension PreparedTask {
  var fields: Fields {
    ["request": .bytes(request), "challenge": .bytes(challenge), "scored_after": .unsigned(scoredAfter)]
  }

  init(_ fields: Fields) throws(WireError) {
    self.init(
      request: try fields.bytes("request"), challenge: try fields.bytes("challenge"),
      scoredAfter: try fields.number("scored_after"))
  }
}

extension ForwardContext {
  func fields(_ request: [UInt8]) -> Fields {
    [
      "request": .bytes(request), "caller": .bytes(caller.bytes), "uid": .unsigned(UInt64(uid?.value ?? 0)),
      "has_uid": .flag(uid != nil), "block": .unsigned(block.value),
      "time_remaining_ms": .unsigned(timeRemaining.milliseconds), "miner": .bytes(miner.bytes),
    ]
  }

  init(_ fields: Fields) throws(WireError) {
    let uid = try fields.number("uid", as: UInt16.self)
    self.init(
      caller: try fields.hotkey("caller"), uid: try fields.flag("has_uid") ? UID(uid) : nil,
      block: BlockNumber(try fields.number("block")),
      timeRemaining: .milliseconds(Int64(clamping: try fields.number("time_remaining_ms"))),
      miner: try fields.hotkey("miner"))
  }
}

extension AnswerBytes {
  var fields: Fields {
    [
      "miner": .bytes(miner.bytes), "uid": .unsigned(UInt64(uid.value)),
      "latency_us": .unsigned(latency.microseconds), "response": .bytes(response),
    ]
  }

  init(_ fields: Fields) throws(WireError) {
    self.init(
      miner: try fields.hotkey("miner"), uid: UID(try fields.number("uid", as: UInt16.self)),
      response: try fields.bytes("response"),
      latency: .microseconds(Int64(clamping: try fields.number("latency_us"))))
  }
}
