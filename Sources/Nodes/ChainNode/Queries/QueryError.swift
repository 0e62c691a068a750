import Ledger
import Primitives
import Wire

/// Why a query has no answer: a refusal of the rules, or one of the node's own.
enum QueryError: Error, Sendable {
  case refused(LedgerError)
  /// A block or state that this node does not hold.
  case unknownBlock(BlockNumber)
  /// This node has not reached the block that the client waits for.
  case behind(wanted: BlockNumber, head: BlockNumber)
  /// No room now; the block after next may have some.
  case busy(retryAfterMilliseconds: UInt64)
  /// The request is no query, or one that this node does not know.
  case unknownQuery
  case malformed(WireError)
  /// This node follows another, which takes extrinsics.
  case notProducer(String)
  /// The error with which the node that makes blocks answered.
  case passedOn(Fields)
  /// Nothing under this key.
  case notFound(String)
  /// This sender, or this chain, may not; the sentence says who may.
  case notAllowed(String)
}

extension QueryError {
  /// The name under which refusals are counted; nil for what is none.
  var reason: String? {
    switch self {
    case .refused(let error): error.code.name
    case .behind: "behind"
    case .notProducer: "notProducer"
    case .malformed: "malformed"
    case .notAllowed: "notAllowed"
    case .passedOn(let error): String(decoding: error.byteString("name"), as: UTF8.self)
    case .unknownBlock, .busy, .unknownQuery, .notFound: nil
    }
  }

  /// The message `ChainError`; nil for what has no reply but an envelope's status.
  func fields(retryAfterMilliseconds: UInt64) -> Fields? {
    switch self {
    case .refused(let error): error.chainError(retryAfterMilliseconds: retryAfterMilliseconds)
    case .unknownBlock(let number):
      own(
        "unknownBlock", "block \(number) is not kept here; states are kept for \(RecentBlocks.depth) blocks",
        ["block": number.value])
    case .behind(let wanted, let head):
      own(
        "behind", "this node is at block \(head); ask again, or ask another node",
        ["wanted": wanted.value, "head": head.value], retry: retryAfterMilliseconds)
    case .notProducer(let address):
      own(
        "notProducer", "this node follows another; submit to the one that makes blocks, at \(address)", [:],
        texts: ["producer": address])
    case .passedOn(let error): error
    case .notFound(let what): own("notFound", "\(what) is not known here", [:])
    case .notAllowed(let sentence): own("notAllowed", sentence, [:])
    case .busy, .unknownQuery, .malformed: nil
    }
  }

  private func own(
    _ name: String, _ message: String, _ details: KeyValuePairs<String, UInt64>,
    texts: KeyValuePairs<String, String> = [:], retry: UInt64? = nil
  ) -> Fields {
    var fields: Fields = [
      "code": .unsigned(0), "name": .bytes(Array(name.utf8)), "message": .bytes(Array(message.utf8)),
      "details": .groupList(
        details.map { namedValue($0.key, ["u64": .unsigned($0.value)]) }
          + texts.map { namedValue($0.key, ["bytes": .bytes(Array($0.value.utf8))]) }),
    ]
    if let retry {
      fields.append("retry_after_ms", .unsigned(retry))
      fields.append("has_retry_after_ms", .flag(true))
    }
    return fields
  }
}

extension LedgerError {
  /// The message `ChainError`: number, name, what the check looked at, what to try, and when.
  ///
  /// - Parameter retryAfterMilliseconds: Said of refusals by a full pool, which time alone cures.
  func chainError(retryAfterMilliseconds: UInt64) -> Fields {
    var fields: Fields = [
      "code": .unsigned(UInt64(code.rawValue)), "name": .bytes(Array(code.name.utf8)),
      "message": .bytes(Array("\(code.meaning); \(code.remedy)".utf8)),
      "details": .groupList(
        values.map { entry in
          switch entry.value {
          case .number(let number): namedValue(entry.name, ["u64": .unsigned(number)])
          case .text(let text): namedValue(entry.name, ["bytes": .bytes(Array(text.utf8))])
          }
        }),
    ]
    if let blocksLeft {
      fields.append("blocks_left", .unsigned(blocksLeft))
      fields.append("has_blocks_left", .flag(true))
    }
    if let retryAtBlock {
      fields.append("retry_at_block", .unsigned(retryAtBlock.value))
      fields.append("has_retry_at_block", .flag(true))
    }
    if code == .poolFull || code == .tooManyPending {
      fields.append("retry_after_ms", .unsigned(retryAfterMilliseconds))
      fields.append("has_retry_after_ms", .flag(true))
    }
    return fields
  }
}

private func namedValue(_ name: String, _ value: Fields) -> Fields {
  ["name": .bytes(Array(name.utf8)), "value": .group(value)]
}
