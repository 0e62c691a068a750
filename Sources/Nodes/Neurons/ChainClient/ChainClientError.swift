package import Daemon
package import Ledger
package import Primitives
package import Wire

/// Why the chain gave no answer that can be used.
package enum ChainClientError: ExitCoding, Hashable {
  /// The authority's key is not one that can sign.
  case improperAuthority(AccountID)
  /// No usable answer before the deadline; the reason is that of the last attempt.
  case unanswered(ChainAddress, ExchangeError)
  /// The chain's signed answer is another program's idea of the protocol.
  case unreadable(query: String, WireError)
  /// The call or question of ours does not fit the protocol.
  case unencodable(query: String, WireError)
  /// Another chain than the one that was asked for answers there.
  case wrongNetwork(wanted: Hash256, found: Hash256)
  /// The chain's own no.
  case refused(query: String, ChainRefusal)
  /// The extrinsic is in a block, as failed.
  case failed(Inclusion)
  /// The deadline passed with the extrinsic under way; it may still be included until its mortality ends.
  case outcomeUnknown(extrinsic: Hash256)
  case cancelled

  /// Whether the same may succeed later without anybody changing anything.
  package var isRetriable: Bool {
    switch self {
    case .unanswered, .outcomeUnknown: true
    case .refused(_, let refusal): refusal.isRetriable
    case .failed(let inclusion): inclusion.code?.curedBy == .time
    case .improperAuthority, .unreadable, .unencodable, .wrongNetwork, .cancelled: false
    }
  }

  /// Whether the chain keeps the state of the block no more that was asked about.
  package var isForgotten: Bool {
    if case .refused(_, let refusal) = self { refusal.name == "unknownBlock" } else { false }
  }

  package var exitCode: ExitCode {
    switch self {
    case .improperAuthority, .wrongNetwork: .usage
    default: .failed
    }
  }

  /// The ledger's error, in a refusal or in a receipt.
  package var ledgerCode: LedgerErrorCode? {
    switch self {
    case .refused(_, let refusal): refusal.code
    case .failed(let inclusion): inclusion.code
    default: nil
    }
  }
}

extension ChainClientError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .improperAuthority(let account): "\(account) is no proper key; check --chain.key"
    case .unanswered(let address, .refused(let refusal)) where refusal.status == .notVerified:
      "the chain at \(address.endpoint) does not accept this node's envelopes (\(refusal.detail)); "
        + "check --chain.genesis and this machine's clock"
    case .unanswered(let address, let error):
      "the chain at \(address.endpoint) gave no answer: \(error); check --chain.endpoint and --chain.key"
    case .unreadable(let query, let error):
      "the chain's answer to \(query) cannot be read: \(error); update this program"
    case .unencodable(let query, let error): "\(query) cannot be sent: \(error)"
    case .wrongNetwork(let wanted, let found): "the chain's genesis is \(found), and \(wanted) was asked for"
    case .refused(let query, let refusal): "the chain refused \(query): \(refusal)"
    case .failed(let inclusion):
      "extrinsic \(inclusion.extrinsic) failed in block \(inclusion.block): \(inclusion.reason)"
    case .outcomeUnknown(let id): "extrinsic \(id) was sent and is not in a block yet; ask for its receipt"
    case .cancelled: "the wait for the chain was cancelled"
    }
  }
}

/// A no of the chain: a ledger's error, or one of the node's own with code nil.
package struct ChainRefusal: Hashable, Sendable {
  /// Nil for a refusal that is the node's, not the ledger's.
  package let code: LedgerErrorCode?
  package let name: String
  /// What to try next; foreign text.
  package let message: String
  package let blocksLeft: UInt64?
  package let retryAtBlock: BlockNumber?
  package let retryAfter: Duration?

  package init(_ fields: Fields) throws(WireError) {
    code = LedgerErrorCode(rawValue: try fields.number("code", as: UInt16.self))
    name = String(decoding: try fields.bytes("name"), as: UTF8.self)
    message = String(decoding: try fields.bytes("message"), as: UTF8.self)
    blocksLeft = try fields.optionalNumber("blocks_left")
    retryAtBlock = try fields.optionalNumber("retry_at_block").map { BlockNumber($0) }
    retryAfter = try fields.optionalNumber("retry_after_ms").map { milliseconds in
      min(.milliseconds(Int64(min(milliseconds, UInt64(Int64.max)))), PeerRefusal.retryLimit)
    }
  }

  /// Whether time alone cures it.
  package var isRetriable: Bool { retryAfter != nil || code?.curedBy == .time }
}

extension ChainRefusal: CustomStringConvertible {
  package var description: String {
    var text = message.isEmpty ? name : "\(name): \(message)"
    if let retryAtBlock { text += "; retry at block \(retryAtBlock)" }
    return text
  }
}
