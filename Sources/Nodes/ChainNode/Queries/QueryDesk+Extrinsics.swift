import Keys
import Ledger
import Primitives
import Storage
import Wire

// Extrinsics: taking them in, waiting for them, and saying what became of them.
extension QueryDesk {
  func submit(_ arguments: Fields) async throws -> ChainReply {
    let id = try await takeIn(arguments.byteString("extrinsic"))
    return ChainReply(at: await producer.head.number, fields: ["extrinsic_id": .bytes(id.bytes)])
  }

  /// Takes in what it can of many extrinsics, each judged by itself; their signatures are verified together.
  func submitMany(_ arguments: Fields) async throws -> ChainReply {
    guard case .bytesList(let all)? = arguments["extrinsics"] else {
      throw QueryError.malformed(.missing(field: "extrinsics"))
    }
    guard signatures.hasRoom(for: all.count) else { throw QueryError.busy(retryAfterMilliseconds: retryMilliseconds) }
    var codes = [LedgerErrorCode?](repeating: nil, count: all.count)
    var candidates: [(place: Int, candidate: Candidate)] = []
    candidates.reserveCapacity(all.count)
    for (place, bytes) in all.enumerated() {
      do throws(WireError) {
        candidates.append((place, try Candidate(decoding: bytes)))
      } catch {
        codes[place] = error.status == .tooLarge ? .tooLarge : .malformed
      }
    }
    var entries: [(place: Int, entry: PooledExtrinsic)] = []
    let standings = await producer.standings(of: candidates.map(\.candidate), isReserving: true)
    for ((place, _), standing) in zip(candidates, standings) {
      switch standing {
      case .success(.included), .success(.pooled): break
      case .success(.new(let entry)): entries.append((place, entry))
      case .failure(let error):
        codes[place] = error.code
      }
    }
    // Places in the pool are kept from here on, so that no signature is verified for nothing.
    let reserved = entries.count
    guard let verdicts = await signatures.verify(entries.compactMap(\.entry.candidate.extrinsic.signatureCheck)),
      verdicts.count == reserved
    else {
      _ = await producer.add([], reserved: reserved)
      throw QueryError.busy(retryAfterMilliseconds: retryMilliseconds)
    }
    for (verdict, (place, _)) in zip(verdicts, entries) where !verdict { codes[place] = .badSignature }
    entries.removeAll { codes[$0.place] != nil }
    let refusals = await producer.add(entries.map(\.entry), reserved: reserved)
    for (refusal, (place, _)) in zip(refusals, entries) { codes[place] = refusal?.code }
    for (place, candidate) in candidates where codes[place] == .stale {
      if try await producer.log.receipt(of: candidate.extrinsic.id) != nil { codes[place] = nil }
    }
    for code in codes { if let code { producer.metrics.refused(code.name) } }
    let isFull = codes.contains { $0 == .poolFull || $0 == .tooManyPending }
    return ChainReply(
      at: await producer.head.number,
      fields: [
        "codes": .unsignedList(codes.map { UInt64($0?.rawValue ?? 0) }),
        "retry_after_ms": .unsigned(isFull ? UInt64(UInt32(clamping: retryMilliseconds)) : 0),
      ])
  }

  /// Answers when the extrinsic is in a stored block, with its receipt.
  func submitAndWait(_ arguments: Fields) async throws -> ChainReply {
    try await waits.hold {
      let id = try await takeIn(arguments.byteString("extrinsic"))
      switch try await producer.inclusion(of: id) {
      case .included(let block, let index): return inclusion(of: index, in: block)
      case .dropped(let error): throw QueryError.refused(error)
      case .unknown:
        if let reply = try await storedInclusion(of: id) { return reply }
        throw QueryError.notFound("extrinsic \(id)")
      }
    }
  }

  func receipt(_ arguments: Fields) async throws -> ChainReply {
    guard let id = Hash256(arguments.byteString("extrinsic_id")) else {
      throw QueryError.malformed(.outOfRange(field: "extrinsic_id"))
    }
    if let reply = try await recentInclusion(of: id) { return reply }
    if await producer.isPooled(id) {
      return ChainReply(at: await producer.head.number, fields: ["pooled": .flag(true)])
    }
    guard let reply = try await storedInclusion(of: id) else { throw QueryError.notFound("extrinsic \(id)") }
    return reply
  }

