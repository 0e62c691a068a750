import Keys
import Ledger
import Primitives
import Storage
import Wire

// What a node knows about itself and its blocks.
extension QueryDesk {
  /// Bytes of one chunk of a block or of a snapshot.
  static let chunkBytes = 512 << 10
  /// Rows of a page where the client names none, and at most.
  static let defaultRows = 64
  /// Bytes of events in one page or announcement; more are asked for by page.
  static let eventBytes = 512 << 10

  func status() async throws -> ChainReply {
    let head = await producer.head
    let genesis = producer.genesis
    let globals = head.state.chain
    let time: UInt64 = if case .every = producer.blockTime { retryMilliseconds } else { 0 }
    return ChainReply(
      at: head.number,
      fields: [
        "chain_id": .bytes(genesis.chainID.bytes), "name": .bytes(Array(genesis.name.utf8)),
        "software": .bytes(Array("subnetkit chain".utf8)),
        "spec_version": .unsigned(UInt64(TransactionLimits.specVersion)), "height": .unsigned(head.number.value),
        "head_hash": .bytes(head.hash.bytes), "state_root": .bytes(head.stateRoot.bytes),
        "timestamp_ms": .unsigned(head.timestampMilliseconds),
        "block_time_ms": .unsigned(UInt64(UInt32(clamping: time))), "paused": .flag(globals.isPaused),
        "is_producer": .flag(producer.source == nil),
        "producer": .bytes(Array((producer.source?.address ?? "").utf8)),
        "pooled": .unsigned(UInt64(await producer.pooledCount)),
        "issuance": .unsigned(globals.issuance), "oldest_block": .unsigned(await producer.oldestState.value),
      ])
  }

  func chainHead(_ query: ChainQuery) async throws -> ChainReply {
    let block = try await keptBlock(query.atBlock)
    return ChainReply(
      at: block.number,
      fields: [
        "number": .unsigned(block.number.value), "hash": .bytes(block.hash.bytes),
        "header": .bytes(block.headerBytes),
      ])
  }

  func blockAt(_ arguments: Fields) async throws -> ChainReply {
    let number = BlockNumber(arguments.unsigned("number"))
    let (hash, bytes) = try await encodedBlock(number)
    let chunks = max(1, (bytes.count + QueryDesk.chunkBytes - 1) / QueryDesk.chunkBytes)
    let chunk = arguments.unsigned("chunk")
    guard chunk < UInt64(chunks) else { throw QueryError.notFound("chunk \(chunk) of \(chunks) of block \(number)") }
    let start = Int(chunk) * QueryDesk.chunkBytes
    return ChainReply(
      at: number,
      fields: [
        "number": .unsigned(number.value), "hash": .bytes(hash.bytes), "length": .unsigned(UInt64(bytes.count)),
        "chunk": .unsigned(chunk), "chunk_count": .unsigned(UInt64(chunks)),
        "data": .bytes(Array(bytes[start..<min(start + QueryDesk.chunkBytes, bytes.count)])),
      ])
  }

  private func encodedBlock(_ number: BlockNumber) async throws -> (hash: Hash256, bytes: [UInt8]) {
    if let block = await producer.block(at: number), block.sealed != nil { return (block.hash, block.encoded) }
    guard let stored = try await producer.log.block(at: number) else { throw QueryError.unknownBlock(number) }
    return (stored.hash, stored.body)
  }

  func events(_ arguments: Fields) async throws -> ChainReply {
    let number = BlockNumber(arguments.unsigned("block"))
    let all: [[UInt8]]
    if let block = await producer.block(at: number), block.sealed != nil {
      all = block.executed.events.map(\.encoded)
    } else {
      guard let stored = try await producer.log.block(at: number) else { throw QueryError.unknownBlock(number) }
      all = stored.events.map(\.encoded)
    }
    let kinds = Set(arguments.unsignedList("kinds"))
    let limit = arguments.rowLimit(QueryDesk.defaultRows)
    var positions: [UInt64] = []
    var page: [[UInt8]] = []
    var bytes = 0
    var next: [UInt8] = []
    for position in arguments.cursor..<max(arguments.cursor, all.count) {
      if !kinds.isEmpty, !kinds.contains(all[position].firstFieldNumber) { continue }
      guard page.count < limit, bytes + all[position].count <= QueryDesk.eventBytes else {
        next.append(littleEndian: UInt32(position))
        break
      }
      positions.append(UInt64(position))
      page.append(all[position])
      bytes += all[position].count
    }
    return ChainReply(
      at: number,
      fields: [
        "block": .unsigned(number.value), "positions": .unsignedList(positions), "events": .bytesList(page),
        "next_cursor": .bytes(next),
      ])
  }

