package import Ledger
package import Primitives
package import Wire

/// An extrinsic on its way into a block: decoded once, its bytes kept as they came.
///
/// Shared, not copied: pool, block and history all hold the same one.
package final class Candidate: Sendable {
  package let extrinsic: Extrinsic
  /// The encoded `SignedExtrinsic`.
  package let encoded: [UInt8]

  package init(_ extrinsic: Extrinsic, encoded: [UInt8]) {
    self.extrinsic = extrinsic
    self.encoded = encoded
  }

  /// Reads an extrinsic as it was sent; the signature is not verified.
  package convenience init(decoding bytes: [UInt8]) throws(WireError) {
    self.init(try Extrinsic(decoding: bytes), encoded: bytes)
  }
}

/// The pure step from one state to the next: the same for the node that makes a block and the one that replays it.
package struct BlockExecution: Sendable {
  package let chainID: Hash256
  package let host: HostFunctions
  /// Whether the books are closed after every block, at the cost of a walk over the state.
  package var checksInvariants: Bool

  package init(chainID: Hash256, host: HostFunctions = .chain, checksInvariants: Bool = BlockExecution.isDebugBuild) {
    self.chainID = chainID
    self.host = host
    self.checksInvariants = checksInvariants
  }

  #if DEBUG
    package static let isDebugBuild = true
  #else
    package static let isDebugBuild = false
  #endif

  /// Runs the next block.
  ///
  /// - Parameters:
  ///   - candidates: Signatures verified, nonces ascending per signer.
  ///   - state: After the parent block; `root` is its root.
  /// - Throws: `.invariantBroken` only; whatever stands in an extrinsic makes a failed receipt or is left out.
  package func run(
    _ candidates: [Candidate], on state: LedgerState, root: StateRoot
  ) throws(ChainNodeError) -> ExecutedBlock {
    var state = state
    var events: [BlockEvent] = []
    let step = state.beginBlock(with: host)
    let number = state.block
    try add(step, by: nil, to: &events, in: number)
    var executed: [ExecutedExtrinsic] = []
    var leftOut: [(id: Hash256, error: LedgerError)] = []
    for candidate in candidates {
      let body = candidate.extrinsic.body
      do throws(LedgerError) {
        try state.checkEnvelope(body, size: candidate.encoded.count, chainID: chainID, in: number)
      } catch {
        leftOut.append((candidate.extrinsic.id, error))
        continue
      }
      let outcome = state.execute(body, with: host)
      let first = events.count
      try add(outcome.events, by: UInt32(executed.count), to: &events, in: number)
      executed.append(
        ExecutedExtrinsic(
          extrinsic: candidate.extrinsic, encoded: candidate.encoded, callName: callName(of: body),
          error: outcome.error, fee: Rao(outcome.fee), events: first..<events.count))
    }
    if checksInvariants, let broken = state.brokenInvariant() {
      throw .invariantBroken(broken, height: number)
    }
    var root = root
    root.update(from: &state)
    return ExecutedBlock(
      number: number, state: state, stateRoot: root, extrinsics: executed, events: events, leftOut: leftOut)
  }

  private func add(
    _ new: [LedgerEvent], by index: UInt32?, to events: inout [BlockEvent], in number: BlockNumber
  ) throws(ChainNodeError) {
    for event in new {
      guard let coded = BlockEvent(event, extrinsicIndex: index) else {
        throw .invariantBroken("the schema has no event \(event.name) with these fields", height: number)
      }
      events.append(coded)
    }
  }

  private func callName(of body: ExtrinsicBody) -> String {
    guard let name = host.decodeCall(body.call)?.entries.first?.name else { return "" }
    return CallTable.type(named: name)?.descriptor.name ?? name
  }
}
