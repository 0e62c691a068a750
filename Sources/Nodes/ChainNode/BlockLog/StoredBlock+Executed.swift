import JSONText
import Daemon
import Ledger
import Primitives
package import Storage
import Wire

extension StoredBlock {
  /// The rows of a block: its bytes, and its history in words.
  package init(_ block: KeptBlock) {
    guard let sealed = block.sealed else { preconditionFailure("genesis is not stored") }
    self.init(
      height: block.number, hash: block.hash, parent: sealed.header.parent,
      timestampMilliseconds: sealed.header.timestampMilliseconds, stateRoot: sealed.header.stateRoot,
      header: sealed.headerBytes, body: block.encoded, extrinsics: block.executed.extrinsics.map(\.stored),
      events: block.executed.events.map(\.stored))
  }
}

extension ExecutedExtrinsic {
  fileprivate var stored: StoredExtrinsic {
    StoredExtrinsic(
      id: candidate.extrinsic.id, signer: candidate.extrinsic.body.signer, nonce: candidate.extrinsic.body.nonce,
      call: candidate.call.name,
      failure: error.map { StoredExtrinsic.Failure(code: UInt32($0.code.rawValue), name: $0.code.name) }, fee: fee)
  }
}

extension BlockEvent {
  fileprivate var stored: StoredEvent {
    StoredEvent(
      extrinsicIndex: extrinsicIndex, name: event.name, netuid: event.netuid, json: event.fields.jsonText,
      encoded: encoded)
  }
}
