package import Ledger
package import Primitives
import Wire

/// Where an extrinsic ended: its place in a block, and what became of it there.
package struct Inclusion: Hashable, Sendable {
  package let extrinsic: Hash256
  package let block: BlockNumber
  package let blockHash: Hash256
  /// Position in the block.
  package let index: UInt32
  package let isSuccess: Bool
  /// The number of the error; 0 for a success.
  package let errorNumber: UInt16
  /// Where in nested calls the error arose; empty for the outer call.
  package let errorPath: [UInt32]
  package let fee: Rao
  /// What the failed check looked at and when to try again, where the chain still knows; nil for a success.
  package let refusal: ChainRefusal?
  /// `Event` messages: each one group entry, named as the event.
  package let events: [Fields]

  /// The ledger's error; nil for a success, and for an error that this program does not know.
  package var code: LedgerErrorCode? { isSuccess ? nil : LedgerErrorCode(rawValue: errorNumber) }

  /// Why it failed, in the ledger's words.
  package var reason: String {
    guard !isSuccess else { return "it did not fail" }
    if let refusal { return refusal.description }
    guard let code else { return "error \(errorNumber), which this program does not know" }
    return "\(code.name): \(code.meaning); \(code.remedy)"
  }

  /// The fields of the first event of that name (`neuron_registered`); nil when there is none.
  package func event(_ name: String) -> Fields? {
    for event in events {
      if let fields = event.group(name) { return fields }
    }
    return nil
  }

  /// - Returns: Nil while the extrinsic waits in the pool, and when the chain knows no receipt.
  init?(_ fields: Fields) throws(WireError) {
    guard let receipt = fields.group("receipt"), !(try fields.flag("pooled")) else { return nil }
    extrinsic = try receipt.hash("extrinsic_id")
    block = BlockNumber(try receipt.number("block"))
    blockHash = try fields.hash("block_hash")
    index = try receipt.number("index", as: UInt32.self)
    isSuccess = try receipt.flag("ok")
    errorNumber = try receipt.number("code", as: UInt16.self)
    errorPath = try receipt.numbers("path").map { UInt32(truncatingIfNeeded: $0) }
    fee = Rao(try receipt.number("fee"))
    refusal = if let error = fields.group("error") { try ChainRefusal(error) } else { nil }
    var events: [Fields] = []
    for bytes in try fields.byteStrings("events") { events.append(try WireCodec.decode(bytes, as: .event)) }
    self.events = events
  }
}
