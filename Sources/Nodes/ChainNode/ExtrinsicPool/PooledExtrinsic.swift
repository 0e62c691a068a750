package import Ledger
package import Primitives

/// Which extrinsics go first, whatever they pay.
package enum ExtrinsicClass: UInt8, Comparable, Sendable {
  case normal, beacon, governance

  package static func < (left: ExtrinsicClass, right: ExtrinsicClass) -> Bool { left.rawValue < right.rawValue }
}

/// An extrinsic as the pool sees it: what decides its lane, its place and its end.
package struct PooledExtrinsic: Sendable {
  package let candidate: Candidate
  package let lane: ExtrinsicClass
  /// May take a reserved place.
  package let isWeightCall: Bool
  /// The subnet under which a fee-free call is counted; nil for a call that bears a fee.
  package let feeFreeSubnet: NetUID?
  /// Order of admission.
  package internal(set) var arrival: UInt64 = 0
  /// The head when it was admitted.
  package internal(set) var admittedAt = BlockNumber.genesis
  /// The head at which it leaves, whatever else happens.
  var dueAt: UInt64 = .max

  package var id: Hash256 { candidate.extrinsic.id }
  package var body: ExtrinsicBody { candidate.extrinsic.body }
  package var byteCount: Int { candidate.encoded.count }
  /// The last block that may hold it; nil for ever.
  var lastValidBlock: UInt64? {
    guard body.period > 0 else { return nil }
    let last = body.birth.value.addingReportingOverflow(UInt64(body.period))
    return last.overflow ? nil : last.partialValue
  }

  /// The head after which no block takes it, or at which it has waited for so many blocks.
  func due(after blocks: UInt64) -> UInt64 {
    let waited = admittedAt.value.addingReportingOverflow(blocks)
    return min(lastValidBlock ?? .max, waited.overflow ? .max : waited.partialValue)
  }

  var rank: Rank { Rank(lane: lane, tip: body.tip.value, arrival: arrival) }

  /// Sorts an extrinsic into its lane by its call.
  ///
  /// - Parameter sudoKey: Whose `Sudo` calls go first; anybody else's wait like any call.
  package init(_ candidate: Candidate, call: CallDescriptor, arguments: Fields, sudoKey: AccountID?) {
    self.candidate = candidate
    isWeightCall = call.isWeightCall
    if call.bearsFee {
      feeFreeSubnet = nil
    } else if case .unsigned(let number)? = arguments["netuid"], let netuid = UInt16(exactly: number) {
      feeFreeSubnet = NetUID(netuid)
    } else {
      feeFreeSubnet = .root
    }
    switch call.number {
    case CallNumbers.sudo: lane = candidate.extrinsic.body.signer == sudoKey ? .governance : .normal
    case CallNumbers.governance: lane = .governance
    case CallNumbers.beacon: lane = .beacon
    default: lane = .normal
    }
  }
}

/// Rows of registry 20 that have a class of their own.
private enum CallNumbers {
  static let sudo: UInt16 = 46
  static let governance: ClosedRange<UInt16> = 47...59
  static let beacon: ClosedRange<UInt16> = 15...16
}

/// The order in which extrinsics are taken: class, then tip, then arrival; the greatest goes first.
struct Rank: Comparable, Sendable {
  let lane: ExtrinsicClass
  let tip: UInt64
  let arrival: UInt64

  static func < (left: Rank, right: Rank) -> Bool {
    (left.lane, left.tip, right.arrival) < (right.lane, right.tip, left.arrival)
  }
}
