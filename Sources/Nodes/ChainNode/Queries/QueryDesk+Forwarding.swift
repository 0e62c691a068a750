import Primitives
import Wire

// What a follower passes on to the node that makes blocks, and what it makes of the answer.
extension QueryDesk {
  /// The longest that a forwarded request may take; the client's own deadline is mostly sooner.
  private static let forwardTime: Duration = .seconds(60)

  /// Passes a submit on by one hop. What came back was signed by the source for just this request.
  ///
  /// - Throws: `.notProducer` with the source's address where it does not answer or follows another node itself: the
  ///   same bytes sent there get the one receipt that they have.
  func forward(_ query: ChainQuery, to source: BlockSource) async throws -> ChainReply {
    try await waits.hold {
      guard try await source.takesExtrinsics() else { throw QueryError.notProducer(source.address) }
      switch try await source.ask(query.name, query.arguments, within: QueryDesk.forwardTime) {
      case .answered(let fields):
        if let error = fields.group("error") { throw QueryError.passedOn(error) }
        guard let answer = fields.group(query.name) else { throw QueryError.notProducer(source.address) }
        if query.name == "submit_and_wait" { try await confirm(answer, from: source) }
        return ChainReply(at: BlockNumber(fields.unsigned("at_block")), fields: answer)
      case .refused(.busy, _, let retry):
        throw QueryError.busy(retryAfterMilliseconds: retry ?? retryMilliseconds)
      case .crowded: throw QueryError.busy(retryAfterMilliseconds: retryMilliseconds)
      case .refused, .silent: throw QueryError.notProducer(source.address)
      }
    }
  }

  /// Holds a receipt against this node's own copy of its block, which comes a moment later.
  ///
  /// A receipt is the source's word, signed, also while this node is behind; a contradiction ends the node.
  private func confirm(_ answer: Fields, from source: BlockSource) async throws {
    guard let receipt = answer.group("receipt"), let id = Hash256(receipt.byteString("extrinsic_id")) else {
      throw QueryError.notProducer(source.address)
    }
    let number = BlockNumber(receipt.unsigned("block"))
    let time = min(
      .milliseconds(Int64(clamping: retryMilliseconds)) * QueryDesk.intervalsToWait, QueryDesk.longestWait)
    let reached = try await withDeadline(time, on: clock) {
      try await producer.head(above: BlockNumber(number.value - min(number.value, 1)))
    }
    guard reached != nil, let own = await producer.block(at: number) else { return }
    let isTold = own.hash.bytes == answer.byteString("block_hash")
    let extrinsics = own.executed.extrinsics
    let index = Int(clamping: receipt.unsigned("index"))
    // Content of older blocks has left memory; the hash covers it.
    let isThere = own.sealed == nil || (index < extrinsics.count && extrinsics[index].extrinsic.id == id)
    guard isTold, isThere else {
      throw ChainNodeError.diverged("it acknowledged extrinsic \(id) in another block than it gave", height: number)
    }
  }
}