  /// Announcements of the blocks after one, waiting for the next when there is none.
  func headsAfter(_ arguments: Fields) async throws -> ChainReply {
    let after = BlockNumber(arguments.unsigned("block"))
    let wait = min(Duration.milliseconds(Int64(clamping: arguments.unsigned("wait_ms"))), .seconds(60))
    var head = await producer.head
    if head.number <= after, wait > .zero {
      let reached = try await waits.hold {
        try await withDeadline(wait, on: clock) { try await producer.head(above: after) }
      }
      if let reached { head = reached }
    }
    var announcements: [[UInt8]] = []
    var bytes = 0
    let limit = UInt64(arguments.rowLimit(QueryDesk.defaultRows))
    var number = after.value
    while number < head.number.value, UInt64(announcements.count) < limit {
      number += 1
      guard let announcement = try await announcement(of: BlockNumber(number)) else { break }
      bytes += announcement.count
      if bytes > QueryDesk.eventBytes, !announcements.isEmpty { break }
      announcements.append(announcement)
    }
    return ChainReply(at: head.number, fields: ["announcements": .bytesList(announcements)])
  }

  /// From memory where the block is recent, else from the log; nil where neither has it.
  private func announcement(of number: BlockNumber) async throws -> [UInt8]? {
    if let block = await producer.block(at: number), let sealed = block.sealed {
      return try announce(sealed, block.executed.events.map(\.encoded))
    }
    guard let stored = try await producer.log.block(at: number) else { return nil }
    return try announce(try SealedBlock(decoding: stored.body), stored.events.map(\.encoded))
  }

  private func announce(_ sealed: SealedBlock, _ events: [[UInt8]]) throws -> [UInt8] {
    let fits = events.count <= WireLimits.pageRows && events.reduce(0) { $0 + $1.count } <= QueryDesk.eventBytes / 4
    return try WireCodec.encode(
      [
        "header": .bytes(sealed.headerBytes), "hash": .bytes(sealed.hash.bytes),
        "signature": .bytes(sealed.signature), "events": .bytesList(fits ? events : []),
        "event_count": .unsigned(UInt64(events.count)),
      ], as: .blockAnnouncement)
  }
}

// Arguments of a decoded message, where every number and list is present.
extension Fields {
  func unsigned(_ name: String) -> UInt64 {
    if case .unsigned(let number)? = self[name] { number } else { 0 }
  }

  func unsignedList(_ name: String) -> [UInt64] {
    if case .unsignedList(let numbers)? = self[name] { numbers } else { [] }
  }

  func byteString(_ name: String) -> [UInt8] {
    if case .bytes(let bytes)? = self[name] { bytes } else { [] }
  }

  /// Rows asked for, at most a page; 0 stands for the default.
  fileprivate func rowLimit(_ preset: Int) -> Int {
    let asked = unsigned("limit")
    return asked == 0 ? preset : min(Int(clamping: asked), WireLimits.pageRows)
  }

  /// The position at which a page goes on; 0 for the first, and for a cursor that is not ours.
  fileprivate var cursor: Int {
    let bytes = byteString("cursor")
    guard bytes.count == 4 else { return 0 }
    return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

extension [UInt8] {
  /// The number of the first field of an encoded message: for an `Event`, its kind.
  fileprivate var firstFieldNumber: UInt64 {
    var (key, shift): (UInt64, UInt64) = (0, 0)
    for byte in prefix(5) {
      key |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return key >> 3 }
      shift += 7
    }
    return 0
  }
}
