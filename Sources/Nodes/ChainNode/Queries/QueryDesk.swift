import Daemon
import Keys
import Ledger
import Primitives
import Storage
import Wire

/// Answers decoded queries: those about the node and its blocks here, those about the state by the ledger.
struct QueryDesk: Sendable {
  /// Block intervals that a query waits for its `min_block`. Source: reliability 3.5.
  static let intervalsToWait = 2
  /// Time for which a query about the future waits where no interval says it.
  static let longestWait: Duration = .seconds(5)

  /// What only the node that makes blocks can do, and followers pass on to it.
  private static let submits: Set<String> = ["submit", "submit_many", "submit_and_wait"]
  /// What only the node that makes blocks can do, asked by whoever has its operator's key.
  private static let controls: Set<String> = ["advance", "keep_point", "return_to_point", "go_to"]

  let producer: BlockProducer
  let signatures: SignatureBatcher
  let clock: any Clock<Duration>
  let waits: WaitLimit
  let shelf = SnapshotShelf()

  /// The encoded `QueryReply` to an encoded `QueryRequest`.
  ///
  /// - Parameter sender: Whose signature the request bears.
  /// - Throws: `StorageError` and `CancellationError`, which are no answers; `QueryError` for what has no reply.
  func answer(_ request: [UInt8], from sender: AccountID) async throws -> [UInt8] {
    do {
      let query = try ChainQuery(decoding: request)
      try await wait(for: query.minBlock)
      let reply = try await reply(to: query, from: sender)
      return try encode([
        "at_block": .unsigned(reply.at.value), query.name: .group(reply.fields),
      ])
    } catch let error as QueryError {
      if let reason = error.reason { producer.metrics.refused(reason) }
      guard let fields = error.fields(retryAfterMilliseconds: retryMilliseconds) else { throw error }
      return try encode(["at_block": .unsigned(await producer.head.number.value), "error": .group(fields)])
    }
  }

  /// One block interval: when a full pool or queue is worth another try.
  var retryMilliseconds: UInt64 {
    switch producer.blockTime {
    case .every(let time): UInt64(clamping: time.wholeMilliseconds)
    case .instant, .manual: 250
    }
  }

  private func encode(_ fields: Fields) throws -> [UInt8] {
    do throws(WireError) {
      return try WireCodec.encode(fields, as: .queryReply)
    } catch {
      throw QueryError.malformed(error)
    }
  }

  private func wait(for block: BlockNumber) async throws {
    let head = await producer.head.number
    guard block > head else { return }
    let interval: Duration = .milliseconds(Int64(clamping: retryMilliseconds))
    let time = min(interval * QueryDesk.intervalsToWait, QueryDesk.longestWait)
    let reached = try await waits.hold {
      try await withDeadline(time, on: clock) { try await producer.head(above: BlockNumber(block.value - 1)).number }
    }
    guard reached != nil else { throw QueryError.behind(wanted: block, head: await producer.head.number) }
  }

  private func reply(to query: ChainQuery, from sender: AccountID) async throws -> ChainReply {
    if let source = producer.source {
      if QueryDesk.submits.contains(query.name) { return try await forward(query, to: source) }
      if QueryDesk.controls.contains(query.name) { throw QueryError.notProducer(source.address) }
    }
    return switch query.name {
    case "status": try await status()
    case "chain_head": try await chainHead(query)
    case "submit": try await submit(query.arguments)
    case "submit_many": try await submitMany(query.arguments)
    case "submit_and_wait": try await submitAndWait(query.arguments)
    case "receipt": try await receipt(query.arguments)
    case "block_at": try await blockAt(query.arguments)
    case "events": try await events(query.arguments)
    case "heads_after": try await headsAfter(query.arguments)
    case "snapshot": try await snapshot(query.arguments)
    case "advance", "keep_point", "return_to_point", "go_to": try await control(query, by: sender)
    default: try await stateReply(query)
    }
  }

  /// A question that the ledger answers from one state, off the path of blocks.
  private func stateReply(_ query: ChainQuery) async throws -> ChainReply {
    let block = try await keptBlock(query.atBlock)
    var reply: Fields?
    do throws(LedgerError) {
      reply = try block.state.reply(to: query.name, query.arguments, with: producer.execution.host)
    } catch {
      throw QueryError.refused(error)
    }
    guard var fields = reply else { throw QueryError.unknownQuery }
    if query.name == "account", case .bytes(let bytes)? = query.arguments["account"], let account = AccountID(bytes) {
      // The pool is the node's, so the ledger cannot know of it.
      fields.entries.removeAll { $0.name == "next_nonce" }
      fields.append("next_nonce", .unsigned(await producer.nextNonce(of: account, in: block.state)))
    }
    return ChainReply(at: block.number, fields: fields)
  }

  func keptBlock(_ number: BlockNumber?) async throws -> KeptBlock {
    guard let number else { return await producer.head }
    guard let block = await producer.block(at: number) else { throw QueryError.unknownBlock(number) }
    return block
  }
}
