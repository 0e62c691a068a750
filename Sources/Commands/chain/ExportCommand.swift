import ChainNode
import Daemon
import JSONText
import Primitives
import Storage

/// `chain export`: blocks as lines of JSON, also while the node runs.
enum ExportCommand {
  private static let height = ValueKind<UInt64>.integer(1...UInt64(Int64.max))
  static let from = Option("from", height, default: 1, purpose: "The first block.")
  static let to = Option<UInt64?>(optional: "to", height, purpose: "The last block; the newest without it.")

  static let table = CommandDescription(
    "export", purpose: "Prints blocks with their extrinsics and events, one JSON object a line.",
    options: StateCommand.options + [from, to], example: "chain export --state /tmp/chain --from 1 --to 100")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let command = try StateCommand(arguments)
    try command.requireStore()
    let first = arguments[from]
    let last = arguments[to]
    if let last, last < first { throw StateMistake("--to \(last) is before --from \(first)") }
    let history = try await command.folder.openHistory(genesis: command.genesis.chainID, hash: StateCommand.hash)
    let head = try await history.head()?.height.value ?? 0
    guard first <= head, last.map({ $0 <= head }) ?? true else {
      throw ExportBeyondHead(wanted: max(first, last ?? 0), head: head)
    }
    let progress = Progress("exporting", to: BlockNumber(last ?? head))
    for try await block in history.stream(from: BlockNumber(first), through: BlockNumber(last ?? head)) {
      progress.reached(block.height, batch: 1)
      // Nobody reads any more: that is how `head` ends a pipe.
      guard Terminal.standardOutput.write(block.json.compactText + "\n") else { return .failed }
    }
    return .done
  }
}

/// Blocks that do not exist were asked for.
private struct ExportBeyondHead: ExitCoding, CustomStringConvertible {
  let wanted: UInt64
  let head: UInt64

  var exitCode: ExitCode { .failed }
  var description: String { "block \(wanted) is not there: the newest is \(head)" }
}

extension StoredBlock {
  /// The block as the tables have it; `body` is the encoded sealed block.
  fileprivate var json: JSONValue {
    [
      "height": JSONValue(height.value), "hash": JSONValue(hash.description), "parent": JSONValue(parent.description),
      "timestamp_ms": JSONValue(timestampMilliseconds), "state_root": JSONValue(stateRoot.description),
      "extrinsics": .list(extrinsics.map(\.json)), "events": .list(events.map(\.jsonRow)),
      "body": JSONValue(hexadecimal(body)),
    ]
  }
}

extension StoredExtrinsic {
  fileprivate var json: JSONValue {
    var members = [
      JSONMember("id", JSONValue(id.description)), JSONMember("signer", JSONValue(signer.description)),
      JSONMember("nonce", JSONValue(nonce)), JSONMember("call", JSONValue(call)),
      JSONMember("fee_rao", JSONValue(fee.value)), JSONMember("code", JSONValue(failure?.code ?? 0)),
    ]
    if let failure { members.append(JSONMember("error", JSONValue(failure.name))) }
    return .object(members)
  }
}

extension StoredEvent {
  fileprivate var jsonRow: JSONValue {
    var members = [JSONMember("name", JSONValue(name))]
    if let extrinsicIndex { members.append(JSONMember("extrinsic", JSONValue(extrinsicIndex))) }
    if let netuid { members.append(JSONMember("netuid", JSONValue(netuid.value))) }
    // Its own text: it was JSON when it was stored, and a store that was changed since does not open.
    members.append(JSONMember("fields", (try? JSONValue(parsing: json)) ?? JSONValue(json)))
    return .object(members)
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
