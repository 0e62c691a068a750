import Ledger
import Primitives
import Wire

/// A decoded `QueryRequest`: which question, its arguments, and the block it is about.
struct ChainQuery: Sendable {
  /// The member of `query`, which is also the member of `reply`.
  let name: String
  let arguments: Fields
  /// Nil for the newest block.
  let atBlock: BlockNumber?
  /// Wait for this block before reading; 0 for no wait.
  let minBlock: BlockNumber

  init(decoding bytes: [UInt8]) throws(QueryError) {
    do throws(WireError) {
      let fields = try WireCodec.decode(bytes, as: .queryRequest)
      atBlock = try fields.optionalNumber("at_block").map { BlockNumber($0) }
      minBlock = BlockNumber(try fields.number("min_block"))
      // The only sub-message of a request is the member of its oneof.
      let members = fields.entries.compactMap { entry -> (String, Fields)? in
        guard case .group(let arguments) = entry.value else { return nil }
        return (entry.name, arguments)
      }
      guard let member = members.first else { throw .missing(field: "query") }
      (name, arguments) = member
    } catch {
      throw .malformed(error)
    }
  }
}

/// The answer to a query, before it is encoded.
struct ChainReply: Sendable {
  /// The block that the answer describes.
  let at: BlockNumber
  let fields: Fields
}
