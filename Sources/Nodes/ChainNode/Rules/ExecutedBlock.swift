package import Ledger
package import Primitives
import Wire

/// An event of a block with its cause, as it is stored, hashed and announced.
package struct BlockEvent: Hashable, Sendable {
  /// The place of the extrinsic that caused it; nil for the block step.
  package let extrinsicIndex: UInt32?
  package let event: LedgerEvent
  /// The `Event` message.
  package let encoded: [UInt8]

  /// Nil when the schema has no such event: then rules and schema do not belong together.
  init?(_ event: LedgerEvent, extrinsicIndex: UInt32?) {
    do throws(WireError) {
      encoded = try WireCodec.encode(event.message, as: .event)
    } catch {
      return nil
    }
    self.event = event
    self.extrinsicIndex = extrinsicIndex
  }
}

/// An extrinsic that is in a block, and what became of it.
package struct ExecutedExtrinsic: Sendable {
  package let candidate: Candidate
  /// Nil for success.
  package let error: LedgerError?
  package let fee: Rao
  /// Places of its events in the block; empty when there are none.
  package let events: Range<Int>

  package var extrinsic: Extrinsic { candidate.extrinsic }
  /// The encoded `SignedExtrinsic`.
  package var encoded: [UInt8] { candidate.encoded }
}

/// What the rules make of one block on top of a state.
package struct ExecutedBlock: Sendable {
  package let number: BlockNumber
  package let state: LedgerState
  package let stateRoot: StateRoot
  package let extrinsics: [ExecutedExtrinsic]
  package let events: [BlockEvent]
  /// Extrinsics that failed an envelope check and are therefore in no block, with the check.
  package let leftOut: [(id: Hash256, error: LedgerError)]

  /// The header fields that follow from the content.
  package var extrinsicsRoot: Hash256 { BlockRoots.extrinsicsRoot(extrinsics.lazy.map(\.candidate.encoded)) }
  package var eventsRoot: Hash256 { BlockRoots.eventsRoot(events) }
}