  /// Checks an extrinsic, cheap things first and its signature last, and puts it into the pool.
  ///
  /// One that waits already, or that a block holds already, is taken in as it is: nothing is verified twice.
  private func takeIn(_ bytes: [UInt8]) async throws -> Hash256 {
    let candidate: Candidate
    do throws(WireError) {
      candidate = try Candidate(decoding: bytes)
    } catch {
      let isTooLarge = error.status == .tooLarge
      throw QueryError.refused(isTooLarge ? LedgerError.tooLarge.with("bytes", bytes.count) : .malformed)
    }
    let id = candidate.extrinsic.id
    let entry: PooledExtrinsic
    do throws(LedgerError) {
      switch try await producer.standing(of: candidate) {
      case .included, .pooled: return id
      case .new(let pooled): entry = pooled
      }
    } catch {
      // Its nonce is used: perhaps by itself, in a block that memory no longer holds.
      if error.code == .stale, try await producer.log.receipt(of: id) != nil { return id }
      throw QueryError.refused(error)
    }
    guard let check = candidate.extrinsic.signatureCheck, let isValid = await signatures.verify(check) else {
      throw QueryError.busy(retryAfterMilliseconds: retryMilliseconds)
    }
    guard isValid else { throw QueryError.refused(.badSignature) }
    do throws(LedgerError) {
      try await producer.add(entry)
    } catch {
      throw QueryError.refused(error)
    }
    return id
  }

  private func recentInclusion(of id: Hash256) async throws -> ChainReply? {
    guard let (block, index) = await producer.recentPlace(of: id) else { return nil }
    return inclusion(of: index, in: block)
  }

  private func inclusion(of index: Int, in block: KeptBlock) -> ChainReply {
    let extrinsic = block.executed.extrinsics[index]
    var receipt: Fields = [
      "extrinsic_id": .bytes(extrinsic.extrinsic.id.bytes), "block": .unsigned(block.number.value),
      "index": .unsigned(UInt64(index)), "ok": .flag(extrinsic.error == nil),
      "code": .unsigned(UInt64(extrinsic.error?.code.rawValue ?? 0)), "fee": .unsigned(extrinsic.fee.value),
    ]
    if let first = extrinsic.events.first, let last = extrinsic.events.last {
      receipt.append("first_event", .unsigned(UInt64(first)))
      receipt.append("last_event", .unsigned(UInt64(last)))
      receipt.append("has_events", .flag(true))
    }
    let events = block.executed.events[extrinsic.events].map(\.encoded)
    let fits = events.count <= WireLimits.pageRows && events.reduce(0) { $0 + $1.count } <= QueryDesk.eventBytes
    var fields: Fields = [
      "receipt": .group(receipt), "block_hash": .bytes(block.hash.bytes), "events": .bytesList(fits ? events : []),
    ]
    if let error = extrinsic.error {
      fields.append("error", .group(error.chainError(retryAfterMilliseconds: retryMilliseconds)))
    }
    return ChainReply(at: block.number, fields: fields)
  }

  /// From the log: the code and its name, without the values that the check looked at.
  private func storedInclusion(of id: Hash256) async throws -> ChainReply? {
    guard let stored = try await producer.log.receipt(of: id),
      let block = try await producer.log.block(at: stored.height)
    else { return nil }
    let failure = stored.extrinsic.failure
    let own = block.events.indices.filter { block.events[$0].extrinsicIndex == stored.index }
    var receipt: Fields = [
      "extrinsic_id": .bytes(id.bytes), "block": .unsigned(stored.height.value),
      "index": .unsigned(UInt64(stored.index)), "ok": .flag(failure == nil),
      "code": .unsigned(UInt64(failure?.code ?? 0)), "fee": .unsigned(stored.extrinsic.fee.value),
    ]
    if let first = own.first, let last = own.last {
      receipt.append("first_event", .unsigned(UInt64(first)))
      receipt.append("last_event", .unsigned(UInt64(last)))
      receipt.append("has_events", .flag(true))
    }
    let events = own.map { block.events[$0].encoded }
    let fits = events.count <= WireLimits.pageRows && events.reduce(0) { $0 + $1.count } <= QueryDesk.eventBytes
    var fields: Fields = [
      "receipt": .group(receipt), "block_hash": .bytes(block.hash.bytes), "events": .bytesList(fits ? events : []),
    ]
    if let failure, let code = UInt16(exactly: failure.code).flatMap(LedgerErrorCode.init(rawValue:)) {
      fields.append("error", .group(LedgerError(code).chainError(retryAfterMilliseconds: retryMilliseconds)))
    }
    return ChainReply(at: stored.height, fields: fields)
  }
}
